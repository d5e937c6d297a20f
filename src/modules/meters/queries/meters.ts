import { type Selectable, sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { AccountId, HouseId, MeterId, OrganisationId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import type { Meter, MeterResource } from '../meter.ts';
import type { MeterTable } from '../tables.ts';
import '../tables.ts';

type MeterRow = Selectable<MeterTable> & { resources: MeterResource[]; accounts: Meter['accounts'] };

const toMeter = (row: MeterRow): Meter => ({
  houseId: row.house_id,
  meterId: row.meter_id,
  versionId: row.version_id,
  number: row.number,
  kind: row.kind,
  serial: row.serial,
  brand: row.brand,
  model: row.model,
  premisesId: row.premises_id,
  roomId: row.room_id,
  place: row.place,
  tariffs: row.tariffs,
  ratio: row.ratio,
  digits: row.digits,
  givesVolume: row.gives_volume,
  remote: row.remote,
  remoteNote: row.remote_note,
  temperatureSensor: row.temperature_sensor,
  temperatureNote: row.temperature_note,
  pressureSensor: row.pressure_sensor,
  pressureNote: row.pressure_note,
  installedOn: row.installed_on as Day | null,
  usedFrom: row.used_from as Day | null,
  factorySealedOn: row.factory_sealed_on as Day | null,
  sealedOn: row.sealed_on as Day | null,
  verifiedOn: row.verified_on as Day | null,
  verificationInterval: row.verification_interval,
  verifyBy: row.verify_by as Day | null,
  state: row.state,
  brokenOn: row.broken_on as Day | null,
  brokenReason: row.broken_reason,
  archivedOn: row.archived_on as Day | null,
  archiveReason: row.archive_reason,
  replacedBy: row.replaced_by,
  sourceId: row.source_id,
  updatedAt: row.updated_at,
  resources: row.resources,
  accounts: row.accounts,
});

/** A device with what it measures and whom it charges: the beginning of every statement that reads devices. */
const WHOLE = sql`
  select meter.*,
    (select coalesce(json_agg(json_build_object('resource', resource, 'unit', unit) order by resource), '[]')
      from meter_resource where house_id = meter.house_id and meter_id = meter.meter_id) as resources,
    (select coalesce(json_agg(json_build_object('accountId', account_id, 'providerId', provider_id) order by account_id), '[]')
      from meter_account where house_id = meter.house_id and meter_id = meter.meter_id) as accounts
  from meter`;

export async function selectMeters(db: Db, houseId: HouseId, ids: readonly MeterId[]): Promise<Meter[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<MeterRow>`${WHOLE} where house_id = ${houseId} and meter_id = any(${ids}::uuid[])
    order by meter_id`.execute(db);
  return rows.map(toMeter);
}

/**
 * The same, held until the transaction ends: whatever changes a device or its readings waits here for its turn. They are read once they
 * are held: a statement that has waited would see the accounts of a device as they stood before.
 */
export async function lockMeters(trx: Transaction, houseId: HouseId, ids: readonly MeterId[]): Promise<Meter[]> {
  if (ids.length === 0) return [];
  await sql`select meter_id from meter where house_id = ${houseId} and meter_id = any(${ids}::uuid[])
    order by meter_id for no key update`.execute(trx);
  return selectMeters(trx, houseId, ids);
}

/** Devices of a person's accounts: one that is closed opens none, for who has moved out has no business with the next payer's values. */
export const metersOfOpen = (houseId: HouseId, accountIds: readonly AccountId[]) => sql`
  select own.meter_id from meter_account own
  join account on account.house_id = ${houseId} and account.account_id = own.account_id and account.closed_on is null
  where own.house_id = ${houseId} and own.account_id = any(${accountIds}::uuid[])`;

/**
 * Devices that charge any of the accounts, those in the archive only when asked for; accounts of other persons are not named.
 * @param open of open accounts alone
 */
export async function selectMetersOfAccounts(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
  { archived = false, open = false } = {},
): Promise<Meter[]> {
  if (accountIds.length === 0) return [];
  const own = open
    ? metersOfOpen(houseId, accountIds)
    : sql`select meter_id from meter_account where house_id = ${houseId} and account_id = any(${accountIds}::uuid[])`;
  const { rows } =
    await sql<MeterRow>`${WHOLE} where house_id = ${houseId} and (state <> 'archived' or ${archived}::boolean) and meter_id in (${own})
    order by premises_id, meter_id`.execute(db);
  return rows.map(toMeter);
}

/** Ids of all devices that charge any of a person's open accounts, those in the archive too. */
export async function selectMeterIdsOfAccounts(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
): Promise<Set<MeterId>> {
  const { rows } = await sql<{ meterId: MeterId }>`
    select meter_id as "meterId" from (${metersOfOpen(houseId, accountIds)}) own`.execute(db);
  return new Set(rows.map(({ meterId }) => meterId));
}

/** Devices of some houses that an organisation sees, by house and device, after the last one shown; those in the archive too. */
export async function selectSeenMeters(
  db: Db,
  input: {
    organisationId: OrganisationId;
    houseIds: readonly HouseId[];
    after: { houseId: HouseId; meterId: MeterId } | null;
    limit: number;
  },
): Promise<Meter[]> {
  const { organisationId, houseIds, after, limit } = input;
  const { rows } = await sql<MeterRow>`${WHOLE} where house_id = any(${houseIds}::uuid[])
      ${after ? sql`and (house_id, meter_id) > (${after.houseId}::uuid, ${after.meterId}::uuid)` : sql``}
      and (kind = 'house' or exists (select from meter_account own where own.house_id = meter.house_id
        and own.meter_id = meter.meter_id and own.provider_id = ${organisationId}::uuid))
    order by house_id, meter_id limit ${limit}`.execute(db);
  return rows.map(toMeter);
}
