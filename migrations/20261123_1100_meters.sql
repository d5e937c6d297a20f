-- Meters and readings. House-keyed but for what the comments name.

-- A device for its whole life: meter_id is its root, version_id names the present state (meter_version has them all).
create table meter (
  house_id uuid not null constraint meter_house references house,
  meter_id uuid not null,
  version_id uuid not null,
  -- The number that Domovoy issued, as the state's templates name a device.
  number text not null,
  -- НСИ 27: 1 individual, 2 house, 3 common_flat, 4 room.
  kind text not null constraint meter_kind check (kind in ('individual', 'house', 'common_flat', 'room')),
  serial text not null constraint meter_serial check (length(serial) between 1 and 50),
  brand text not null default '',
  model text not null default '',
  premises_id uuid,
  room_id uuid,
  -- Where it hangs: «санузел», «кухня».
  place text not null default '',
  tariffs integer not null default 1 constraint meter_tariffs check (tariffs between 1 and 3),
  ratio numeric(12, 4) not null default 1 constraint meter_ratio check (ratio > 0),
  -- Whole digits of the dial: past them it begins again from zero. Null: not known, a fall is always asked about.
  digits integer constraint meter_digits check (digits between 1 and 15),
  -- The device gives the volume of the period itself, not a running total.
  gives_volume boolean not null default false,
  remote boolean not null default false,
  remote_note text,
  temperature_sensor boolean not null default false,
  temperature_note text,
  pressure_sensor boolean not null default false,
  pressure_note text,
  installed_on date,
  used_from date,
  factory_sealed_on date,
  -- When the organisation last put its own seal.
  sealed_on date,
  verified_on date,
  -- Years, НСИ 16.
  verification_interval integer constraint meter_interval check (verification_interval between 1 and 30),
  -- The last day on which its readings count: verified_on plus the interval.
  verify_by date,
  state text not null constraint meter_state check (state in ('working', 'broken', 'archived')),
  broken_on date,
  broken_reason text,
  archived_on date,
  archive_reason text,
  replaced_by uuid,
  source_id uuid not null constraint meter_source references organisation,
  updated_at timestamptz not null,
  constraint meter_pk primary key (house_id, meter_id),
  constraint meter_premises foreign key (house_id, premises_id) references premises,
  constraint meter_room foreign key (house_id, room_id) references room,
  constraint meter_place check ((kind = 'house') or premises_id is not null),
  constraint meter_broken check ((state = 'broken') <= (broken_on is not null)),
  constraint meter_archived check ((state = 'archived') = (archived_on is not null))
);
create unique index meter_serial_once on meter (house_id, serial, kind, brand) where state <> 'archived';
create index meter_premises_fk on meter (house_id, premises_id);
create index meter_room_fk on meter (house_id, room_id);

-- What a device was from a change on: the change, the day it counts from, who entered it, and the whole card after it.
create table meter_version (
  house_id uuid not null,
  version_id uuid not null,
  meter_id uuid not null,
  change text not null constraint meter_version_change
    check (change in ('installed', 'corrected', 'verified', 'sealed', 'broken', 'repaired', 'replaced', 'archived', 'restored')),
  on_day date not null,
  organisation_id uuid,
  person_id uuid not null,
  at timestamptz not null,
  card jsonb not null,
  constraint meter_version_pk primary key (house_id, version_id),
  constraint meter_version_meter foreign key (house_id, meter_id) references meter
);
create index meter_version_meter_fk on meter_version (house_id, meter_id, version_id);

-- What a device measures: up to three resources (НСИ 2), electricity alone in several tariffs.
create table meter_resource (
  house_id uuid not null,
  meter_id uuid not null,
  resource text not null constraint meter_resource_code check (resource in ('1', '2', '3', '4', '5', '8')),
  -- ОКЕИ, of those that НСИ 333 allows for the resource.
  unit text not null,
  constraint meter_resource_pk primary key (house_id, meter_id, resource),
  constraint meter_resource_meter foreign key (house_id, meter_id) references meter
);

-- The accounts that are charged by a device: a reading goes to the provider of each.
create table meter_account (
  house_id uuid not null,
  meter_id uuid not null,
  account_id uuid not null,
  provider_id uuid not null constraint meter_account_provider references organisation,
  constraint meter_account_pk primary key (house_id, meter_id, account_id),
  constraint meter_account_meter foreign key (house_id, meter_id) references meter,
  constraint meter_account_account foreign key (house_id, account_id) references account
);
create index meter_account_account_fk on meter_account (house_id, account_id);
create index meter_account_provider_fk on meter_account (house_id, provider_id);
create index meter_account_organisation_fk on meter_account (provider_id);

-- Devices that together define one volume: those on the way in, those on the way out.
create table meter_link (
  house_id uuid not null,
  meter_id uuid not null,
  other_id uuid not null,
  side text not null constraint meter_link_side check (side in ('in', 'out')),
  constraint meter_link_pk primary key (house_id, meter_id, other_id),
  constraint meter_link_meter foreign key (house_id, meter_id) references meter,
  constraint meter_link_other foreign key (house_id, other_id) references meter
);
create index meter_link_other_fk on meter_link (house_id, other_id);

-- Look-up: a device by the number that Domovoy issued.
create table meter_number (
  number text not null constraint meter_number_pk primary key,
  house_id uuid not null,
  meter_id uuid not null
);

