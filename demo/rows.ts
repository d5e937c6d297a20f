/** Columns of the tables that the demonstration fills, in the order in which foreign keys allow filling them. */
export const COLUMNS = {
  organisation:
    'organisation_id ogrn inn kpp kind full_name short_name registered_on legal_address actual_address postal_address phone email site dispatcher_phone dispatcher_hours reception_hours region_code split_account updated_at',
  organisation_power: 'organisation_id power_code region_code',
  requisite: 'requisite_id organisation_id bik bank_account bank_name correspondent_account',
  house:
    'house_id fias_guid kind_code region_code oktmo zone address short_address postal_index cadastral_number unique_number state_code stage_code management_code total_area year_built year_in_use storeys_max storeys_min underground_storeys heritage wear_percent wear_on capital_repair_year manager_id managed_from latitude longitude source_id updated_at',
  house_address: 'fias_guid house_id',
  house_code: 'code fias_guid',
  entrance: 'house_id entrance_id number storeys year_built',
  lift: 'house_id lift_id entrance_number factory_number kind_code service_limit',
  premises:
    'house_id premises_id category number entrance_number characteristic_code total_area living_area cadastral_number common_property confirmed described updated_at',
  room: 'house_id room_id premises_id number area cadastral_number confirmed updated_at',
  ownership:
    'house_id ownership_id premises_id holder family_name given_name middle_name snils ogrn organisation_name kind_code numerator denominator registration_number registered_on ended_on recorded_by updated_at',
  account:
    'house_id account_id provider_id number kind els service_id is_tenant divided payer family_name given_name middle_name snils payer_ogrn payer_kpp total_area living_area heated_area residents opened_on closed_on close_reason_code close_note updated_at',
  account_place: 'house_id account_id place_id premises_id room_id share_percent',
  account_basis: 'house_id account_id position kind contract_kind number concluded_on on_paper',
  provider_account: 'provider_id number house_id account_id',
  unified_number: 'value kind house_id account_id document_id',
  payment_document:
    'house_id document_id account_id provider_id number uid kind form period state replaces_id withdrawn_at withdrawn_reason charged penalty opening stated carried paid paid_on paid_through_day subsidies issued_at content_hash body',
  document_due: 'house_id document_id requisite_id account_id period due settled stated lines line_due line_settled',
  receipt:
    'house_id receipt_id account_id requisite_id source amount voluntary period part_id person_id document_id received_at',
  allocation: 'house_id allocation_id account_id requisite_id document_id line receipt_id amount allocated_at',
  ledger_entry: 'house_id entry_id account_id requisite_id debit credit amount kind document_id receipt_id posted_at',
  account_balance: 'house_id account_id requisite_id receivable advance updated_at',
  meter:
    'house_id meter_id version_id number kind serial brand model premises_id room_id place tariffs ratio digits remote remote_note installed_on used_from verified_on verification_interval verify_by state broken_on broken_reason archived_on archive_reason replaced_by source_id updated_at',
  meter_version: 'house_id version_id meter_id change on_day organisation_id person_id at card',
  meter_resource: 'house_id meter_id resource unit',
  meter_account: 'house_id meter_id account_id provider_id',
  meter_number: 'number house_id meter_id',
  reading:
    'house_id reading_id meter_id resource kind period taken_on t1 t2 source organisation_id person_id entered_at state',
  reading_delivery: 'house_id reading_id provider_id account_id meter_id period state reason changed_at changed_by',
  consumption: 'house_id meter_id resource period premises_id volume t1 t2 method estimate basis reading_id updated_at',
  house_consumption: 'house_id resource period homes median homes_volume house_volume updated_at',
  organisation_meters: 'organisation_id house_id period meters sent waiting verify_soon updated_at',
  organisation_house: 'organisation_id house_id address manages premises accounts',
  shop: 'organisation_id shop_id secret_sealed mode active changed_at',
  employee: 'organisation_id employee_id person_id role valid_from',
  person:
    'person_id kind family_name given_name middle_name birth_date snils email phone confirmed created_at signed_in_at',
  account_link: 'person_id link_id house_id account_id provider_id state title proof created_at changed_at',
  payment_order: 'person_id order_id total mode created_at',
  payment:
    'person_id payment_id order_id position shop_owner_id shop_id amount description state idempotence_key key_expires_at external_id paid_at succeeded_at posted_at created_at changed_at',
  payment_part:
    'person_id part_id order_id payment_id position house_id account_id requisite_id recipient_id account_number address transfer_account amount posted_at receipt_id',
  payment_event: 'person_id event_id payment_id at from_state to_state source',
  external_payment: 'shop_id external_id person_id payment_id',
} as const;

export type DemoTable = keyof typeof COLUMNS;
export const DEMO_TABLES = Object.keys(COLUMNS) as DemoTable[];
export type Value = string | number | bigint | boolean | null | Date | Buffer;

/** Rows on their way to the database, in the text form of COPY. */
export type Rows = Map<DemoTable, string[]>;

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function encode(value: Value): string {
  if (typeof value === 'string')
    return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (letter) => ESCAPES[letter]!) : value;
  if (value === null) return '\\N';
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`;
  return String(value);
}

/** Adds a row; values stand in the order of COLUMNS. */
export function add(rows: Rows, table: DemoTable, values: readonly Value[]): void {
  let line = '';
  for (let index = 0; index < values.length; index++) line += (index > 0 ? '\t' : '') + encode(values[index]!);
  const list = rows.get(table);
  if (list) list.push(line);
  else rows.set(table, [line]);
}

/** The same by the names of the columns: clearer where speed does not count. A column left out is null. */
export function addNamed(rows: Rows, table: DemoTable, row: Readonly<Record<string, Value>>): void {
  const columns = COLUMNS[table].split(' ');
  const unknown = Object.keys(row).find((name) => !columns.includes(name));
  if (unknown) throw new RangeError(`${table} is not filled with ${unknown}`);
  add(
    rows,
    table,
    columns.map((name) => row[name] ?? null),
  );
}

/** An array as PostgreSQL reads it. */
export const arrayText = (values: readonly (number | bigint)[]): string => `{${values.join(',')}}`;
