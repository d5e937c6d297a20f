-- The second and third tariffs are empty on devices of one: null and false is false, so the former check refused each of them.
alter table reading drop constraint reading_t3;
alter table reading add constraint reading_t3 check (t3 is null or (t3 >= 0 and t2 is not null));
