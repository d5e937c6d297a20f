-- Letters in which an organisation asks for readings can be ended too, like every other reminder.
alter table reminder_choice drop constraint reminder_choice_kind;
alter table reminder_choice add constraint reminder_choice_kind
  check (kind in ('readings_before', 'readings_last_day', 'verification', 'organisation'));
