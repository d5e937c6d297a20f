-- Sharing: the owner of a connected account lets somebody see it, send its readings or pay for it. The helper's link is of a state of its
-- own, so that whatever asks for state 'connected' leaves it out; what a helper may do asks for the right by name.
alter table account_link
  drop constraint account_link_state,
  add constraint account_link_state
    check (state in ('connected', 'pending', 'refused', 'removed', 'shared', 'suspended')),
  drop constraint account_link_proof,
  add constraint account_link_proof check (proof in ('payer', 'bill_sum', 'code', 'claim', 'share')),
  -- Of a helper's link: whose account it is, by which share, and what for.
  add column share_id uuid,
  add column owner_id uuid,
  add column owner_name text,
  add column rights text[],
  -- The last day, and the moment it is over at the house; null: until it is revoked.
  add column until date,
  add column ends_at timestamptz,
  -- Of a suspended link: the last month whose bills were addressed to its person.
  add column seen_through date,
  add constraint account_link_shared
    check (state <> 'shared' or (proof = 'share' and share_id is not null and owner_id is not null and rights is not null)),
  add constraint account_link_suspended check (state <> 'suspended' or seen_through is not null);

create unique index account_link_shared_once on account_link (person_id, house_id, account_id) where state = 'shared';
create index account_link_shared_account on account_link (house_id, account_id) where state in ('shared', 'suspended');
create index account_link_shared_ends on account_link (ends_at) where state = 'shared' and ends_at is not null;

create table account_share (
  person_id uuid not null,
  share_id uuid not null,
  link_id uuid not null,
  house_id uuid not null,
  account_id uuid not null,
  -- How the owner names the helper, before it is known who accepts.
  invited_as text not null,
  email text,
  rights text[] not null constraint account_share_rights
    check (rights <@ array['see', 'readings', 'pay'] and 'see' = any(rights)),
  until date,
  ends_at timestamptz,
  state text not null constraint account_share_state
    check (state in ('invited', 'accepted', 'revoked', 'declined', 'ended')),
  created_at timestamptz not null,
  -- Of the invitation, not of the share.
  expires_at timestamptz not null,
  helper_id uuid,
  helper_name text,
  helper_link_id uuid,
  accepted_at timestamptz,
  ended_at timestamptz,
  constraint account_share_pk primary key (person_id, share_id),
  constraint account_share_link foreign key (person_id, link_id) references account_link,
  constraint account_share_helper check ((accepted_at is null) = (helper_id is null))
);
create index account_share_of_link on account_share (person_id, link_id);
create index account_share_invited on account_share (expires_at) where state = 'invited';

-- Look-up: whose invitation a one-time code is. Gone once it was used.
create table share_code (
  code_hash bytea not null constraint share_code_pk primary key,
  person_id uuid not null,
  share_id uuid not null,
  expires_at timestamptz not null
);
create index share_code_share on share_code (person_id, share_id);

-- What a helper did with the account: the owner reads it. Repeats of a day are one line.
create table share_use (
  person_id uuid not null,
  share_id uuid not null,
  day date not null,
  kind text not null constraint share_use_kind check (kind in ('bill', 'bills', 'reading', 'payment')),
  thing_id uuid not null,
  what text not null,
  times integer not null default 1,
  first_at timestamptz not null,
  last_at timestamptz not null,
  constraint share_use_pk primary key (person_id, share_id, day, kind, thing_id),
  constraint share_use_share foreign key (person_id, share_id) references account_share
);
