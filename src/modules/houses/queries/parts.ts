import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import { type HouseId, newId, type PremisesId, type RoomId } from '../../../platform/ids.ts';
import type { PremisesCategory } from '../house.ts';
import '../tables.ts';

export interface PremisesPlace {
  category: PremisesCategory;
  number: string;
}
export interface PremisesInput extends PremisesPlace {
  entranceNumber?: string | null;
  /** НСИ 30. */
  characteristicCode?: string | null;
  /** Exact decimal text, m². */
  totalArea?: string | null;
  livingArea?: string | null;
  cadastralNumber?: string | null;
  commonProperty?: boolean;
  confirmed?: boolean;
  closedOn?: string | null;
}
export interface EntranceInput {
  number: string;
  storeys?: number | null;
  yearBuilt?: number | null;
  closedOn?: string | null;
}
export interface RoomInput {
  premisesId: PremisesId;
  number: string;
  area?: string | null;
  cadastralNumber?: string | null;
  confirmed?: boolean;
}
export interface LiftInput {
  entranceNumber: string;
  factoryNumber: string;
  /** НСИ 192. */
  kindCode?: string | null;
  serviceLimit?: string | null;
  details?: Record<string, unknown>;
}

/** Names premises within their house, for finding them among what the functions below return. */
export const placeKey = ({ category, number }: PremisesPlace): string => `${category} ${number}`;

/**
 * One row of each key, the last one given (a statement may not write a row twice), in one order: two loads of a house at once
 * wait for each other instead of dying of a deadlock.
 */
