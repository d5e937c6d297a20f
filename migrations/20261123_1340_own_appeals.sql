-- The zone of the appeal's place: its days are shown and searched by that clock.
alter table own_appeal add column zone text not null default 'Europe/Moscow';
alter table own_appeal alter column zone drop default;
-- How many wait to be opened: asked by the home page.
create index own_appeal_unread on own_appeal (person_id) where unread;
