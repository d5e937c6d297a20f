-- Organisation-keyed tables: who works there, its houses, its uploads, the claims it decides.
create table employee (
  organisation_id uuid not null constraint employee_org references organisation,
  employee_id uuid not null,
  person_id uuid not null,
  role text not null constraint employee_role check (role in ('head', 'clerk')),
  valid_from date not null,
  valid_to date,
  constraint employee_pk primary key (organisation_id, employee_id),
  constraint employee_person_once unique (organisation_id, person_id)
);
create index employee_person on employee (person_id);

-- Roll-up: an organisation's houses, as manager or as provider of accounts.
create table organisation_house (
  organisation_id uuid not null constraint organisation_house_org references organisation,
  house_id uuid not null,
  address text not null,
  manages boolean not null,
  premises integer not null default 0,
  accounts integer not null default 0,
  constraint organisation_house_pk primary key (organisation_id, house_id)
);
create index organisation_house_address on organisation_house (organisation_id, address, house_id);

create table upload (
  organisation_id uuid not null constraint upload_org references organisation,
  upload_id uuid not null,
  kind text not null constraint upload_kind check (kind in ('organisation', 'houses', 'accounts', 'bills')),
  state text not null constraint upload_state
    check (state in ('stored', 'reading', 'needs_mapping', 'checked', 'applying', 'applied', 'refused', 'failed', 'cancelled')),
  policy text constraint upload_policy check (policy in ('all_or_nothing', 'good_ones')),
  file_id uuid not null,
  file_name text not null,
  -- The clerk's file with the answers of the last step, and its name; null while it is being made.
  result_file_id uuid,
  result_name text,
  uploaded_by uuid not null,
  -- How often the present step was begun: a step that keeps dying is given up.
  attempts integer not null default 0,
  rows_total integer not null default 0,
  rows_read integer not null default 0,
  documents_total integer not null default 0,
  documents_new integer not null default 0,
  documents_changed integer not null default 0,
  documents_same integer not null default 0,
  documents_bad integer not null default 0,
  documents_applied integer not null default 0,
  problem text,
  -- What was found in the workbook: its sheets with their columns, the headings to be mapped, examples of differences.
  details jsonb not null default '{}',
  created_at timestamptz not null,
  changed_at timestamptz not null,
  constraint upload_pk primary key (organisation_id, upload_id)
);
create index upload_created on upload (organisation_id, created_at desc, upload_id desc);
create index upload_running on upload (changed_at) where state in ('stored', 'reading', 'applying');

-- A row of an uploaded workbook as it was read. Rows wait here for their document, for the sheets of a workbook are not in its order;
-- they go when the upload is over. This table and the two below have no foreign key: checking it row by row would cost a tenth of a load.
create table upload_row (
  organisation_id uuid not null,
  upload_id uuid not null,
  -- The record or document that the row is a part of, counted from 1; 0 for rows of reference sheets.
  document integer not null,
  sheet integer not null,
  row_number integer not null,
  content json not null,
  constraint upload_row_pk primary key (organisation_id, upload_id, document, sheet, row_number)
);

-- A record or document of an upload: what loading it would do, or has done.
create table upload_document (
  organisation_id uuid not null,
  upload_id uuid not null,
  document integer not null,
  title text not null,
  -- The house that it belongs to: documents are taken house by house.
  house_id uuid,
  verdict text not null constraint upload_document_verdict check (verdict in ('new', 'changed', 'same', 'bad')),
  applied boolean not null default false,
  -- Numbers that were issued or found, to be written into the clerk's file.
  fills json not null,
  constraint upload_document_pk primary key (organisation_id, upload_id, document)
);

-- What is to be said of a row of the workbook.
create table upload_note (
  organisation_id uuid not null,
  upload_id uuid not null,
  sheet integer not null,
  row_number integer not null,
  position integer not null,
  document integer not null,
  -- 0-based; null when the whole row is meant.
  column_number integer,
  wrong boolean not null,
  message text not null,
  constraint upload_note_pk primary key (organisation_id, upload_id, sheet, row_number, position)
);

create table upload_mapping (
  organisation_id uuid not null constraint upload_mapping_org references organisation,
  kind text not null,
  section text not null,
  heading text not null,
  -- Null: the column is to be passed over.
  column_key text,
  changed_at timestamptz not null,
  constraint upload_mapping_pk primary key (organisation_id, kind, section, heading)
);

create table connection_claim (
  organisation_id uuid not null constraint connection_claim_org references organisation,
  claim_id uuid not null,
  person_id uuid not null,
  link_id uuid not null,
  house_id uuid not null,
  account_id uuid not null,
  claimant_name text not null,
  message text not null,
  state text not null constraint connection_claim_state check (state in ('open', 'approved', 'refused', 'withdrawn')),
  due_on date not null,
  created_at timestamptz not null,
  decided_at timestamptz,
  decided_by uuid,
  reason text,
  constraint connection_claim_pk primary key (organisation_id, claim_id)
);
create index connection_claim_open on connection_claim (organisation_id, due_on, claim_id) where state = 'open';
