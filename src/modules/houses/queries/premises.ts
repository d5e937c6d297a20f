import { type Selectable, sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { HouseId, PremisesId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import type { HouseCard, Ownership, PremisesCard, PremisesCategory } from '../house.ts';
import type { HouseTable } from '../tables.ts';
import { cardOf } from './houses.ts';
import { type OwnershipJson, ownershipOfJson } from './ownership.ts';
import '../../organisations/tables.ts';
import '../tables.ts';

// bigint goes through JSON as text: a JSON number would come back as a float.
const OWNERS = sql<OwnershipJson[]>`coalesce((
  select json_agg(json_build_object(
    'ownershipId', ownership.ownership_id, 'premisesId', ownership.premises_id, 'holder', ownership.holder,
    'familyName', ownership.family_name, 'givenName', ownership.given_name, 'middleName', ownership.middle_name,
    'snils', ownership.snils, 'ogrn', ownership.ogrn, 'organisationName', ownership.organisation_name,
    'kindCode', ownership.kind_code, 'numerator', ownership.numerator::text, 'denominator', ownership.denominator::text,
    'registrationNumber', ownership.registration_number, 'registeredOn', ownership.registered_on)
    order by ownership.ownership_id)
  from ownership
  where ownership.house_id = premises.house_id and ownership.premises_id = premises.premises_id
    and ownership.ended_on is null), '[]')`;

const CARD = [
  'premises.house_id as houseId',
  'premises_id as premisesId',
  'category',
  'number',
  'entrance_number as entranceNumber',
  'characteristic_code as characteristicCode',
  'premises.total_area as totalArea',
  'living_area as livingArea',
  'premises.cadastral_number as cadastralNumber',
  'common_property as commonProperty',
  'confirmed',
  'described',
  'closed_on as closedOn',
  'premises.updated_at as updatedAt',
] as const;

const withOwners = <Row extends { owners: OwnershipJson[]; closedOn: string | null }>(row: Row) => ({
  ...row,
  closedOn: row.closedOn as Day | null,
  owners: row.owners.map(ownershipOfJson),
});

/** Premises of one house with their current owners. */
export async function selectPremises(db: Db, houseId: HouseId, ids: readonly PremisesId[]): Promise<PremisesCard[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('premises')
    .select(CARD)
    .select(OWNERS.as('owners'))
    .where('house_id', '=', houseId)
    .where((where) => where('premises_id', '=', where.fn.any(where.val(ids as PremisesId[]))))
    .execute();
  return rows.map(withOwners);
}

export interface Home {
  house: HouseCard;
  /** Short name of the organisation that manages the house. */
  manager: string | null;
  premises: (Omit<PremisesCard, 'owners'> & { owners: Pick<Ownership, 'holder' | 'snils'>[] })[];
}

/** A house and some of its premises with who owns them, in one statement: the home page has few to spend. */
export async function selectHome(db: Db, houseId: HouseId, ids: readonly PremisesId[]): Promise<Home | null> {
  // Plain SQL: the page that everybody opens first pays for each statement that is built.
  const { rows } = await sql<Selectable<HouseTable> & { manager: string | null; homes: HomePremises[] }>`
    select house.*, organisation.short_name as manager, coalesce((
      select json_agg(json_build_object(
        'houseId', premises.house_id, 'premisesId', premises.premises_id, 'category', premises.category, 'number', premises.number,
        'entranceNumber', premises.entrance_number, 'characteristicCode', premises.characteristic_code,
        'totalArea', premises.total_area::text, 'livingArea', premises.living_area::text,
        'cadastralNumber', premises.cadastral_number, 'commonProperty', premises.common_property, 'confirmed', premises.confirmed,
        'described', premises.described, 'closedOn', premises.closed_on, 'updatedAt', premises.updated_at,
        'owners', ${OWNERS}))
      from premises
      where premises.house_id = house.house_id and premises.premises_id = any(${ids}::uuid[])), '[]') as homes
    from house left join organisation on organisation.organisation_id = house.manager_id
    where house.house_id = ${houseId}`.execute(db);
  const [row] = rows;
  if (!row) return null;
  return {
    house: cardOf(row),
    manager: row.manager,
    premises: row.homes.map((one) => ({
      ...one,
      updatedAt: new Date(one.updatedAt),
      owners: one.owners.map(ownershipOfJson),
    })),
  };
}
type HomePremises = Omit<PremisesCard, 'owners' | 'updatedAt'> & { updatedAt: string; owners: OwnershipJson[] };

export interface PremisesPageInput {
  houseId: HouseId;
  /** Number or its beginning. */
  search: string;
  after: PremisesKey | null;
  limit: number;
}
/** Premises are shown by number as people count: 2 before 10, «10а» after 10. */
export interface PremisesKey {
  digits: number;
  number: string;
  category: PremisesCategory;
}

const DIGITS = sql<number>`coalesce(nullif(left(substring(number from '[0-9]+'), 9), '')::int, 0)`;

/** A page of a house's premises with the count of owners, in the order of numbers, after the last one shown. */
export async function selectPremisesPage(db: Db, input: PremisesPageInput) {
  let query = db
    .selectFrom('premises')
    .select([
      'premises_id as premisesId',
      'category',
      'number',
      'entrance_number as entranceNumber',
      'total_area as totalArea',
      'living_area as livingArea',
      'closed_on as closedOn',
      DIGITS.as('digits'),
      sql<bigint>`(select count(*) from ownership where ownership.house_id = premises.house_id
        and ownership.premises_id = premises.premises_id and ended_on is null)`.as('owners'),
    ])
    .where('house_id', '=', input.houseId);
  if (input.search)
    query = query.where(
      sql<string>`lower(number collate "ru-x-icu")`,
      'like',
      `${input.search.toLowerCase().replace(/[%_\\]/g, '\\$&')}%`,
    );
  if (input.after)
    query = query.where(
      sql<boolean>`(${DIGITS}, number, category) > (${input.after.digits}::int, ${input.after.number}::text, ${input.after.category}::text)`,
    );
  return query.orderBy(DIGITS).orderBy('number').orderBy('category').limit(input.limit).execute();
}

/** Locks the premises inside a transaction; false when the house has no such. */
export async function lockPremises(db: Db, houseId: HouseId, premisesId: PremisesId): Promise<boolean> {
  const row = await db
    .selectFrom('premises')
    .select('premises_id')
    .where('house_id', '=', houseId)
    .where('premises_id', '=', premisesId)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}
