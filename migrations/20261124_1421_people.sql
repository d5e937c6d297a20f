-- Where a person is signed in, from what devices, and what they asked to be done with their data. All person-keyed.

alter table session
  -- The network of the address, cut to /24 or /48: enough to be recognised by the person, not enough to find a home by.
  add column network text not null default '',
  add column device_id uuid;

-- Browsers that the person has signed in from. Known by a cookie that outlives sessions; its hash alone is kept.
create table device (
  person_id uuid not null constraint device_person references person,
  device_id uuid not null,
  secret_hash bytea not null,
  user_agent text not null,
  network text not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  -- «Это не я»: the secret of the letter's link, while it may be used.
  alarm_hash bytea,
  alarm_until timestamptz,
  constraint device_pk primary key (person_id, device_id),
  constraint device_alarm check ((alarm_hash is null) = (alarm_until is null))
);
create unique index device_secret on device (person_id, secret_hash);
create index device_last on device (last_at);

-- A consent taken back. Acceptances are never changed: an acceptance counts when no later withdrawal of its kind and capacity is there.
create table consent_withdrawal (
  person_id uuid not null constraint consent_withdrawal_person references person,
  withdrawal_id uuid not null,
  kind text not null,
  organisation_id uuid,
  withdrawn_at timestamptz not null,
  -- Until when the person may change their mind; then what no law keeps is deleted (152-ФЗ, ст. 21 ч. 5). Null: no deletion follows.
  erase_at timestamptz,
  constraint consent_withdrawal_pk primary key (person_id, withdrawal_id)
);
create index consent_withdrawal_erase on consent_withdrawal (erase_at) where erase_at is not null;

-- An archive of everything about the person, made by a job.
create table data_export (
  person_id uuid not null constraint data_export_person references person,
  export_id uuid not null,
  state text not null constraint data_export_state check (state in ('ordered', 'running', 'ready', 'failed', 'gone')),
  -- Parts that are done, of how many.
  done integer not null default 0,
  parts integer not null,
  attempts integer not null default 0,
  file_id uuid,
  size_bytes bigint,
  ordered_at timestamptz not null,
  changed_at timestamptz not null,
  -- Until when it may be taken.
  until timestamptz,
  constraint data_export_pk primary key (person_id, export_id),
  constraint data_export_ready check ((state = 'ready') = (file_id is not null and until is not null))
);
create unique index data_export_one on data_export (person_id) where state in ('ordered', 'running');
create index data_export_until on data_export (until) where state = 'ready';

-- Deletion of a person's data under way or done: what is left of them is this row and what the law keeps.
create table erasure (
  person_id uuid not null constraint erasure_pk primary key constraint erasure_person references person,
  cause text not null constraint erasure_cause check (cause in ('asked', 'consent_withdrawn')),
  asked_at timestamptz not null,
  -- Parts that are done already: a repeat goes on after them.
  done text[] not null default '{}',
  finished_at timestamptz
);
create index erasure_unfinished on erasure (asked_at) where finished_at is null;

alter table person drop constraint person_kind;
-- 'erased': a name that nobody bears any more, for rows that must stay to point at.
alter table person add constraint person_kind check (kind in ('citizen', 'guest', 'erased'));
