import type { Selectable } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import { type HouseId, newId, type PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import type { ColumnOfHouse, HouseCard, HouseChanges, HouseInput } from '../house.ts';
import type { HouseTable } from '../tables.ts';
import '../tables.ts';

const COLUMNS = {
  fiasGuid: 'fias_guid',
  kindCode: 'kind_code',
  regionCode: 'region_code',
  oktmo: 'oktmo',
  zone: 'zone',
  address: 'address',
  shortAddress: 'short_address',
  postalIndex: 'postal_index',
  cadastralNumber: 'cadastral_number',
  uniqueNumber: 'unique_number',
  stateCode: 'state_code',
  stageCode: 'stage_code',
  managementCode: 'management_code',
  totalArea: 'total_area',
  yearBuilt: 'year_built',
  yearInUse: 'year_in_use',
  storeysMax: 'storeys_max',
  storeysMin: 'storeys_min',
  undergroundStoreys: 'underground_storeys',
  heritage: 'heritage',
  wearPercent: 'wear_percent',
  wearOn: 'wear_on',
  capitalRepairYear: 'capital_repair_year',
  managerId: 'manager_id',
  managedFrom: 'managed_from',
  latitude: 'latitude',
  longitude: 'longitude',
  sourceId: 'source_id',
} as const satisfies Record<keyof Omit<HouseCard, 'houseId' | 'updatedAt'>, ColumnOfHouse>;

export function cardOf(row: Selectable<HouseTable>): HouseCard {
  const card: Record<string, unknown> = { houseId: row.house_id, updatedAt: row.updated_at };
  for (const [field, column] of Object.entries(COLUMNS)) card[field] = row[column];
  return card as unknown as HouseCard;
}

/** Columns by name as what they say of a house; those that are no part of its card are left out. */
export const changesOfRow = (row: Readonly<Record<string, unknown>>): HouseChanges =>
  Object.fromEntries(
    Object.entries(COLUMNS)
      .filter(([, column]) => column in row)
      .map(([field, column]) => [field, row[column]]),
  ) as HouseChanges;

const rowOf = (changes: HouseChanges): Partial<Selectable<HouseTable>> =>
  Object.fromEntries(
    Object.entries(COLUMNS)
      .filter(([field]) => changes[field as keyof HouseChanges] !== undefined)
      .map(([field, column]) => [column, changes[field as keyof HouseChanges]]),
  );

export async function selectHouse(db: Db, houseId: HouseId): Promise<HouseCard | null> {
  const row = await db.selectFrom('house').selectAll().where('house_id', '=', houseId).executeTakeFirst();
  return row ? cardOf(row) : null;
}

/** For staff and jobs: a resident's page reads one house a statement. */
export async function selectHouses(db: Db, ids: readonly HouseId[]): Promise<HouseCard[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('house')
    .selectAll()
    .where((where) => where('house_id', '=', where.fn.any(where.val(ids as HouseId[]))))
    .execute();
  return rows.map(cardOf);
}

/** The house with its row locked, inside a transaction. */
export async function lockHouse(db: Db, houseId: HouseId): Promise<HouseCard | null> {
  const row = await db.selectFrom('house').selectAll().where('house_id', '=', houseId).forUpdate().executeTakeFirst();
  return row ? cardOf(row) : null;
}

export async function selectHouseIdByFias(db: Db, fiasGuid: string): Promise<HouseId | null> {
  const row = await db
    .selectFrom('house_address')
    .select('house_id')
    .where('fias_guid', '=', fiasGuid)
    .executeTakeFirst();
  return row?.house_id ?? null;
}

/** The houses that are here, by their ФИАС GUID. */
export async function selectHouseIdsByFias(db: Db, fiasGuids: readonly string[]): Promise<Map<string, HouseId>> {
  if (fiasGuids.length === 0) return new Map();
  const rows = await db
    .selectFrom('house_address')
    .select(['fias_guid', 'house_id'])
    .where('fias_guid', 'in', fiasGuids)
    .execute();
  return new Map(rows.map((row) => [row.fias_guid, row.house_id]));
}

/** The house of a ФИАС address, `fresh` when it has none yet. Two loads at once meet at the look-up's key. */
export async function claimAddress(db: Db, fiasGuid: string, fresh: HouseId): Promise<HouseId> {
  await db
    .insertInto('house_address')
    .values({ fias_guid: fiasGuid, house_id: fresh })
    .onConflict((conflict) => conflict.column('fias_guid').doNothing())
    .execute();
  return (await selectHouseIdByFias(db, fiasGuid)) ?? fresh;
}

export async function insertHouse(db: Db, houseId: HouseId, input: HouseInput, at: Date): Promise<void> {
  await db
    .insertInto('house')
    .values({
      house_id: houseId,
      updated_at: at,
      ...(rowOf(input) as Omit<Selectable<HouseTable>, 'house_id' | 'updated_at'>),
    })
    .execute();
}

export async function updateHouse(db: Db, houseId: HouseId, changes: HouseChanges, at: Date): Promise<void> {
  await db
    .updateTable('house')
    .set({ ...rowOf(changes), updated_at: at })
    .where('house_id', '=', houseId)
    .execute();
}

/** Keeps what a card said until now. */
export async function insertHouseVersion(db: Db, card: HouseCard, replacedBy: PersonId, at: Date): Promise<void> {
  await db
    .insertInto('house_version')
    .values({
      house_id: card.houseId,
      version_id: newId(),
      replaced_at: at,
      replaced_by: replacedBy,
      card: JSON.stringify(card),
    })
    .execute();
}

/** Earlier cards, the newest first. */
export async function selectHouseVersions(db: Db, houseId: HouseId) {
  return db
    .selectFrom('house_version')
    .select(['version_id as versionId', 'replaced_at as replacedAt', 'card'])
    .where('house_id', '=', houseId)
    .orderBy('version_id', 'desc')
    .limit(50)
    .execute();
}

export async function selectEntrances(db: Db, houseId: HouseId) {
  const rows = await db
    .selectFrom('entrance')
    .select(['entrance_id as entranceId', 'number', 'storeys', 'year_built as yearBuilt', 'closed_on as closedOn'])
    .where('house_id', '=', houseId)
    .execute();
  const inOrder = new Intl.Collator('ru', { numeric: true }).compare;
  return rows
    .map((row) => ({ ...row, closedOn: row.closedOn as Day | null }))
    .sort((a, b) => inOrder(a.number, b.number));
}

export async function selectLifts(db: Db, houseId: HouseId) {
  return db
    .selectFrom('lift')
    .select([
      'lift_id as liftId',
      'entrance_number as entranceNumber',
      'factory_number as factoryNumber',
      'kind_code as kindCode',
      'service_limit as serviceLimit',
    ])
    .where('house_id', '=', houseId)
    .orderBy('entrance_number')
    .orderBy('factory_number')
    .execute();
}

export interface HouseCounts {
  premises: number;
  flats: number;
  entrances: number;
  lifts: number;
}

export async function countParts(db: Db, houseId: HouseId): Promise<HouseCounts> {
  const row = await db
    .selectFrom('house')
    .select((where) => {
      const premises = where
        .selectFrom('premises')
        .whereRef('premises.house_id', '=', 'house.house_id')
        .where('closed_on', 'is', null);
      const all = where.fn.countAll<bigint>().as('count');
      return [
        premises.select(all).as('premises'),
        premises.select(all).where('category', '=', 'residential').as('flats'),
        where
          .selectFrom('entrance')
          .select(all)
          .whereRef('entrance.house_id', '=', 'house.house_id')
          .where('closed_on', 'is', null)
          .as('entrances'),
        where.selectFrom('lift').select(all).whereRef('lift.house_id', '=', 'house.house_id').as('lifts'),
      ];
    })
    .where('house_id', '=', houseId)
    .executeTakeFirst();
  return {
    premises: Number(row?.premises ?? 0),
    flats: Number(row?.flats ?? 0),
    entrances: Number(row?.entrances ?? 0),
    lifts: Number(row?.lifts ?? 0),
  };
}

/** Ids of houses in their order, after one; for jobs that walk over all of them. */
export async function selectHouseIds(db: Db, after: HouseId | null, limit: number): Promise<HouseId[]> {
  let query = db.selectFrom('house').select('house_id');
  if (after) query = query.where('house_id', '>', after);
  const rows = await query.orderBy('house_id').limit(limit).execute();
  return rows.map((row) => row.house_id);
}
