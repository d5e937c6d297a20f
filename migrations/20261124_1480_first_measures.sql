-- By when an emergency that nobody has taken up needs its first measures: such rows stand first in the queue, and say so.
alter table desk_appeal add column first_due_at timestamptz;
update desk_appeal desk set first_due_at = part.due_at
from appeal_part part
where desk.kind = 'appeal' and desk.is_open and desk.emergency and desk.state = 'received'
  and part.house_id = desk.house_id and part.part_id = desk.desk_id and part.due_at is not null;
create index desk_appeal_urgent on desk_appeal (organisation_id, kind, first_due_at, desk_id)
  where is_open and first_due_at is not null;
