-- House-keyed tables: the housing stock and the personal accounts, with the look-ups that find them.
create table house (
  house_id uuid not null constraint house_pk primary key,
  fias_guid uuid not null,
  kind_code text not null default '1',
  region_code text not null,
  oktmo text,
  zone text not null,
  address text not null,
  short_address text not null,
  postal_index text,
  cadastral_number text,
  state_code text,
  stage_code text,
  management_code text,
  total_area numeric(29, 4),
  year_built integer,
  year_in_use integer,
  storeys_max integer,
  storeys_min integer,
  underground_storeys integer,
  heritage boolean,
  wear_percent numeric(5, 2),
  wear_on date,
  capital_repair_year integer,
  manager_id uuid constraint house_manager references organisation,
  managed_from date,
  latitude double precision,
  longitude double precision,
  source_id uuid constraint house_source references organisation,
  updated_at timestamptz not null
);

-- Look-up: the house of a ФИАС address.
create table house_address (
  fias_guid uuid not null constraint house_address_pk primary key,
  house_id uuid not null
);

-- What a house's card said before each change.
create table house_version (
  house_id uuid not null constraint house_version_house references house,
  version_id uuid not null,
  replaced_at timestamptz not null,
  replaced_by uuid not null,
  card jsonb not null,
  constraint house_version_pk primary key (house_id, version_id)
);

create table entrance (
  house_id uuid not null constraint entrance_house references house,
  entrance_id uuid not null,
  number text not null,
  storeys integer,
  year_built integer,
  closed_on date,
  constraint entrance_pk primary key (house_id, entrance_id),
  constraint entrance_number unique (house_id, number)
);

create table lift (
  house_id uuid not null constraint lift_house references house,
  lift_id uuid not null,
  entrance_number text not null,
  factory_number text not null,
  kind_code text,
  service_limit text,
  details jsonb not null default '{}',
  constraint lift_pk primary key (house_id, lift_id),
  constraint lift_number unique (house_id, entrance_number, factory_number)
);

create table premises (
  house_id uuid not null constraint premises_house references house,
  premises_id uuid not null,
  category text not null constraint premises_category check (category in ('residential', 'non_residential', 'block', 'whole_house')),
  number text not null,
  entrance_number text,
  characteristic_code text,
  total_area numeric(29, 4),
  living_area numeric(29, 4),
  cadastral_number text,
  common_property boolean not null default false,
  confirmed boolean not null default false,
  -- Premises that came with an account and that nobody has described yet.
  described boolean not null default false,
  closed_on date,
  updated_at timestamptz not null,
  constraint premises_pk primary key (house_id, premises_id),
  constraint premises_number unique (house_id, category, number)
);

create table room (
  house_id uuid not null,
  room_id uuid not null,
  premises_id uuid not null,
  number text not null,
  area numeric(29, 4),
  cadastral_number text,
  confirmed boolean not null default false,
  updated_at timestamptz not null,
  constraint room_pk primary key (house_id, room_id),
  constraint room_premises foreign key (house_id, premises_id) references premises,
  constraint room_number unique (house_id, premises_id, number)
);

create table ownership (
  house_id uuid not null,
  ownership_id uuid not null,
  premises_id uuid not null,
  holder text not null constraint ownership_holder check (holder in ('person', 'organisation')),
  family_name text,
  given_name text,
  middle_name text,
  snils text,
  ogrn text,
  organisation_name text,
  kind_code text,
  numerator bigint not null,
  denominator bigint not null,
  registration_number text,
  registered_on date,
  ended_on date,
  recorded_by uuid not null,
  updated_at timestamptz not null,
  constraint ownership_pk primary key (house_id, ownership_id),
  constraint ownership_premises foreign key (house_id, premises_id) references premises,
  constraint ownership_share check (numerator > 0 and denominator >= numerator)
);
create index ownership_premises_fk on ownership (house_id, premises_id);

create table account (
  house_id uuid not null constraint account_house references house,
  account_id uuid not null,
  provider_id uuid not null constraint account_provider references organisation,
  number text not null constraint account_number check (length(number) between 1 and 30),
  kind text not null constraint account_kind check (kind in ('uo', 'rso', 'capital_repair', 'settlement_centre', 'authority', 'tko')),
  els text not null,
  service_id text not null,
  is_tenant boolean not null default false,
  divided boolean not null default false,
  payer text constraint account_payer check (payer in ('person', 'organisation')),
  family_name text,
  given_name text,
  middle_name text,
  snils text,
  document_kind text,
  document_number text,
  document_series text,
  document_on date,
  payer_ogrn text,
  payer_nza text,
  payer_kpp text,
  total_area numeric(29, 4),
  living_area numeric(29, 4),
  heated_area numeric(29, 4),
  residents integer constraint account_residents check (residents between 0 and 9999),
  opened_on date,
  closed_on date,
  close_reason_code text,
  close_note text,
  updated_at timestamptz not null,
  constraint account_pk primary key (house_id, account_id),
  constraint account_provider_number unique (house_id, provider_id, number),
  constraint account_service_id unique (house_id, service_id)
);
create index account_provider_fk on account (provider_id);

create table account_place (
  house_id uuid not null,
  account_id uuid not null,
  -- The premises, or one room of it.
  place_id uuid not null,
  premises_id uuid not null,
  room_id uuid,
  share_percent numeric(5, 2) constraint account_place_share check (share_percent between 0 and 100),
  constraint account_place_pk primary key (house_id, account_id, place_id),
  constraint account_place_account foreign key (house_id, account_id) references account,
  constraint account_place_premises foreign key (house_id, premises_id) references premises,
  constraint account_place_room foreign key (house_id, room_id) references room
);
create index account_place_premises_fk on account_place (house_id, premises_id);
create index account_place_room_fk on account_place (house_id, room_id);

create table account_basis (
  house_id uuid not null,
  account_id uuid not null,
  position integer not null,
  kind text not null,
  identifier text,
  contract_kind text,
  number text,
  concluded_on date,
  on_paper text,
  constraint account_basis_pk primary key (house_id, account_id, position),
  constraint account_basis_account foreign key (house_id, account_id) references account
);

-- Look-up: unified numbers of the state's shape and what they name.
create table unified_number (
  value text not null constraint unified_number_pk primary key,
  kind text not null constraint unified_number_kind check (kind in ('els', 'service', 'bill')),
  house_id uuid not null,
  account_id uuid,
  document_id uuid
);

-- Look-up: a provider's own account number.
create table provider_account (
  provider_id uuid not null,
  number text not null,
  house_id uuid not null,
  account_id uuid not null,
  constraint provider_account_pk primary key (provider_id, number)
);

-- A one-time code that the organisation hands over on paper.
create table account_code (
  house_id uuid not null,
  code_id uuid not null,
  account_id uuid not null,
  code_hash bytea not null,
  made_by uuid not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint account_code_pk primary key (house_id, code_id),
  constraint account_code_account foreign key (house_id, account_id) references account
);
create index account_code_account_fk on account_code (house_id, account_id);

-- Failed proofs on an account, whoever tried: guessing from many persons is limited as well.
create table failed_proof (
  house_id uuid not null,
  proof_id uuid not null,
  account_id uuid not null,
  person_id uuid not null,
  failed_at timestamptz not null,
  constraint failed_proof_pk primary key (house_id, proof_id),
  constraint failed_proof_account foreign key (house_id, account_id) references account
);
create index failed_proof_account_fk on failed_proof (house_id, account_id, failed_at);
