import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { HouseId, MeterId, OrganisationId, PersonId, VersionId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import { type FitnessVersion, type UnfitSpan, unfitSpans } from '../fitness.ts';
import type { Meter, MeterState } from '../meter.ts';
import type { MeterChange } from '../tables.ts';
import '../tables.ts';

/** Moves a device from one state to another. @returns false when it is not in that state any more */
export async function moveMeter(
  trx: Transaction,
  from: MeterState,
  meter: Pick<
    Meter,
    | 'houseId'
    | 'meterId'
    | 'versionId'
    | 'state'
    | 'brokenOn'
    | 'brokenReason'
    | 'archivedOn'
    | 'archiveReason'
    | 'replacedBy'
    | 'updatedAt'
  >,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('meter')
    .set({
      version_id: meter.versionId,
      state: meter.state,
      broken_on: meter.brokenOn,
      broken_reason: meter.brokenReason,
      archived_on: meter.archivedOn,
      archive_reason: meter.archiveReason,
      replaced_by: meter.replacedBy,
      updated_at: meter.updatedAt,
    })
    .where('house_id', '=', meter.houseId)
    .where('meter_id', '=', meter.meterId)
    .where('state', '=', from)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export interface MeterVersion {
  versionId: VersionId;
  change: MeterChange;
  onDay: Day;
  organisationId: OrganisationId | null;
  personId: PersonId;
  at: Date;
  card: Record<string, unknown>;
}

/** The life of a device, the latest change first, after the last one shown. */
export async function selectVersions(
  db: Db,
  houseId: HouseId,
  meterId: MeterId,
  limit: number,
): Promise<MeterVersion[]> {
  const rows = await db
    .selectFrom('meter_version')
    .select(['version_id', 'change', 'on_day', 'organisation_id', 'person_id', 'at', 'card'])
    .where('house_id', '=', houseId)
    .where('meter_id', '=', meterId)
    .orderBy('version_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    versionId: row.version_id,
    change: row.change,
    onDay: row.on_day as Day,
    organisationId: row.organisation_id,
    personId: row.person_id,
    at: row.at,
    card: row.card as Record<string, unknown>,
  }));
}

/** When each of some devices was unfit, of all their changes. @returns the spans of a device */
export async function selectUnfit(
  db: Db,
  houseId: HouseId,
  meters: readonly Meter[],
): Promise<(meter: Meter) => UnfitSpan[]> {
  const { rows } = await sql<FitnessVersion & { meterId: MeterId }>`
    select meter_id as "meterId", change, on_day as "onDay", (card ->> 'verifiedOn')::date as "verifiedOn",
      (card ->> 'verificationInterval')::int as "verificationInterval"
    from meter_version where house_id = ${houseId}::uuid and meter_id = any(${meters.map(({ meterId }) => meterId)}::uuid[])
    order by meter_id, version_id`.execute(db);
  const versions = Map.groupBy(rows, ({ meterId }) => meterId);
  return (meter) => unfitSpans(meter, versions.get(meter.meterId) ?? []);
}

/** The device whose place another has taken. */
export async function selectPredecessor(db: Db, houseId: HouseId, meterId: MeterId) {
  const { rows } = await sql<{ meterId: MeterId; serial: string; archivedOn: Day }>`
    select meter_id as "meterId", serial, archived_on as "archivedOn" from meter
    where house_id = ${houseId}::uuid and replaced_by = ${meterId}::uuid
      and premises_id is not distinct from (select premises_id from meter where house_id = ${houseId}::uuid and meter_id = ${meterId}::uuid)
    limit 1`.execute(db);
  return rows[0] ?? null;
}
