-- Reminders of meters are notices like all others: what was chosen and what was sent goes along.
insert into notice_choice (person_id, kind, channel, wanted, changed_at)
  select person_id, case kind when 'organisation' then 'readings_asked' else kind end, 'email', wanted, changed_at from reminder_choice;
insert into notice (person_id, notice_id, kind, object, created_at)
  select person_id, gen_random_uuid(),
    case kind when 'organisation' then 'readings_asked' when 'declined' then 'reading_declined' else kind end, subject, sent_at
  from reminder_sent;
drop table reminder_choice;
drop table reminder_sent;
