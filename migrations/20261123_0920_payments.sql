-- Person-keyed tables of paying: an order, its parts, the bank's payments and what happened to them.
create table payment_order (
  person_id uuid not null constraint payment_order_person references person,
  order_id uuid not null,
  total bigint not null constraint payment_order_total check (total > 0),
  -- 'split': one payment with transfers; 'steps': one payment after another.
  mode text not null constraint payment_order_mode check (mode in ('split', 'steps')),
  created_at timestamptz not null,
  constraint payment_order_pk primary key (person_id, order_id)
);
create index payment_order_created on payment_order (person_id, created_at desc);

create table payment (
  person_id uuid not null,
  payment_id uuid not null,
  order_id uuid not null,
  position integer not null,
  shop_id text not null,
  amount bigint not null constraint payment_amount check (amount > 0),
  state text not null constraint payment_state
    check (state in ('new', 'creating', 'awaiting_payer', 'succeeded', 'declined', 'abandoned', 'needs_person')),
  idempotence_key text not null,
  -- Until when the acquirer repeats the answer for this key.
  key_expires_at timestamptz not null,
  external_id text,
  confirmation_url text,
  refusal text,
  checks integer not null default 0,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  constraint payment_pk primary key (person_id, payment_id),
  constraint payment_order_fk foreign key (person_id, order_id) references payment_order
);
create index payment_order_fk_index on payment (person_id, order_id);

create table payment_part (
  person_id uuid not null,
  part_id uuid not null,
  order_id uuid not null,
  payment_id uuid not null,
  position integer not null,
  house_id uuid not null,
  account_id uuid not null,
  requisite_id uuid not null constraint payment_part_requisite references requisite,
  recipient_id uuid not null constraint payment_part_recipient references organisation,
  period date,
  amount bigint not null constraint payment_part_amount check (amount > 0),
  -- Set in the transaction of the house that put the money on the account.
  posted_at timestamptz,
  constraint payment_part_pk primary key (person_id, part_id),
  constraint payment_part_payment foreign key (person_id, payment_id) references payment
);
create index payment_part_payment_fk on payment_part (person_id, payment_id);

create table payment_event (
  person_id uuid not null,
  event_id uuid not null,
  payment_id uuid not null,
  at timestamptz not null,
  from_state text not null,
  to_state text not null,
  source text not null,
  details jsonb not null default '{}',
  constraint payment_event_pk primary key (person_id, event_id),
  constraint payment_event_payment foreign key (person_id, payment_id) references payment
);
create index payment_event_payment_fk on payment_event (person_id, payment_id, at);

-- Look-up: whose payment the acquirer speaks of.
create table external_payment (
  shop_id text not null,
  external_id text not null,
  person_id uuid not null,
  payment_id uuid not null,
  constraint external_payment_pk primary key (shop_id, external_id)
);

-- Organisation-keyed: the shop that takes money for an organisation. The secret is sealed with the installation's key.
create table shop (
  organisation_id uuid not null constraint shop_org references organisation,
  shop_id text not null,
  secret_sealed bytea not null,
  -- 'own': money goes to the organisation itself; 'split': the operator's shop that transfers to the recipients.
  mode text not null constraint shop_mode check (mode in ('own', 'split')),
  active boolean not null,
  constraint shop_pk primary key (organisation_id, shop_id)
);

-- Payments whose fate no program may guess.
create table payment_question (
  organisation_id uuid not null constraint payment_question_org references organisation,
  question_id uuid not null,
  person_id uuid not null,
  payment_id uuid not null,
  reason text not null,
  asked_at timestamptz not null,
  answered_at timestamptz,
  answered_by uuid,
  answer text,
  constraint payment_question_pk primary key (organisation_id, question_id)
);
create unique index payment_question_open on payment_question (organisation_id, payment_id) where answered_at is null;
