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
  -- Whose shop takes the money: the recipient's own, or the operator's that splits.
  shop_owner_id uuid not null constraint payment_shop_owner references organisation,
  shop_id text not null,
  amount bigint not null constraint payment_amount check (amount > 0),
  -- As sent to the acquirer: a repeat under the same key must carry the same bytes.
  description text not null constraint payment_description check (length(description) <= 128),
  state text not null constraint payment_state check (state in
    ('new', 'creating', 'awaiting_payer', 'succeeded', 'declined', 'abandoned', 'needs_person', 'refunded')),
  idempotence_key text not null,
  -- Until when the acquirer repeats the answer for this key; null until the first attempt.
  key_expires_at timestamptz,
  -- One process at a time talks to the acquirer about creating; a killed one loses the lease.
  lease_until timestamptz,
  external_id text,
  confirmation_url text,
  refusal text,
  checks integer not null default 0,
  -- When somebody must look again. The payment cannot be left without it while it is unfinished: see payment_watched.
  next_check_at timestamptz,
  -- When the acquirer took the money, by its own clock.
  paid_at timestamptz,
  -- When we learned that it did.
  succeeded_at timestamptz,
  posted_at timestamptz,
  reversed_at timestamptz,
  -- The payment that was started in place of this failed one.
  replaced_by uuid,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  constraint payment_pk primary key (person_id, payment_id),
  constraint payment_order_fk foreign key (person_id, order_id) references payment_order,
  constraint payment_watched check (next_check_at is not null
    or state in ('declined', 'abandoned', 'needs_person')
    or (state = 'succeeded' and posted_at is not null)
    or (state = 'refunded' and reversed_at is not null)),
  constraint payment_known check (state not in ('awaiting_payer', 'refunded') or external_id is not null)
);
create index payment_order_fk_index on payment (person_id, order_id);
-- What the sweep looks for.
create index payment_next_check on payment (next_check_at) where next_check_at is not null;

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
  -- As the payer saw them: the confirmation stays true when the account or the link to it is gone.
  account_number text not null,
  address text not null,
  -- The recipient's account at the splitting acquirer; null in its own shop.
  transfer_account text,
  -- The month that the payer named.
  period date,
  amount bigint not null constraint payment_part_amount check (amount > 0),
  -- Set after the transaction of the house that put the money on the account: its receipt there.
  posted_at timestamptz,
  receipt_id uuid,
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
  source text not null constraint payment_event_source check (source in ('payer', 'acquirer', 'clock', 'employee')),
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
  -- A shop that takes no new payments keeps its secret: payments under way are still asked about.
  active boolean not null,
  changed_at timestamptz not null,
  constraint shop_pk primary key (organisation_id, shop_id)
);
create unique index shop_one_active on shop (organisation_id, mode) where active;

-- Payments whose fate no program may guess.
create table payment_question (
  organisation_id uuid not null constraint payment_question_org references organisation,
  question_id uuid not null,
  person_id uuid not null,
  payment_id uuid not null,
  shop_id text not null,
  external_id text,
  amount bigint not null,
  reason text not null,
  details text not null default '',
  asked_at timestamptz not null,
  answered_at timestamptz,
  answered_by uuid,
  answer text,
  note text,
  constraint payment_question_pk primary key (organisation_id, question_id),
  constraint payment_question_answered check ((answered_at is null) = (answer is null))
);
create unique index payment_question_open on payment_question (organisation_id, payment_id, reason) where answered_at is null;
create index payment_question_asked on payment_question (organisation_id, asked_at);
