import { sql } from 'kysely';
import type { Transaction } from '../../../platform/database/database.ts';
import type { AccountId, HouseId, MeterId, OrganisationId } from '../../../platform/ids.ts';
import type { Reading } from '../meter.ts';
import '../tables.ts';

/** Whoever writes cards of devices of one house does so alone, until the transaction ends. */
export async function lockCards(trx: Transaction, houseId: HouseId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('meters ' || ${houseId}::text, 0))`.execute(trx);
}

/** Which kinds of readings stand for each resource of some devices; those without any are absent. */
export async function selectKindsOfReadings(
  trx: Transaction,
  houseId: HouseId,
  ids: readonly MeterId[],
): Promise<Map<MeterId, Map<string, Set<Reading['kind']>>>> {
  const found = new Map<MeterId, Map<string, Set<Reading['kind']>>>();
  if (ids.length === 0) return found;
  const { rows } = await sql<{ meterId: MeterId; resource: string; kinds: Reading['kind'][] }>`
    select meter_id as "meterId", resource, array_agg(distinct kind) as kinds from reading
    where house_id = ${houseId} and meter_id = any(${ids}::uuid[]) group by meter_id, resource`.execute(trx);
  for (const { meterId, resource, kinds } of rows)
    found.set(meterId, (found.get(meterId) ?? new Map()).set(resource, new Set(kinds)));
  return found;
}

/** Of some devices those whose serial number, kind and brand another device in use of the house has. */
export async function selectTakenSerials(
  trx: Transaction,
  houseId: HouseId,
  meters: readonly { meterId: MeterId; serial: string; kind: string; brand: string }[],
): Promise<Set<MeterId>> {
  if (meters.length === 0) return new Set();
  const { rows } = await sql<{ meterId: MeterId }>`
    select given.meter_id as "meterId"
    from unnest(${meters.map((one) => one.meterId)}::uuid[], ${meters.map((one) => one.serial)}::text[],
      ${meters.map((one) => one.kind)}::text[], ${meters.map((one) => one.brand)}::text[])
      as given (meter_id, serial, kind, brand)
    join meter on meter.house_id = ${houseId} and meter.serial = given.serial and meter.kind = given.kind
      and meter.brand = given.brand and meter.state <> 'archived' and meter.meter_id <> given.meter_id`.execute(trx);
  return new Set(rows.map(({ meterId }) => meterId));
}

/** Takes numbers in the look-up. @returns those that were free */
export async function claimMeterNumbers(
  trx: Transaction,
  houseId: HouseId,
  numbers: ReadonlyMap<string, MeterId>,
): Promise<string[]> {
  const sorted = [...numbers].sort(([a], [b]) => (a < b ? -1 : 1));
  const { rows } = await sql<{ number: string }>`
    insert into meter_number (number, house_id, meter_id)
    select given.number, ${houseId}::uuid, given.meter_id
    from unnest(${sorted.map(([number]) => number)}::text[], ${sorted.map(([, id]) => id)}::uuid[]) as given (number, meter_id)
    on conflict (number) do nothing returning number`.execute(trx);
  return rows.map(({ number }) => number);
}

/** Rows as one JSON parameter: one statement for any number of them. Every column must be given. */
const records = (rows: readonly object[]): string => JSON.stringify(rows);

export async function insertMeters(trx: Transaction, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into meter select * from json_populate_recordset(null::meter, ${records(rows)}::json)`.execute(trx);
}

/** Changes cards; the state of a device is not of the card. */
export async function updateMeters(trx: Transaction, houseId: HouseId, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const { numAffectedRows } = await sql`
    update meter set version_id = new.version_id, kind = new.kind, serial = new.serial, brand = new.brand, model = new.model,
      premises_id = new.premises_id, room_id = new.room_id, place = new.place, tariffs = new.tariffs, ratio = new.ratio,
      digits = new.digits, gives_volume = new.gives_volume, remote = new.remote, remote_note = new.remote_note,
      temperature_sensor = new.temperature_sensor, temperature_note = new.temperature_note,
      pressure_sensor = new.pressure_sensor, pressure_note = new.pressure_note, installed_on = new.installed_on,
      used_from = new.used_from, factory_sealed_on = new.factory_sealed_on, sealed_on = new.sealed_on,
      verified_on = new.verified_on, verification_interval = new.verification_interval, verify_by = new.verify_by,
      source_id = new.source_id, updated_at = new.updated_at
    from json_populate_recordset(null::meter, ${records(rows)}::json) as new
    where meter.house_id = ${houseId} and meter.meter_id = new.meter_id`.execute(trx);
  if (numAffectedRows !== BigInt(rows.length)) throw new Error('a device to be changed is not there');
}

export async function insertVersions(trx: Transaction, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into meter_version
    select * from json_populate_recordset(null::meter_version, ${records(rows)}::json)`.execute(trx);
}

export async function upsertMeterResources(
  trx: Transaction,
  houseId: HouseId,
  rows: readonly { meterId: MeterId; resource: string; unit: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into meter_resource (house_id, meter_id, resource, unit)
    select ${houseId}::uuid, given.* from unnest(${rows.map((row) => row.meterId)}::uuid[],
      ${rows.map((row) => row.resource)}::text[], ${rows.map((row) => row.unit)}::text[]) as given
    on conflict (house_id, meter_id, resource) do update set unit = excluded.unit`.execute(trx);
}

export async function deleteMeterResources(
  trx: Transaction,
  houseId: HouseId,
  rows: readonly { meterId: MeterId; resource: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    delete from meter_resource own using unnest(${rows.map((row) => row.meterId)}::uuid[],
      ${rows.map((row) => row.resource)}::text[]) as gone (meter_id, resource)
    where own.house_id = ${houseId} and own.meter_id = gone.meter_id and own.resource = gone.resource`.execute(trx);
}

type MeterAccount = { meterId: MeterId; accountId: AccountId; providerId: OrganisationId };

export async function insertMeterAccounts(
  trx: Transaction,
  houseId: HouseId,
  rows: readonly MeterAccount[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into meter_account (house_id, meter_id, account_id, provider_id)
    select ${houseId}::uuid, given.* from unnest(${rows.map((row) => row.meterId)}::uuid[],
      ${rows.map((row) => row.accountId)}::uuid[], ${rows.map((row) => row.providerId)}::uuid[]) as given
    on conflict (house_id, meter_id, account_id) do nothing`.execute(trx);
}

export async function deleteMeterAccounts(
  trx: Transaction,
  houseId: HouseId,
  rows: readonly MeterAccount[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    delete from meter_account own using unnest(${rows.map((row) => row.meterId)}::uuid[],
      ${rows.map((row) => row.accountId)}::uuid[]) as gone (meter_id, account_id)
    where own.house_id = ${houseId} and own.meter_id = gone.meter_id and own.account_id = gone.account_id`.execute(trx);
}