function inOrder<Row>(rows: readonly Row[], key: (row: Row) => string): Row[] {
  const byKey = new Map(rows.map((row) => [key(row), row]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

const idsByPlace = (rows: readonly (PremisesPlace & { premisesId: PremisesId })[]): Map<string, PremisesId> =>
  new Map(rows.map((row) => [placeKey(row), row.premisesId]));

/** Describes premises: each row says all of its card, what it leaves out becomes empty. Returns ids by `placeKey`. */
export async function upsertPremises(
  db: Db,
  houseId: HouseId,
  rows: readonly PremisesInput[],
  at: Date,
): Promise<Map<string, PremisesId>> {
  const given = inOrder(rows, placeKey);
  if (given.length === 0) return new Map();
  const column = <T>(pick: (row: PremisesInput) => T) => given.map(pick);
  const { rows: written } = await sql<PremisesPlace & { premisesId: PremisesId }>`
    insert into premises (house_id, premises_id, category, number, entrance_number, characteristic_code, total_area, living_area,
      cadastral_number, common_property, confirmed, closed_on, described, updated_at)
    select ${houseId}::uuid, given.*, true, ${at}::timestamptz
    from unnest(${column(() => newId<PremisesId>())}::uuid[], ${column((row) => row.category)}::text[],
      ${column((row) => row.number)}::text[], ${column((row) => row.entranceNumber ?? null)}::text[],
      ${column((row) => row.characteristicCode ?? null)}::text[], ${column((row) => row.totalArea ?? null)}::numeric[],
      ${column((row) => row.livingArea ?? null)}::numeric[], ${column((row) => row.cadastralNumber ?? null)}::text[],
      ${column((row) => row.commonProperty ?? false)}::boolean[], ${column((row) => row.confirmed ?? false)}::boolean[],
      ${column((row) => row.closedOn ?? null)}::date[]) as given
    on conflict (house_id, category, number) do update set
      entrance_number = excluded.entrance_number, characteristic_code = excluded.characteristic_code,
      total_area = excluded.total_area, living_area = excluded.living_area, cadastral_number = excluded.cadastral_number,
      common_property = excluded.common_property, confirmed = excluded.confirmed, closed_on = excluded.closed_on,
      described = excluded.described, updated_at = excluded.updated_at
    returning premises_id as "premisesId", category, number`.execute(db);
  return idsByPlace(written);
}

/** The premises of a house by `placeKey`. */
export async function selectPlaceKeys(db: Db, houseId: HouseId): Promise<Set<string>> {
  const rows = await db.selectFrom('premises').select(['category', 'number']).where('house_id', '=', houseId).execute();
  return new Set(rows.map(placeKey));
}

/**
 * Premises that an account names and nobody has described yet are made; those that are there stay as they are. Undescribed ones are closed
 * only with the upload that made them: named again, they are open.
 */
export async function ensurePremises(
  db: Db,
  houseId: HouseId,
  places: readonly PremisesPlace[],
  at: Date,
): Promise<Map<string, PremisesId>> {
  const given = inOrder(places, placeKey);
  if (given.length === 0) return new Map();
  const [categories, numbers] = [given.map((place) => place.category), given.map((place) => place.number)];
  await sql`
    insert into premises (house_id, premises_id, category, number, updated_at)
    select ${houseId}::uuid, given.*, ${at}::timestamptz
    from unnest(${given.map(() => newId<PremisesId>())}::uuid[], ${categories}::text[], ${numbers}::text[]) as given
    on conflict (house_id, category, number) do update set closed_on = null
      where premises.closed_on is not null and not premises.described`.execute(db);
  const { rows } = await sql<PremisesPlace & { premisesId: PremisesId }>`
    select premises_id as "premisesId", category, number from premises
    where house_id = ${houseId}::uuid
      and (category, number) in (select * from unnest(${categories}::text[], ${numbers}::text[]))`.execute(db);
  return idsByPlace(rows);
}

export async function upsertEntrances(db: Db, houseId: HouseId, rows: readonly EntranceInput[]): Promise<void> {
  const given = inOrder(rows, (row) => row.number);
  if (given.length === 0) return;
  await sql`
    insert into entrance (house_id, entrance_id, number, storeys, year_built, closed_on)
    select ${houseId}::uuid, given.*
    from unnest(${given.map(() => newId<never>() as string)}::uuid[], ${given.map((row) => row.number)}::text[],
      ${given.map((row) => row.storeys ?? null)}::int[], ${given.map((row) => row.yearBuilt ?? null)}::int[],
      ${given.map((row) => row.closedOn ?? null)}::date[]) as given
    on conflict (house_id, number) do update set
      storeys = excluded.storeys, year_built = excluded.year_built, closed_on = excluded.closed_on`.execute(db);
}

/** Returns ids by premises and number: `${premisesId} ${number}`. */
export async function upsertRooms(
  db: Db,
  houseId: HouseId,
  rows: readonly RoomInput[],
  at: Date,
): Promise<Map<string, RoomId>> {
  const given = inOrder(rows, (row) => `${row.premisesId} ${row.number}`);
  if (given.length === 0) return new Map();
  const { rows: written } = await sql<{ roomId: RoomId; premisesId: PremisesId; number: string }>`
    insert into room (house_id, room_id, premises_id, number, area, cadastral_number, confirmed, updated_at)
    select ${houseId}::uuid, given.*, ${at}::timestamptz
    from unnest(${given.map(() => newId<RoomId>())}::uuid[], ${given.map((row) => row.premisesId)}::uuid[],
      ${given.map((row) => row.number)}::text[], ${given.map((row) => row.area ?? null)}::numeric[],
      ${given.map((row) => row.cadastralNumber ?? null)}::text[], ${given.map((row) => row.confirmed ?? false)}::boolean[]) as given
    on conflict (house_id, premises_id, number) do update set
      area = excluded.area, cadastral_number = excluded.cadastral_number, confirmed = excluded.confirmed,
      updated_at = excluded.updated_at
    returning room_id as "roomId", premises_id as "premisesId", number`.execute(db);
  return new Map(written.map((row) => [`${row.premisesId} ${row.number}`, row.roomId]));
}

export async function upsertLifts(db: Db, houseId: HouseId, rows: readonly LiftInput[]): Promise<void> {
  const given = inOrder(rows, (row) => `${row.entranceNumber} ${row.factoryNumber}`);
  if (given.length === 0) return;
  await sql`
    insert into lift (house_id, lift_id, entrance_number, factory_number, kind_code, service_limit, details)
    select ${houseId}::uuid, given.*
    from unnest(${given.map(() => newId<never>() as string)}::uuid[], ${given.map((row) => row.entranceNumber)}::text[],
      ${given.map((row) => row.factoryNumber)}::text[], ${given.map((row) => row.kindCode ?? null)}::text[],
      ${given.map((row) => row.serviceLimit ?? null)}::text[], ${given.map((row) => JSON.stringify(row.details ?? {}))}::jsonb[]) as given
    on conflict (house_id, entrance_number, factory_number) do update set
      kind_code = excluded.kind_code, service_limit = excluded.service_limit, details = excluded.details`.execute(db);
}

export async function selectRooms(db: Db, houseId: HouseId, premisesId: PremisesId) {
  return db
    .selectFrom('room')
    .select(['room_id as roomId', 'number', 'area', 'cadastral_number as cadastralNumber'])
    .where('house_id', '=', houseId)
    .where('premises_id', '=', premisesId)
    .orderBy('number')
    .limit(200)
    .execute();
}
