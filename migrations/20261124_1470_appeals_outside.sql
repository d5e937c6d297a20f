-- An appeal whose only receiver is outside the system is over here: nobody in it answers any more. Until now it stayed «sent» for ever.
alter table appeal drop constraint appeal_state;
alter table appeal
  add constraint appeal_state check (state in ('sent', 'in_work', 'executed', 'withdrawn', 'outside'));

update appeal set state = 'outside'
where state in ('sent', 'in_work') and redirected_outside
  and not exists (
    select from appeal_part part
    where part.house_id = appeal.house_id and part.appeal_id = appeal.appeal_id and part.kind = 'appeal' and part.state <> 'redirected');

update own_appeal own set state = 'outside', due_on = null, overdue = false
from appeal where appeal.house_id = own.house_id and appeal.appeal_id = own.appeal_id and appeal.state = 'outside';

update desk_appeal desk set state = 'outside', is_open = false,
  closed_at = (
    select max(part.closed_at) from appeal_part part
    where part.house_id = appeal.house_id and part.appeal_id = appeal.appeal_id and part.kind = 'appeal')
from appeal
where desk.kind = 'territory' and appeal.house_id = desk.house_id and appeal.appeal_id = desk.appeal_id and appeal.state = 'outside';

-- The roll-ups of territories; a month that something happens in is counted anew anyway.
with gone as (
  select organisation_id, to_char(received_at at time zone 'Europe/Moscow', 'YYYY-MM') as month, topic_code, house_id, count(*) as open,
    count(*) filter (where overdue) as overdue
  from desk_appeal where kind = 'territory' and state = 'outside' group by 1, 2, 3, 4
)
update desk_statistics kept set open = greatest(kept.open - gone.open, 0), overdue = greatest(kept.overdue - gone.overdue, 0)
from gone
where kept.kind = 'territory' and kept.organisation_id = gone.organisation_id and kept.month = gone.month
  and kept.topic_code = gone.topic_code and kept.house_id = gone.house_id;

with gone as (
  select organisation_id, to_char(received_at at time zone 'Europe/Moscow', 'YYYY-MM') as month, topic_code, count(*) as open
  from desk_appeal where kind = 'territory' and state = 'outside' group by 1, 2, 3
)
update territory_statistics kept set open = greatest(kept.open - gone.open, 0)
from gone
where kept.scope = 'all' and kept.organisation_id = gone.organisation_id and kept.month = gone.month and kept.topic_code = gone.topic_code;
