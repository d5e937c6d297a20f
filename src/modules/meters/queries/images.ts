import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import { type Image, parseImage } from '../../../platform/database/image.ts';
import { type HouseId, idsFrom, type MeterId, type UploadId, type VersionId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import '../tables.ts';

/** Devices of a house whole: the columns, with `resources`, `accounts` and `links` as rows. */
export async function selectMeterImages(
  db: Db,
  houseId: HouseId,
  ids: readonly MeterId[],
): Promise<Map<MeterId, Image>> {
  if (ids.length === 0) return new Map();
  const own = (table: string, order: string) =>
    sql`(select coalesce(jsonb_agg(to_jsonb(o) - '{house_id,meter_id}'::text[] order by ${sql.ref(order)}), '[]')
      from ${sql.table(table)} o where o.house_id = m.house_id and o.meter_id = m.meter_id)`;
  const { rows } = await sql<{ id: MeterId; image: string }>`
    select m.meter_id as id, ((to_jsonb(m) - '{house_id,meter_id,version_id,updated_at}'::text[]) || jsonb_build_object(
      'resources', ${own('meter_resource', 'resource')}, 'accounts', ${own('meter_account', 'account_id')},
      'links', ${own('meter_link', 'other_id')}))::text as image
    from meter m where m.house_id = ${houseId} and m.meter_id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, image }) => [id, parseImage(image)]));
}

/** Gives devices back what stood in some of their columns, under the version that says so. */
export async function restoreMeterRows(
  trx: Transaction,
  houseId: HouseId,
  restored: readonly { meterId: MeterId; versionId: VersionId; fields: Image }[],
  at: Date,
): Promise<void> {
  if (restored.length === 0) return;
  const { rows } = await sql<{ id: MeterId; image: string }>`
    select meter_id as id, to_jsonb(meter)::text as image from meter
    where house_id = ${houseId} and meter_id = any(${restored.map(({ meterId }) => meterId)}::uuid[])`.execute(trx);
  const now = new Map(rows.map(({ id, image }) => [id, parseImage(image)]));
  const columns = [...new Set(restored.flatMap(({ fields }) => Object.keys(fields)))].filter(
    (name) => !['resources', 'accounts', 'links'].includes(name),
  );
  const whole = restored.map(({ meterId, versionId, fields: { resources: _r, accounts: _a, links: _l, ...own } }) => ({
    ...now.get(meterId)!,
    ...own,
    version_id: versionId,
    updated_at: at,
  }));
  await sql`
    update meter set ${sql.join([...columns, 'version_id', 'updated_at'].map((name) => sql`${sql.ref(name)} = n.${sql.ref(name)}`))}
    from json_populate_recordset(null::meter, ${JSON.stringify(whole)}::json) n
    where meter.house_id = ${houseId} and meter.meter_id = n.meter_id`.execute(trx);
}

const SETS = { resources: 'meter_resource', accounts: 'meter_account', links: 'meter_link' } as const;
const KEYS = { resources: 'resource', accounts: 'account_id', links: 'other_id' } as const;

/** Gives devices back what they measured, whom they charged or with whom they were tied. What has readings is measured on. */
export async function restoreMeterSet(
  trx: Transaction,
  houseId: HouseId,
  set: keyof typeof SETS,
  restored: readonly { meterId: MeterId; rows: readonly object[] }[],
): Promise<void> {
  if (restored.length === 0) return;
  const [table, key] = [sql.table(SETS[set]), sql.ref(KEYS[set])];
  const rows = restored.flatMap((one) => one.rows.map((row) => ({ ...row, house_id: houseId, meter_id: one.meterId })));
  const given = sql`json_populate_recordset(null::${table}, ${JSON.stringify(rows)}::json)`;
  await sql`
    delete from ${table} own where own.house_id = ${houseId}
      and own.meter_id = any(${restored.map(({ meterId }) => meterId)}::uuid[])
      and not exists (select from ${given} kept where kept.meter_id = own.meter_id and kept.${key} = own.${key})
      ${set === 'resources' ? sql`and not exists (select from reading where reading.house_id = own.house_id and reading.meter_id = own.meter_id and reading.resource = own.resource)` : sql``}`.execute(
    trx,
  );
  await sql`insert into ${table} select * from ${given} kept on conflict do nothing`.execute(trx);
  if (set !== 'accounts') {
    const column = sql.ref(set === 'resources' ? 'unit' : 'side');
    await sql`update ${table} own set ${column} = kept.${column} from ${given} kept
      where own.house_id = kept.house_id and own.meter_id = kept.meter_id and own.${key} = kept.${key}`.execute(trx);
  }
}

/** Devices that should never have been are counted by nothing. */
export async function forgetMeters(trx: Transaction, houseId: HouseId, ids: readonly MeterId[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`delete from consumption where house_id = ${houseId} and meter_id = any(${ids}::uuid[])`.execute(trx);
  await sql`delete from meter_link where house_id = ${houseId}
    and (meter_id = any(${ids}::uuid[]) or other_id = any(${ids}::uuid[]))`.execute(trx);
}

/** First values that an upload brought with devices count no more. */
export async function declineBases(trx: Transaction, houseId: HouseId, uploadId: UploadId): Promise<void> {
  await sql`update reading set state = 'declined' where house_id = ${houseId} and reading_id >= ${idsFrom(uploadId)}::uuid
    and upload_id = ${uploadId} and kind = 'base' and state = 'active'`.execute(trx);
}

/** Values of some devices that an upload did not bring, with when the first of them was taken. */
export async function selectForeignReadings(
  db: Db,
  houseId: HouseId,
  ids: readonly MeterId[],
  uploadId: UploadId,
): Promise<{ meterId: MeterId; count: number; first: Day }[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ meterId: MeterId; count: number; first: Day }>`
    select meter_id as "meterId", count(*)::int as count, min(taken_on) as first from reading
    where house_id = ${houseId} and meter_id = any(${ids}::uuid[]) and state = 'active'
      and upload_id is distinct from ${uploadId}::uuid group by 1 order by 1`.execute(db);
  return rows;
}

/** Accounts by which some devices charge. */
export async function selectMeteredAccounts(
  db: Db,
  houseId: HouseId,
  accounts: readonly string[],
): Promise<{ accountId: string; meters: number }[]> {
  if (accounts.length === 0) return [];
  const { rows } = await sql<{ accountId: string; meters: number }>`
    select own.account_id as "accountId", count(*)::int as meters from meter_account own
    join meter on meter.house_id = own.house_id and meter.meter_id = own.meter_id and meter.state <> 'archived'
    where own.house_id = ${houseId} and own.account_id = any(${accounts}::uuid[]) group by 1 order by 1`.execute(db);
  return rows;
}