-- Every value ever entered. Rows are not overwritten: a correction makes the former one `corrected`.
create table reading (
  house_id uuid not null,
  reading_id uuid not null,
  meter_id uuid not null,
  resource text not null,
  kind text not null constraint reading_kind
    check (kind in ('base', 'current', 'control', 'verification_start', 'verification_end', 'final')),
  -- The month that takes it, first day.
  period date not null constraint reading_period check (extract(day from period) = 1),
  taken_on date not null,
  t1 numeric(22, 7) not null constraint reading_t1 check (t1 >= 0),
  t2 numeric(22, 7) constraint reading_t2 check (t2 >= 0),
  t3 numeric(22, 7) constraint reading_t3 check (t3 >= 0 and t2 is not null),
  -- The dial passed its last digit since the reading before.
  rolled_over boolean not null default false,
  source text not null constraint reading_source check (source in ('resident', 'organisation', 'automatic')),
  organisation_id uuid,
  person_id uuid,
  entered_at timestamptz not null,
  -- Questions that were answered «да, всё верно»: zero, fall, jump, swapped, rollover.
  confirmed text[] not null default '{}',
  photo_id uuid,
  upload_id uuid,
  state text not null constraint reading_state check (state in ('active', 'corrected', 'declined')),
  replaced_by uuid,
  constraint reading_pk primary key (house_id, reading_id),
  constraint reading_resource foreign key (house_id, meter_id, resource) references meter_resource
);
-- One current value of a device in a period from each source.
create unique index reading_once on reading (house_id, meter_id, resource, period, source, organisation_id) nulls not distinct
  where kind = 'current' and state = 'active';
create index reading_resource_fk on reading (house_id, meter_id, resource, period desc, entered_at desc);

-- What became of a reading at each provider that charges by the device.
create table reading_delivery (
  house_id uuid not null,
  reading_id uuid not null,
  provider_id uuid not null constraint reading_delivery_provider references organisation,
  account_id uuid not null,
  meter_id uuid not null,
  -- The provider's own month: windows of two providers may differ.
  period date not null,
  state text not null constraint reading_delivery_state check (state in ('received', 'fetched', 'accepted', 'declined', 'replaced')),
  reason text,
  changed_at timestamptz not null,
  changed_by uuid,
  constraint reading_delivery_pk primary key (house_id, reading_id, provider_id),
  constraint reading_delivery_reading foreign key (house_id, reading_id) references reading,
  constraint reading_delivery_declined check ((state = 'declined') <= (reason is not null))
);
create index reading_delivery_provider_fk on reading_delivery (provider_id);
create index reading_delivery_open on reading_delivery (house_id, provider_id, period, state);

-- The volume of a device in a month, in the default unit of the resource (НСИ 333), as readings or the rules of estimation give it.
create table consumption (
  house_id uuid not null,
  meter_id uuid not null,
  resource text not null,
  period date not null constraint consumption_period check (extract(day from period) = 1),
  premises_id uuid,
  volume numeric(22, 7) not null,
  -- By tariff, where the device has several and they are known.
  t1 numeric(22, 7),
  t2 numeric(22, 7),
  t3 numeric(22, 7),
  -- reading: two readings a month apart; shared: their difference over several months; average and norm: estimates.
  method text not null constraint consumption_method check (method in ('reading', 'shared', 'average', 'norm')),
  -- What was charged by estimate before the reading came.
  estimate numeric(22, 7),
  -- Why: cause, months of the average, rows of the rules, as meters explain it.
  basis jsonb not null default '{}',
  reading_id uuid,
  updated_at timestamptz not null,
  constraint consumption_pk primary key (house_id, meter_id, resource, period),
  constraint consumption_resource foreign key (house_id, meter_id, resource) references meter_resource
);
create index consumption_premises on consumption (house_id, premises_id, period);

-- Roll-up: what homes of a house used in a month, and its house meter. The median is of homes with an own meter.
create table house_consumption (
  house_id uuid not null,
  resource text not null,
  period date not null,
  homes integer not null,
  median numeric(22, 7),
  homes_volume numeric(22, 7) not null,
  house_volume numeric(22, 7),
  updated_at timestamptz not null,
  constraint house_consumption_pk primary key (house_id, resource, period)
);

-- Organisation-keyed roll-up: devices by house, for the list of houses.
create table organisation_meters (
  organisation_id uuid not null constraint organisation_meters_org references organisation,
  house_id uuid not null,
  -- The month that readings now go to.
  period date not null,
  meters integer not null,
  sent integer not null,
  -- Readings that the organisation has neither accepted nor declined.
  waiting integer not null,
  -- Devices whose verification has ended or ends within the warning time.
  verify_soon integer not null,
  updated_at timestamptz not null,
  constraint organisation_meters_pk primary key (organisation_id, house_id)
);

-- Organisation-keyed: keys of the organisation's own systems. The token names the organisation and the key; the secret is kept as a hash.
create table api_key (
  organisation_id uuid not null constraint api_key_org references organisation,
  key_id uuid not null,
  name text not null,
  secret_hash bytea not null,
  made_by uuid not null,
  made_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  constraint api_key_pk primary key (organisation_id, key_id)
);

-- Person-keyed: which reminders are wanted (a row only when changed), and which were sent: one notice once.
create table reminder_choice (
  person_id uuid not null constraint reminder_choice_person references person,
  kind text not null constraint reminder_choice_kind check (kind in ('readings_before', 'readings_last_day', 'verification')),
  wanted boolean not null,
  changed_at timestamptz not null,
  constraint reminder_choice_pk primary key (person_id, kind)
);
create table reminder_sent (
  person_id uuid not null constraint reminder_sent_person references person,
  kind text not null,
  -- What it was about: the month, or the device with the day.
  subject text not null,
  sent_at timestamptz not null,
  constraint reminder_sent_pk primary key (person_id, kind, subject)
);

-- Whom to remind: the people behind an account. A job asks, no page does.
create index account_link_account on account_link (house_id, account_id) where state = 'connected';

alter table upload drop constraint upload_kind;
alter table upload add constraint upload_kind check (kind in ('organisation', 'houses', 'accounts', 'bills', 'meters', 'readings'));
