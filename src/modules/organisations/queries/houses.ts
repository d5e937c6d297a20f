/** The roll-up of an organisation's houses: its lists are served from here, not by asking every house. */
import { sql } from 'kysely';
import type { Desk, HouseScope } from '../../../platform/access.ts';
import type { Db } from '../../../platform/database/database.ts';
import { inScope } from '../../../platform/database/scope.ts';
import type { HouseId, OrganisationId } from '../../../platform/ids.ts';
import '../tables.ts';

/** Puts a house on an organisation's list, or corrects its line. Counts stay as they are. */
export async function placeHouse(
  db: Db,
  house: { organisationId: OrganisationId; houseId: HouseId; address: string; manages: boolean },
): Promise<void> {
  const line = { address: house.address, manages: house.manages };
  await db
    .insertInto('organisation_house')
    .values({ organisation_id: house.organisationId, house_id: house.houseId, ...line })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'house_id']).doUpdateSet(line))
    .execute();
}

/** The organisation manages the house no longer; it stays on the list while the organisation has accounts there. */
export async function removeHouse(db: Db, organisationId: OrganisationId, houseId: HouseId): Promise<void> {
  await db
    .updateTable('organisation_house')
    .set({ manages: false })
    .where('organisation_id', '=', organisationId)
    .where('house_id', '=', houseId)
    .execute();
  await db
    .deleteFrom('organisation_house')
    .where('organisation_id', '=', organisationId)
    .where('house_id', '=', houseId)
    .where('accounts', '=', 0)
    .execute();
}

/** How far the organisations of the installation have come: whether any has a house, and accounts in one. */
export async function selectFirstSteps(db: Db): Promise<{ houses: boolean; accounts: boolean }> {
  const { rows } = await sql<{ houses: boolean; accounts: boolean }>`
    select exists (select from organisation_house) as houses,
      exists (select from organisation_house where accounts > 0) as accounts`.execute(db);
  return rows[0]!;
}

export async function setHouseCounts(
  db: Db,
  organisationId: OrganisationId,
  houseId: HouseId,
  counts: { premises?: number; accounts?: number },
): Promise<void> {
  await db
    .updateTable('organisation_house')
    .set(counts)
    .where('organisation_id', '=', organisationId)
    .where('house_id', '=', houseId)
    .execute();
}

/** The database's own locale may know no Cyrillic: small and capital letters are told together by the Russian collation. */
const FOLDED_ADDRESS = sql<string>`lower(address collate "ru-x-icu")`;

/** A page of an organisation's houses by address, after the key of the last one shown. */
export async function selectHousePage(
  db: Db,
  input: {
    organisationId: OrganisationId;
    houses: HouseScope;
    search: string;
    after: { address: string; houseId: HouseId } | null;
    limit: number;
  },
) {
  let query = db
    .selectFrom('organisation_house')
    .select(['house_id as houseId', 'address', 'manages', 'premises', 'accounts'])
    .where('organisation_id', '=', input.organisationId)
    .where(inScope('house_id', input.houses));
  // Each word of the search on its own: «лескова 12» finds «ул. Лескова, д. 12».
  for (const word of input.search
    .toLowerCase()
    .split(/[\s,.]+/)
    .filter(Boolean)
    .slice(0, 8))
    query = query.where(FOLDED_ADDRESS, 'like', `%${word.replace(/[%_\\]/g, '\\$&')}%`);
  if (input.after)
    query = query.where(
      sql<boolean>`(address, house_id) > (${input.after.address}::text, ${input.after.houseId}::uuid)`,
    );
  return query.orderBy('address').orderBy('house_id').limit(input.limit).execute();
}

/** The organisation's line of a house, when it manages the house or has accounts there. */
export async function selectHouseLine(db: Db, organisationId: OrganisationId, houseId: HouseId) {
  return db
    .selectFrom('organisation_house')
    .select(['house_id as houseId', 'address', 'manages', 'premises', 'accounts'])
    .where('organisation_id', '=', organisationId)
    .where('house_id', '=', houseId)
    .executeTakeFirst();
}

/** The same for whoever sits at a desk: only of the houses that are open to them. */
export async function selectDeskHouse(db: Db, { organisationId, houses }: Desk, houseId: HouseId) {
  return db
    .selectFrom('organisation_house')
    .select(['house_id as houseId', 'address', 'manages', 'premises', 'accounts'])
    .where('organisation_id', '=', organisationId)
    .where('house_id', '=', houseId)
    .where(inScope('house_id', houses))
    .executeTakeFirst();
}

/** Those of some houses that are on an organisation's list. */
export async function selectOwnHouses(
  db: Db,
  organisationId: OrganisationId,
  houseIds: readonly HouseId[],
): Promise<Set<HouseId>> {
  if (houseIds.length === 0) return new Set();
  const { rows } = await sql<{ houseId: HouseId }>`
    select house_id as "houseId" from organisation_house
    where organisation_id = ${organisationId} and house_id = any(${houseIds}::uuid[])`.execute(db);
  return new Set(rows.map(({ houseId }) => houseId));
}

/** Houses of an organisation's list by id, from `from` on, itself included. */
export async function selectHouseIdsFrom(
  db: Db,
  organisationId: OrganisationId,
  from: HouseId | null,
  limit: number,
): Promise<HouseId[]> {
  let query = db.selectFrom('organisation_house').select('house_id').where('organisation_id', '=', organisationId);
  if (from) query = query.where('house_id', '>=', from);
  const rows = await query.orderBy('house_id').limit(limit).execute();
  return rows.map(({ house_id }) => house_id);
}

/** How many houses, premises and accounts are open to whoever sits at a desk. */
export async function countHouses(db: Db, { organisationId, houses }: Desk) {
  const row = await db
    .selectFrom('organisation_house')
    .select((where) => [
      where.fn.countAll<bigint>().as('houses'),
      where.fn.countAll<bigint>().filterWhere('manages', '=', true).as('managed'),
      where.fn.coalesce(where.fn.sum<bigint>('premises'), sql<bigint>`0`).as('premises'),
      where.fn.coalesce(where.fn.sum<bigint>('accounts'), sql<bigint>`0`).as('accounts'),
    ])
    .where('organisation_id', '=', organisationId)
    .where(inScope('house_id', houses))
    .executeTakeFirstOrThrow();
  return {
    houses: Number(row.houses),
    managed: Number(row.managed),
    premises: Number(row.premises),
    accounts: Number(row.accounts),
  };
}
