-- Everything that a person gave of their devices, for their own archive.
create index reading_person on reading (house_id, person_id, reading_id) where person_id is not null;
