-- The inspectorate's desk. What it has asked of organisations is a row of its own: «asked», beside the «request» of whom it asks.
alter table desk_appeal drop constraint desk_appeal_kind;
alter table desk_appeal
  add constraint desk_appeal_kind check (kind in ('appeal', 'request', 'territory', 'asked'));

-- Who answers an appeal of the territory: one row for each addressee, so that an inspectorate finds all of one organisation.
create table desk_addressee (
  organisation_id uuid not null,
  addressee_id uuid not null,
  desk_id uuid not null,
  received_at timestamptz not null,
  constraint desk_addressee_pk primary key (organisation_id, addressee_id, desk_id),
  constraint desk_addressee_desk foreign key (organisation_id, desk_id) references desk_appeal on delete cascade
);
create index desk_addressee_received on desk_addressee (organisation_id, addressee_id, received_at desc, desk_id desc);
create index desk_addressee_desk_fk on desk_addressee (organisation_id, desk_id);

-- What an inspectorate looks for among a million rows is rare.
create index desk_appeal_overdue on desk_appeal (organisation_id, kind, received_at desc, desk_id desc) where overdue;
create index desk_appeal_escalated on desk_appeal (organisation_id, kind, received_at desc, desk_id desc) where escalated;
create index desk_appeal_reopened on desk_appeal (organisation_id, kind, received_at desc, desk_id desc) where reopened;
create index desk_appeal_open on desk_appeal (organisation_id, kind, received_at desc, desk_id desc) where is_open;

-- Roll-up of a territory by month of receipt and topic, made by a job: of all its appeals, and of each addressee's. An appeal of two
-- addressees counts with both of them and once in the whole.
create table territory_statistics (
  organisation_id uuid not null constraint territory_statistics_org references organisation,
  scope text not null constraint territory_statistics_scope check (scope in ('all', 'addressee')),
  -- The addressee; of the whole the inspectorate itself.
  addressee_id uuid not null,
  month text not null,
  topic_code text not null,
  received integer not null,
  open integer not null,
  executed integer not null,
  -- Of the executed: those that had a term, and those that kept it.
  termed integer not null,
  in_term integer not null,
  overdue integer not null,
  unsatisfied integer not null,
  constraint territory_statistics_pk primary key (organisation_id, scope, addressee_id, month, topic_code)
);
