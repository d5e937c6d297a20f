-- Look-up: whether the data of this database are demonstration data, and whether they were made to the end. A run that was killed
-- has no end: the next one clears its data and makes them again. A database without a row is never cleared.
create table demo_run (
  demo_key text not null constraint demo_run_pk primary key constraint demo_run_one check (demo_key = 'demo'),
  seed text not null,
  accounts integer not null,
  months integer not null,
  started_at timestamptz not null,
  finished_at timestamptz
);
