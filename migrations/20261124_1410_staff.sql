-- Five roles, and why somebody works for an organisation: the identity provider says so, or its head does.
alter table employee
  drop constraint employee_role,
  add constraint employee_role check (role in ('head', 'clerk', 'accountant', 'dispatcher', 'viewer')),
  -- What the provider said at the person's last sign-in; null: nothing.
  add column claimed_role text constraint employee_claimed check (claimed_role in ('head', 'clerk')),
  -- What the organisation's head or the administrator said; stands above a claim of a clerk, below a claim of a head.
  add column given_role text constraint employee_given check (given_role in ('head', 'clerk', 'accountant', 'dispatcher', 'viewer')),
  -- The last day that was given with it.
  add column given_until date,
  -- Came by an invitation: the provider, which has never named the person, cannot end it.
  add column invited boolean not null default false,
  add column dismissed_at timestamptz,
  add column dismissed_by uuid,
  add column dismissal text,
  -- Limited to the houses of employee_house; a limited employee without any sees none.
  add column limited boolean not null default false;

update employee set claimed_role = role;

create table employee_house (
  organisation_id uuid not null,
  employee_id uuid not null,
  house_id uuid not null,
  constraint employee_house_pk primary key (organisation_id, employee_id, house_id),
  constraint employee_house_employee foreign key (organisation_id, employee_id) references employee
);

create table invitation (
  organisation_id uuid not null constraint invitation_org references organisation,
  invitation_id uuid not null,
  -- Of the link that was sent last; an earlier one is good no more.
  secret_hash bytea not null,
  email text not null,
  family_name text not null,
  given_name text not null,
  role text not null constraint invitation_role check (role in ('head', 'clerk', 'accountant', 'dispatcher', 'viewer')),
  -- The last day of the employment that is offered.
  given_until date,
  limited boolean not null default false,
  invited_by uuid not null,
  invited_at timestamptz not null,
  sent_at timestamptz not null,
  sent_times integer not null default 1,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  accepted_at timestamptz,
  accepted_by uuid,
  constraint invitation_pk primary key (organisation_id, invitation_id)
);
create index invitation_open on invitation (organisation_id, invitation_id) where accepted_at is null and revoked_at is null;

create table invitation_house (
  organisation_id uuid not null,
  invitation_id uuid not null,
  house_id uuid not null,
  constraint invitation_house_pk primary key (organisation_id, invitation_id, house_id),
  constraint invitation_house_invitation foreign key (organisation_id, invitation_id) references invitation
);

-- Organisations that the provider named at the person's last sign-in; those without a card here may be registered.
create table organisation_claim (
  person_id uuid not null constraint organisation_claim_person references person,
  ogrn text not null,
  role text not null constraint organisation_claim_role check (role in ('head', 'clerk')),
  claimed_at timestamptz not null,
  constraint organisation_claim_pk primary key (person_id, ogrn)
);
