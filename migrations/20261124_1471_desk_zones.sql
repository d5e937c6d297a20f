-- The zone of the appeal's place: whether a term has passed is asked by that clock, as the mark of it is set.
alter table desk_appeal add column zone text not null default 'Europe/Moscow';
alter table desk_appeal alter column zone drop default;
update desk_appeal desk set zone = appeal.zone
from appeal
where appeal.house_id = desk.house_id and appeal.appeal_id = desk.appeal_id and appeal.zone <> 'Europe/Moscow';
