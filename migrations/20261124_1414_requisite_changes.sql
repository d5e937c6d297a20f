-- A new bank account of an organisation takes no money until a second person has confirmed it.
create table requisite_change (
  organisation_id uuid not null constraint requisite_change_org references organisation,
  change_id uuid not null,
  bik text not null,
  bank_account text not null,
  bank_name text,
  correspondent_account text,
  state text not null
    constraint requisite_change_state check (state in ('pending', 'confirmed', 'refused', 'withdrawn')),
  asked_by uuid not null,
  asked_at timestamptz not null,
  decided_by uuid,
  decided_at timestamptz,
  reason text,
  constraint requisite_change_pk primary key (organisation_id, change_id),
  constraint requisite_change_decided check ((state = 'pending') = (decided_at is null)),
  -- Who asks never confirms.
  constraint requisite_change_second check (state <> 'confirmed' or decided_by <> asked_by)
);
create unique index requisite_change_once on requisite_change (organisation_id, bik, bank_account) where state = 'pending';
create index requisite_change_pending on requisite_change (change_id) where state = 'pending';

-- When the accounts were last changed, beside the first of them: payers are told for a while.
alter table organisation add column requisites_changed_at timestamptz;
