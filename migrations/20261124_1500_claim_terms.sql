-- Terms of claims are watched: the organisation is reminded once before the last day, and once after it.
alter table connection_claim
  add column reminded_at timestamptz,
  add column overdue_at timestamptz;
create index connection_claim_watched on connection_claim (due_on) where state = 'open' and overdue_at is null;

-- Letters with one-time codes that were made together. The codes are nowhere: each is derived from the batch, the account and the
-- installation's key whenever the letters are printed.
create table letter_batch (
  organisation_id uuid not null constraint letter_batch_org references organisation,
  batch_id uuid not null,
  house_id uuid not null,
  -- One account; null: every open account of the organisation in the house.
  account_id uuid,
  -- In words: the people of the accounts read it whenever the letters are printed.
  purpose text not null,
  made_by uuid not null,
  ordered_at timestamptz not null,
  changed_at timestamptz not null,
  -- Of every code of the batch.
  expires_at timestamptz not null,
  state text not null constraint letter_batch_state check (state in ('making', 'ready')),
  -- How many letters there will be, and how many have their code.
  letters integer not null,
  made integer not null default 0,
  -- The number of the last account that has its code: where a job that was killed goes on.
  last_number text not null default '',
  constraint letter_batch_pk primary key (organisation_id, batch_id)
);
-- Two at once would end each other's codes.
create unique index letter_batch_making on letter_batch (organisation_id, house_id) where state = 'making';
create index letter_batch_of_house on letter_batch (organisation_id, house_id, batch_id);

alter table account_code add column batch_id uuid;
create index account_code_batch on account_code (house_id, batch_id) where batch_id is not null;
