-- The state address register (ГАР): what the importer keeps of it. Reference family: the same everywhere.
-- Sized for the whole country: 1.5 M address objects, 30 M houses. A house keeps only what is its own; the index, the ОКТМО and
-- the names of what it stands in are taken from its parents when it is read, so a delta changes one row and not its descendants.

-- Types of objects, houses, additional parts of house numbers, flats and rooms. Withdrawn ones are kept: old rows name them.
create table address_type (
  kind text not null constraint address_type_kind check (kind in ('object', 'house', 'addition', 'apartment', 'room')),
  code integer not null,
  level smallint not null default 0,
  short_name text not null,
  name text not null,
  valid_to date not null,
  constraint address_type_pk primary key (kind, code)
);

create table address_object (
  object_id bigint not null constraint address_object_pk primary key,
  parent_id bigint,
  -- The parent in the municipal tree where it is another one than in the administrative tree.
  municipal_parent_id bigint,
  change_id bigint not null,
  guid uuid not null,
  postal_index integer,
  region smallint not null,
  level smallint not null,
  type_name text not null,
  name text not null,
  -- The name as the search reads it: lower case, Latin letters (a trigram index sees no others in a database of locale C), a space
  -- around each word.
  words text not null,
  -- The same of the object and of all that it lies in.
  place_words text not null default '',
  oktmo text,
  kladr text,
  -- Since when the register has it no longer. Never deleted: houses in use stand in it.
  gone_on date
);
create unique index address_object_guid on address_object (guid);
create index address_object_parent on address_object (parent_id, level);
create index address_object_region on address_object (region, level);
create index address_object_kladr on address_object (kladr text_pattern_ops) where kladr is not null;
create index address_object_words on address_object using gin (words gin_trgm_ops);

create table address_house (
  house_id bigint not null constraint address_house_pk primary key,
  parent_id bigint not null,
  municipal_parent_id bigint,
  change_id bigint not null,
  guid uuid not null,
  postal_index integer,
  gone_on date,
  region smallint not null,
  house_type smallint,
  addition_type1 smallint,
  addition_type2 smallint,
  apartment_house boolean not null default false,
  number text,
  addition1 text,
  addition2 text,
  -- The whole number as the search reads it: «12 к. 2 стр. 1» is 12к2с1. Byte order, so that a prefix is a range.
  number_key text collate "C" not null,
  oktmo text,
  cadastral_number text,
  kladr text
);
create unique index address_house_guid on address_house (guid);
create index address_house_number on address_house (parent_id, number_key);
-- Houses of a region lie together: a block-range index finds them at the cost of a few pages.
create index address_house_region on address_house using brin (region);
create index address_house_kladr on address_house (kladr text_pattern_ops) where kladr is not null;
create index address_house_cadastral on address_house (cadastral_number) where cadastral_number is not null;

-- Flats and other premises: loaded only when the operator asks for them (45 M rows for the country).
create table address_premises (
  premises_id bigint not null constraint address_premises_pk primary key,
  house_id bigint not null,
  change_id bigint not null,
  guid uuid not null,
  region smallint not null,
  kind smallint not null,
  number text not null,
  cadastral_number text,
  gone_on date
);
create unique index address_premises_guid on address_premises (guid);
create index address_premises_house on address_premises (house_id, number);
create index address_premises_region on address_premises using brin (region);

-- The journal: every load of every region, failed ones too. The last one done says the version of the region.
create table address_load (
  load_id uuid not null constraint address_load_pk primary key,
  region smallint not null,
  kind text not null constraint address_load_kind check (kind in ('full', 'delta')),
  version text not null,
  source text not null,
  state text not null constraint address_load_state check (state in ('done', 'failed')),
  started_at timestamptz not null,
  finished_at timestamptz not null,
  counts jsonb not null,
  failure text
);
create index address_load_region on address_load (region, finished_at);

-- Rows of the last load that stand under nothing known: they are not taken into use.
create table address_unlinked (
  region smallint not null,
  object_id bigint not null,
  kind text not null constraint address_unlinked_kind check (kind in ('object', 'house', 'premises')),
  label text not null,
  parent_id bigint,
  reason text not null constraint address_unlinked_reason check (reason in ('no place', 'no parent')),
  constraint address_unlinked_pk primary key (region, object_id)
);

-- НСИ 236 names one child under several parents: the place in the list is the key, not the GUID.
alter table nsi_item drop constraint nsi_item_pk;
alter table nsi_item add constraint nsi_item_pk primary key (registry, position);
alter table nsi_item add column parent_position integer;
create index nsi_item_guid on nsi_item (registry, guid);
