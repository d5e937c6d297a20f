-- A letter is one description: its text is written down when it is made, its HTML is drawn from the description when it goes out.
-- Letters from before have their text alone.
alter table mail_message
  add column kind text not null default 'letter',
  add column content jsonb;
create index mail_message_unsent on mail_message (created_at) where sent_at is null;
create index mail_message_refused_at on mail_message (refused_at) where refused_at is not null;

-- Look-up: addresses (in small letters) whose mail server says that there is no such mailbox. A letter that arrives takes it off.
create table refused_address (
  address text not null constraint refused_address_pk primary key,
  refused_at timestamptz not null,
  refusal text not null
);

-- Person-keyed: one notice of a kind about a thing, once. Channels that it went by have rows of their own.
create table notice (
  person_id uuid not null constraint notice_person references person,
  notice_id uuid not null,
  kind text not null,
  -- What it is about, such as the payment or the month of a house.
  object text not null constraint notice_object check (length(object) <= 300),
  mail_id uuid,
  created_at timestamptz not null,
  constraint notice_pk primary key (person_id, notice_id),
  constraint notice_once unique (person_id, kind, object)
);
create index notice_created on notice (created_at);

-- Person-keyed: which notices are wanted by which channel; a row only when it was chosen.
create table notice_choice (
  person_id uuid not null constraint notice_choice_person references person,
  kind text not null,
  channel text not null constraint notice_choice_channel check (channel in ('email', 'push')),
  wanted boolean not null,
  changed_at timestamptz not null,
  constraint notice_choice_pk primary key (person_id, kind, channel)
);

-- Person-keyed: an address of one's own for notices, proved by a letter, in place of the one that the identity provider names.
create table notice_address (
  person_id uuid not null constraint notice_address_pk primary key constraint notice_address_person references person,
  address text not null,
  confirmed_at timestamptz not null
);
-- One address under proof a person. Letters to addresses that nobody has proved are few a day: they may be a stranger's.
create table notice_address_proof (
  person_id uuid not null constraint notice_address_proof_pk primary key constraint notice_address_proof_person references person,
  address text not null,
  secret_hash bytea not null,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- Letters since `counted_from`, for the limit of a day.
  asked_times integer not null,
  counted_from timestamptz not null
);

-- Look-up: the pair of keys by which push services know this installation, where the settings name none.
create table push_key (
  name text not null constraint push_key_pk primary key,
  public_key text not null,
  sealed_private bytea not null,
  created_at timestamptz not null
);

create table push_device (
  person_id uuid not null constraint push_device_person references person,
  device_id uuid not null,
  endpoint text not null constraint push_device_endpoint check (length(endpoint) <= 2000),
  p256dh text not null,
  auth text not null,
  -- The installation's public key that the browser was given: by another one nothing can be sent there.
  server_key text not null,
  label text not null,
  created_at timestamptz not null,
  reached_at timestamptz,
  constraint push_device_pk primary key (person_id, device_id)
);

-- Look-up: whose a browser's subscription is. Whoever turns it on last at a shared browser has it alone.
create table push_endpoint (
  endpoint_hash bytea not null constraint push_endpoint_pk primary key,
  person_id uuid not null,
  device_id uuid not null
);

create table push_message (
  person_id uuid not null constraint push_message_person references person,
  push_id uuid not null,
  notice_id uuid not null,
  device_id uuid not null,
  kind text not null,
  title text not null,
  body text not null,
  path text not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  attempts integer not null default 0,
  refused_at timestamptz,
  refusal text constraint push_message_refusal check (length(refusal) <= 1000),
  constraint push_message_pk primary key (person_id, push_id),
  constraint push_message_once unique (person_id, notice_id, device_id)
);
create index push_message_created on push_message (created_at);
