-- House-keyed tables of money: payment documents, receipts, allocation, the ledger.
create table payment_document (
  house_id uuid not null,
  document_id uuid not null,
  account_id uuid not null,
  provider_id uuid not null constraint payment_document_provider references organisation,
  -- The issuer's own number of the document. Issuers that number by account use it again each month.
  number text not null constraint payment_document_number_size check (length(number) between 1 and 30),
  -- The unified id, ЖКУ id + four digits.
  uid text not null,
  kind text not null constraint payment_document_kind check (kind in ('current', 'debt')),
  form text not null,
  period date not null constraint payment_document_period check (extract(day from period) = 1),
  state text not null constraint payment_document_state check (state in ('exposed', 'withdrawn')),
  replaces_id uuid,
  withdrawn_at timestamptz,
  withdrawn_reason text,
  -- Sums in kopecks. charged is «К оплате за расчётный период», stated is «Итого к оплате» as the issuer wrote it.
  -- charged holds no voluntary insurance. opening is the issuer's debt (+) or advance (-) at the start of the period.
  charged bigint not null,
  penalty bigint not null,
  opening bigint,
  stated bigint,
  -- Debt of earlier times that the issuer states and the ledger did not know, taken over with this document.
  carried bigint not null constraint payment_document_carried check (carried >= 0),
  paid bigint,
  paid_on date,
  paid_through_day integer constraint payment_document_paid_through check (paid_through_day between 1 and 31),
  subsidies bigint,
  issued_at timestamptz not null,
  upload_id uuid,
  content_hash bytea not null,
  -- Charge lines and the other sections: immutable, read whole (docs/decisions/0003-charge-lines.md).
  body jsonb not null,
  constraint payment_document_pk primary key (house_id, document_id),
  constraint payment_document_account foreign key (house_id, account_id) references account,
  constraint payment_document_withdrawn check ((state = 'withdrawn') = (withdrawn_at is not null))
);
create index payment_document_account_fk
  on payment_document (house_id, account_id, period desc, issued_at desc, document_id desc);
create unique index payment_document_number on payment_document (house_id, provider_id, number, period) where state = 'exposed';
create index payment_document_replaces on payment_document (house_id, replaces_id) where replaces_id is not null;

-- What of a document is payable to each set of requisites, and how much of it is settled. Nothing is due of a withdrawn document.
create table document_due (
  house_id uuid not null,
  document_id uuid not null,
  requisite_id uuid not null constraint document_due_requisite references requisite,
  account_id uuid not null,
  period date not null,
  due bigint not null constraint document_due_due check (due >= 0),
  settled bigint not null,
  -- The issuer's whole claim for this set of requisites as the document states it, below zero an advance, without voluntary
  -- insurance; null when it does not say.
  stated bigint,
  -- The same by line, three arrays side by side: the position of the charge line in the document, or 0 the carried debt,
  -- -1 penalties and fines, -2 costs of recovery. Allocation needs them without the document's body.
  lines integer[] not null,
  line_due bigint[] not null,
  line_settled bigint[] not null,
  constraint document_due_settled check (settled between 0 and due),
  constraint document_due_lines check (cardinality(lines) = cardinality(line_due) and cardinality(lines) = cardinality(line_settled)),
  constraint document_due_pk primary key (house_id, document_id, requisite_id),
  constraint document_due_document foreign key (house_id, document_id) references payment_document
);
create index document_due_open on document_due (house_id, account_id, requisite_id, period) where settled < due;

-- Money or credit that came to an account: a payment, the organisation's statement, a negative bill.
create table receipt (
  house_id uuid not null,
  receipt_id uuid not null,
  account_id uuid not null,
  requisite_id uuid not null constraint receipt_requisite references requisite,
  source text not null constraint receipt_source check (source in ('payment', 'statement', 'negative_bill')),
  amount bigint not null constraint receipt_amount check (amount > 0),
  -- How much of it the payer chose to give for voluntary lines, which are no debt.
  voluntary bigint not null constraint receipt_voluntary check (voluntary between 0 and amount),
  -- The month that the payer named, if any.
  period date,
  part_id uuid,
  person_id uuid,
  document_id uuid,
  received_at timestamptz not null,
  -- Given back whole: a refund, or the document that made it was withdrawn.
  reversed_at timestamptz,
  constraint receipt_pk primary key (house_id, receipt_id),
  constraint receipt_account foreign key (house_id, account_id) references account,
  -- One receipt for a paid part, whatever is delivered twice.
  constraint receipt_part_once unique (house_id, part_id)
);
create index receipt_account_fk on receipt (house_id, account_id, received_at desc, receipt_id desc);
create index receipt_document on receipt (house_id, document_id) where document_id is not null;

-- Where a receipt went: which line of which document. Immutable; a release is a row of the opposite sign.
create table allocation (
  house_id uuid not null,
  allocation_id uuid not null,
  account_id uuid not null,
  requisite_id uuid not null constraint allocation_requisite references requisite,
  document_id uuid not null,
  -- Position as in document_due.lines.
  line integer not null,
  -- Null: from the advance of the account.
  receipt_id uuid,
  amount bigint not null constraint allocation_amount check (amount <> 0),
  allocated_at timestamptz not null,
  constraint allocation_pk primary key (house_id, allocation_id),
  constraint allocation_document foreign key (house_id, document_id) references payment_document,
  constraint allocation_receipt foreign key (house_id, receipt_id) references receipt
);
create index allocation_document_fk on allocation (house_id, document_id);
create index allocation_receipt_fk on allocation (house_id, receipt_id);

-- The ledger: each entry moves an amount from the credited side to the debited one. Rows are only added.
create table ledger_entry (
  house_id uuid not null,
  entry_id uuid not null,
  account_id uuid not null,
  requisite_id uuid not null constraint ledger_entry_requisite references requisite,
  debit text not null,
  credit text not null,
  amount bigint not null constraint ledger_entry_amount check (amount > 0),
  kind text not null constraint ledger_entry_kind check (kind in
    ('bill', 'negative_bill', 'carried', 'statement', 'payment', 'voluntary', 'advance', 'release', 'withdrawal', 'reversal')),
  document_id uuid,
  receipt_id uuid,
  posted_at timestamptz not null,
  constraint ledger_entry_pk primary key (house_id, entry_id),
  constraint ledger_entry_account foreign key (house_id, account_id) references account,
  constraint ledger_entry_sides check (debit <> credit
    and debit in ('receivable', 'advance', 'charges', 'money', 'statement')
    and credit in ('receivable', 'advance', 'charges', 'money', 'statement'))
);
create index ledger_entry_account_fk on ledger_entry (house_id, account_id, entry_id desc);

-- The ledger's sums by account and set of requisites, kept in the same transaction. The account's own row is the lock of its money.
create table account_balance (
  house_id uuid not null,
  account_id uuid not null,
  requisite_id uuid not null constraint account_balance_requisite references requisite,
  receivable bigint not null constraint account_balance_receivable check (receivable >= 0),
  advance bigint not null constraint account_balance_advance check (advance >= 0),
  updated_at timestamptz not null,
  constraint account_balance_pk primary key (house_id, account_id, requisite_id),
  constraint account_balance_account foreign key (house_id, account_id) references account
);
