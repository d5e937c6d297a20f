-- Person-keyed tables and the look-ups that find a person.
create table person (
  person_id uuid not null constraint person_pk primary key,
  kind text not null constraint person_kind check (kind in ('citizen', 'guest')),
  family_name text not null default '',
  given_name text not null default '',
  middle_name text not null default '',
  birth_date date,
  snils text,
  email text,
  phone text,
  -- A confirmed («подтверждённая») account of the identity provider.
  confirmed boolean not null default false,
  administrator boolean not null default false,
  created_at timestamptz not null,
  signed_in_at timestamptz
);

-- Look-up: who a subject of an issuer is. Never an e-mail.
create table identity (
  issuer text not null,
  subject text not null,
  person_id uuid not null,
  created_at timestamptz not null,
  constraint identity_pk primary key (issuer, subject)
);

create table session (
  person_id uuid not null constraint session_person references person,
  session_id uuid not null,
  secret_hash bytea not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  -- Set while the person acts for an organisation.
  acting_organisation_id uuid,
  user_agent text not null default '',
  id_token text,
  constraint session_pk primary key (person_id, session_id)
);

-- Look-up: a sign-in under way, keyed by its state. Used once.
create table sign_in_attempt (
  state text not null constraint sign_in_attempt_pk primary key,
  nonce text not null,
  code_verifier text not null,
  browser_hash bytea not null,
  return_to text not null,
  created_at timestamptz not null
);

create table acceptance (
  person_id uuid not null constraint acceptance_person references person,
  acceptance_id uuid not null,
  kind text not null,
  version integer not null,
  organisation_id uuid,
  accepted_at timestamptz not null,
  way text not null,
  constraint acceptance_pk primary key (person_id, acceptance_id),
  constraint acceptance_text foreign key (kind, version) references legal_text
);

create table account_link (
  person_id uuid not null constraint account_link_person references person,
  link_id uuid not null,
  house_id uuid not null,
  account_id uuid not null,
  provider_id uuid not null,
  state text not null constraint account_link_state check (state in ('connected', 'pending', 'refused', 'removed')),
  title text not null default '',
  proof text not null constraint account_link_proof check (proof in ('payer', 'bill_sum', 'code', 'claim')),
  claim_id uuid,
  refusal text,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  constraint account_link_pk primary key (person_id, link_id)
);
create unique index account_link_once on account_link (person_id, house_id, account_id) where state in ('connected', 'pending');

create table connect_attempt (
  person_id uuid not null constraint connect_attempt_person references person,
  attempt_id uuid not null,
  attempted_at timestamptz not null,
  outcome text not null,
  constraint connect_attempt_pk primary key (person_id, attempt_id)
);
create index connect_attempt_at on connect_attempt (person_id, attempted_at);

create table audit_event (
  person_id uuid not null,
  event_id uuid not null,
  at timestamptz not null,
  action text not null,
  organisation_id uuid,
  subject_person_id uuid,
  house_id uuid,
  account_id uuid,
  details jsonb not null default '{}',
  constraint audit_event_pk primary key (person_id, event_id)
);
create index audit_event_account on audit_event (house_id, account_id);

create table mail_message (
  person_id uuid not null,
  mail_id uuid not null,
  recipient text not null,
  subject text not null,
  body text not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  constraint mail_message_pk primary key (person_id, mail_id)
);

create index mail_message_created on mail_message (created_at);

-- Look-ups kept by the platform.
create table stored_file (
  file_id uuid not null constraint stored_file_pk primary key,
  name text not null,
  media_type text not null,
  size_bytes bigint not null,
  sha256 bytea not null,
  created_at timestamptz not null
);

create table idempotency_key (
  key text not null constraint idempotency_key_pk primary key,
  request_hash bytea not null,
  result jsonb not null,
  created_at timestamptz not null
);
create index idempotency_key_created on idempotency_key (created_at);
