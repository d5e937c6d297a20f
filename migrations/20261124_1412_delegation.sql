-- One organisation lets another, a settlement centre, do some of its work: from a day until a day, or until it is revoked.
create table delegation (
  organisation_id uuid not null constraint delegation_org references organisation,
  delegation_id uuid not null,
  centre_id uuid not null constraint delegation_centre references organisation,
  works text[] not null
    constraint delegation_works check (works <@ array['accounts', 'bills', 'readings', 'claims'] and cardinality(works) > 0),
  valid_from date not null,
  -- The last day.
  valid_to date not null,
  given_by uuid not null,
  given_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by uuid,
  revocation text,
  constraint delegation_pk primary key (organisation_id, delegation_id),
  constraint delegation_days check (valid_to >= valid_from),
  constraint delegation_other check (centre_id <> organisation_id)
);
create index delegation_of_centre on delegation (centre_id, organisation_id);

-- Set while the person, acting for a settlement centre, does the work of another organisation.
alter table session add column acting_for_id uuid;
