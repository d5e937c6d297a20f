import { type Insertable, sql, type Updateable } from 'kysely';
import type { Db, Tables } from '../../../platform/database/database.ts';
import type { AnswerId, AppealPartId, HouseId } from '../../../platform/ids.ts';
import type { AppealKey } from '../appeal.ts';
import '../tables.ts';

/** Writes the appeal and its number. @returns false when the number is taken: try another. */
export async function insertAppeal(db: Db, row: Insertable<Tables['appeal']>): Promise<boolean> {
  const number = await db
    .insertInto('appeal_number')
    .values({ number: row.number, house_id: row.house_id, appeal_id: row.appeal_id })
    .onConflict((conflict) => conflict.column('number').doNothing())
    .executeTakeFirst();
  if (number.numInsertedOrUpdatedRows !== 1n) return false;
  await db.insertInto('appeal').values(row).execute();
  return true;
}

export async function updateAppeal(db: Db, key: AppealKey, changes: Updateable<Tables['appeal']>): Promise<void> {
  const result = await db
    .updateTable('appeal')
    .set(changes)
    .where('house_id', '=', key.houseId)
    .where('appeal_id', '=', key.appealId)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) throw new Error('an appeal to change is not there');
}

export async function insertPart(db: Db, row: Insertable<Tables['appeal_part']>): Promise<void> {
  await db.insertInto('appeal_part').values(row).execute();
}

export async function updatePart(
  db: Db,
  { houseId, partId }: { houseId: HouseId; partId: AppealPartId },
  changes: Updateable<Tables['appeal_part']>,
): Promise<void> {
  const result = await db
    .updateTable('appeal_part')
    .set(changes)
    .where('house_id', '=', houseId)
    .where('part_id', '=', partId)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) throw new Error('a part of an appeal to change is not there');
}

export async function insertEvent(
  db: Db,
  { details, ...row }: Omit<Insertable<Tables['appeal_event']>, 'details'> & { details: object },
): Promise<void> {
  await db
    .insertInto('appeal_event')
    .values({ ...row, details: JSON.stringify(details) })
    .execute();
}

export async function insertFiles(db: Db, rows: readonly Insertable<Tables['appeal_file']>[]): Promise<void> {
  if (rows.length > 0) await db.insertInto('appeal_file').values(rows).execute();
}

export async function insertAnswer(db: Db, row: Insertable<Tables['appeal_answer']>): Promise<void> {
  await db.insertInto('appeal_answer').values(row).execute();
}

export async function updateAnswer(
  db: Db,
  { houseId, answerId }: { houseId: HouseId; answerId: AnswerId },
  changes: Updateable<Tables['appeal_answer']>,
): Promise<void> {
  const result = await db
    .updateTable('appeal_answer')
    .set(changes)
    .where('house_id', '=', houseId)
    .where('answer_id', '=', answerId)
    .where('state', '=', 'draft')
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) throw new Error('a draft of an answer to change is not there');
}

/** @returns false when the neighbour has joined already */
export async function insertJoiner(db: Db, row: Insertable<Tables['appeal_joiner']>): Promise<boolean> {
  const result = await db
    .insertInto('appeal_joiner')
    .values(row)
    .onConflict((conflict) => conflict.columns(['house_id', 'appeal_id', 'person_id']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function insertLetter(db: Db, row: Insertable<Tables['appeal_letter']>): Promise<void> {
  await db.insertInto('appeal_letter').values(row).execute();
}

/** The territory's house row, made at its first use; two makers at once get the same one. */
export async function ensureTerritory(
  db: Db,
  place: { oktmo: string; houseId: HouseId; regionCode: string; zone: string; name: string },
  at: Date,
): Promise<HouseId> {
  const made = await db
    .insertInto('territory')
    .values({ oktmo: place.oktmo, house_id: place.houseId })
    .onConflict((conflict) => conflict.column('oktmo').doNothing())
    .executeTakeFirst();
  if (made.numInsertedOrUpdatedRows === 1n)
    await sql`
      insert into house (house_id, fias_guid, kind_code, region_code, oktmo, zone, address, short_address, updated_at)
      values (${place.houseId}, ${place.houseId}, 'territory', ${place.regionCode}, ${place.oktmo}, ${place.zone}, ${place.name},
        ${place.name}, ${at})`.execute(db);
  const row = await db
    .selectFrom('territory')
    .select('house_id')
    .where('oktmo', '=', place.oktmo)
    .executeTakeFirstOrThrow();
  return row.house_id;
}
