-- An applied upload may be taken back whole: what it wrote, who asked for it and why, what depends on it.
alter table upload drop constraint upload_state;
alter table upload add constraint upload_state check (state in
  ('stored', 'reading', 'needs_mapping', 'checked', 'applying', 'applied', 'undone', 'refused', 'failed', 'cancelled'));
-- What it found before it wrote is kept (upload_change). Uploads from before this table cannot be taken back, where their kind needs it.
alter table upload add column traced boolean not null default false;

-- Organisation-keyed: taking back an upload. One row an upload: the last look at it, and the decision.
create table upload_undo (
  organisation_id uuid not null,
  upload_id uuid not null,
  state text not null constraint upload_undo_state check (state in ('looking', 'looked', 'undoing', 'done')),
  -- What would change, or has changed: whole numbers by name.
  figures jsonb not null default '{}',
  -- How many things depend on it: it can be taken back only when nothing does.
  dependents integer not null default 0,
  -- Houses to go through, and those gone through.
  houses_total integer not null default 0,
  houses_done integer not null default 0,
  attempts integer not null default 0,
  problem text,
  asked_by uuid not null,
  asked_at timestamptz not null,
  looked_at timestamptz,
  reason text constraint upload_undo_reason check (length(reason) between 3 and 500),
  decided_by uuid,
  decided_at timestamptz,
  done_at timestamptz,
  changed_at timestamptz not null,
  constraint upload_undo_pk primary key (organisation_id, upload_id),
  constraint upload_undo_upload foreign key (organisation_id, upload_id) references upload,
  constraint upload_undo_decided check (state in ('looking', 'looked') or (reason is not null and decided_by is not null)),
  constraint upload_undo_done check ((state = 'done') = (done_at is not null))
);
create index upload_undo_running on upload_undo (changed_at) where state in ('looking', 'undoing');

-- What depends on an upload, as the last look found it.
create table upload_dependent (
  organisation_id uuid not null,
  upload_id uuid not null,
  position integer not null,
  kind text not null,
  title text not null,
  what text not null,
  house_id uuid,
  account_id uuid,
  document_id uuid,
  other_upload_id uuid,
  constraint upload_dependent_pk primary key (organisation_id, upload_id, position)
);

-- A row that an upload made (before is null) or changed, with what stood in the columns that it changed.
create table upload_change (
  organisation_id uuid not null,
  upload_id uuid not null,
  -- Null for the card of the organisation itself.
  house_id uuid,
  entity text not null constraint upload_change_entity
    check (entity in ('house', 'premises', 'room', 'entrance', 'lift', 'account', 'meter', 'organisation')),
  entity_id uuid not null,
  before jsonb,
  after jsonb not null,
  constraint upload_change_pk primary key (organisation_id, upload_id, entity, entity_id)
);
create index upload_change_house on upload_change (organisation_id, upload_id, house_id);
-- What else has changed the same thing since.
create index upload_change_thing on upload_change (organisation_id, entity_id);

-- A document that stands again after a correction was taken back: the same content as the version that it names.
alter table payment_document
  add column restores_id uuid,
  -- Withdrawn with the whole upload that brought it.
  add column undone boolean not null default false;

-- Person-keyed: when a person first opened a payment document. Whoever has seen a wrong one is told when it is taken back.
create table bill_view (
  person_id uuid not null constraint bill_view_person references person,
  document_id uuid not null,
  house_id uuid not null,
  first_at timestamptz not null,
  constraint bill_view_pk primary key (person_id, document_id)
);
