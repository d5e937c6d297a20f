-- Reference tables: organisations' cards, classifiers, dated rules. The same everywhere; read by every family.
create extension if not exists btree_gist;
create extension if not exists pg_trgm;

create table region (
  region_code text not null constraint region_pk primary key,
  name text not null,
  fias_guid uuid,
  oktmo text,
  zone text not null
);

create table organisation (
  organisation_id uuid not null constraint organisation_pk primary key,
  ogrn text not null,
  inn text not null,
  kpp text not null default '',
  kind text not null constraint organisation_kind check (kind in ('legal', 'entrepreneur', 'branch', 'foreign_branch')),
  full_name text not null,
  short_name text not null,
  registered_on date,
  legal_address text,
  actual_address text,
  postal_address text,
  phone text,
  fax text,
  email text,
  site text,
  dispatcher_phone text,
  dispatcher_hours text,
  reception_hours text,
  region_code text,
  split_account text,
  updated_at timestamptz not null,
  constraint organisation_ogrn_kpp unique (ogrn, kpp)
);
create index organisation_inn on organisation (inn);
create index organisation_name_trgm on organisation using gin (short_name gin_trgm_ops);

create table organisation_power (
  organisation_id uuid not null constraint organisation_power_org references organisation,
  power_code text not null,
  region_code text not null,
  constraint organisation_power_pk primary key (organisation_id, power_code, region_code)
);

-- A set of requisites: where money for a recipient goes. Rows are never changed, a new account is a new set.
create table requisite (
  requisite_id uuid not null constraint requisite_pk primary key,
  organisation_id uuid not null constraint requisite_org references organisation,
  bik text not null constraint requisite_bik check (bik ~ '^\d{9}$'),
  bank_account text not null constraint requisite_account check (bank_account ~ '^\d{20}$'),
  bank_name text,
  correspondent_account text,
  constraint requisite_org_bik_account unique (organisation_id, bik, bank_account)
);

create table nsi_list (
  registry integer not null constraint nsi_list_pk primary key,
  name text not null
);

create table nsi_item (
  registry integer not null constraint nsi_item_list references nsi_list,
  guid uuid not null,
  code text not null,
  name text not null,
  actual boolean not null,
  fields jsonb not null,
  parent_guid uuid,
  position integer not null,
  constraint nsi_item_pk primary key (registry, guid)
);
create index nsi_item_code on nsi_item (registry, code);

-- Law as data: a value with its days of force (both ends inclusive, null is open) and its source.
create table dated_rule (
  rule_id uuid not null constraint dated_rule_pk primary key,
  key text not null,
  scope text not null constraint dated_rule_scope
    check (scope in ('federal', 'region', 'municipality', 'organisation', 'house', 'contract')),
  scope_id text not null default '',
  valid_from date,
  valid_to date,
  value text not null,
  unit text not null default '',
  source text not null,
  mark text not null constraint dated_rule_mark check (mark in ('checked', 'unchecked', 'operator')),
  mandatory boolean not null default false,
  constraint dated_rule_no_overlap
    exclude using gist (key with =, scope with =, scope_id with =, daterange(valid_from, valid_to, '[]') with &&)
);

-- The production calendar: days off that are working weekdays otherwise, and working days moved to a weekend.
create table calendar_day (
  day date not null constraint calendar_day_pk primary key,
  working boolean not null,
  source text not null
);

create table legal_text (
  kind text not null constraint legal_text_kind check (kind in ('agreement', 'consent')),
  version integer not null,
  title text not null,
  body text not null,
  published_at timestamptz not null,
  constraint legal_text_pk primary key (kind, version)
);
