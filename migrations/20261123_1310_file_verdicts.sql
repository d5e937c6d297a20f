-- What became of a file that a person attached. 'none': files of other parts (tables of organisations, pictures of dials), which have rules of their own.
alter table stored_file
  add column verdict text not null default 'none'
    constraint stored_file_verdict_known check (verdict in ('none', 'waiting', 'clean', 'unscanned', 'unreadable', 'infected')),
  add column judged_at timestamptz,
  -- The name of what the scanner found.
  add column threat text,
  -- The copy that others see, drawn anew; null: they see the file itself.
  add column shown_id uuid,
  -- Why a waiting file is not judged yet, and how often that was tried.
  add column tries integer not null default 0,
  add column problem text,
  add constraint stored_file_judged check ((judged_at is null) = (verdict in ('none', 'waiting'))),
  add constraint stored_file_threat check ((threat is null) = (verdict <> 'infected')),
  add constraint stored_file_shown check (shown_id is null or verdict in ('clean', 'unscanned'));
create index stored_file_waiting on stored_file (created_at) where verdict = 'waiting';

-- What the last trial of a scanner of viruses showed; the processes share it. No problem: its word counts.
create table file_scanner (
  address text not null constraint file_scanner_pk primary key,
  tried_at timestamptz not null,
  problem text
);
