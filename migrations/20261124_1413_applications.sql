-- Look-up: what a head asks to be registered. It becomes an organisation when the administrator approves it; until then nothing of it is
-- anywhere else. A refused one stays as it was: the correction is a new row.
create table organisation_application (
  application_id uuid not null constraint organisation_application_pk primary key,
  person_id uuid not null,
  ogrn text not null,
  kpp text not null,
  -- The card as the form gave it, and the powers that are asked for.
  card jsonb not null,
  powers jsonb not null,
  state text not null constraint organisation_application_state check (state in ('open', 'approved', 'refused')),
  sent_at timestamptz not null,
  decided_at timestamptz,
  decided_by uuid,
  reason text,
  organisation_id uuid,
  constraint organisation_application_decided check ((state = 'open') = (decided_at is null) and (state = 'open') = (reason is null))
);
create unique index organisation_application_once on organisation_application (ogrn, kpp) where state = 'open';
create index organisation_application_queue on organisation_application (sent_at, application_id) where state = 'open';
create index organisation_application_decided_at on organisation_application (decided_at desc, application_id desc) where state <> 'open';
create index organisation_application_person on organisation_application (person_id, application_id);
create index organisation_application_ogrn on organisation_application (ogrn, application_id);
