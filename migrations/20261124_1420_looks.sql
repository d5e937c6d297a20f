-- Who looked at people's data, for these people to read. The journal (audit_event) belongs to whoever acted and keeps everything; here is
-- what a person may ask of it, by whose data it was, folded by day, written in the transaction of the event.

-- Looks at data of a person who is known: the author of an appeal, of a claim, of a reading.
create table person_look (
  person_id uuid not null,
  -- Of the first look of the day: sorts by time.
  look_id uuid not null,
  -- By the calendar of Moscow.
  day date not null,
  viewer_id uuid not null,
  -- As they were then: people marry, leave, and are forgotten.
  viewer_name text not null,
  viewer_role text not null,
  organisation_id uuid,
  -- What was looked at, for folding and in words.
  thing_id uuid not null,
  what text not null constraint person_look_what check (length(what) between 1 and 300),
  -- Names and contacts were hidden.
  masked boolean not null,
  purpose text not null default '' constraint person_look_purpose check (length(purpose) <= 300),
  first_at timestamptz not null,
  last_at timestamptz not null,
  times integer not null default 1,
  constraint person_look_pk primary key (person_id, look_id)
);
create unique index person_look_once
  on person_look (person_id, day, viewer_id, organisation_id, thing_id, what, masked, purpose) nulls not distinct;
create index person_look_day on person_look (day);

-- Looks at an account, at premises, at a house's list: whoever has connected an account there reads them.
create table home_look (
  house_id uuid not null,
  look_id uuid not null,
  -- The account, the premises, or the house itself.
  about_id uuid not null,
  -- Of a list that holds the accounts of one organisation alone; null: of whatever is there.
  provider_id uuid,
  day date not null,
  viewer_id uuid not null,
  viewer_name text not null,
  viewer_role text not null,
  organisation_id uuid,
  thing_id uuid not null,
  what text not null constraint home_look_what check (length(what) between 1 and 300),
  masked boolean not null,
  purpose text not null default '' constraint home_look_purpose check (length(purpose) <= 300),
  first_at timestamptz not null,
  last_at timestamptz not null,
  times integer not null default 1,
  constraint home_look_pk primary key (house_id, look_id)
);
create unique index home_look_once
  on home_look (house_id, about_id, day, viewer_id, organisation_id, provider_id, thing_id, what, masked, purpose) nulls not distinct;
create index home_look_about on home_look (house_id, about_id, look_id desc);
create index home_look_day on home_look (day);

-- What an employee has asked to see in full, for what, and until when: of one session and one record.
create table disclosure (
  person_id uuid not null,
  session_id uuid not null,
  record text not null constraint disclosure_record check (length(record) <= 200),
  purpose text not null constraint disclosure_purpose check (length(purpose) between 1 and 300),
  at timestamptz not null,
  until timestamptz not null,
  constraint disclosure_pk primary key (person_id, session_id, record)
);
create index disclosure_until on disclosure (until);

-- Since when the account is the person's: what was looked at before is not theirs to know.
alter table account_link add column connected_at timestamptz;
update account_link set connected_at = changed_at where state = 'connected';
