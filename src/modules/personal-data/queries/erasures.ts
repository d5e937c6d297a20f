import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import '../tables.ts';

export interface Erasure {
  cause: 'asked' | 'consent_withdrawn';
  askedAt: Date;
  done: string[];
  finishedAt: Date | null;
}

/** @returns false when it was begun before */
export async function insertErasure(db: Db, personId: PersonId, cause: Erasure['cause'], at: Date): Promise<boolean> {
  const written = await db
    .insertInto('erasure')
    .values({ person_id: personId, cause, asked_at: at, finished_at: null })
    .onConflict((conflict) => conflict.column('person_id').doNothing())
    .executeTakeFirst();
  return written.numInsertedOrUpdatedRows === 1n;
}

/** Held until the transaction ends: two jobs of one person follow one another. */
export async function lockErasure(db: Db, personId: PersonId): Promise<Erasure | null> {
  const row = await db
    .selectFrom('erasure')
    .select(['cause', 'asked_at as askedAt', 'done', 'finished_at as finishedAt'])
    .where('person_id', '=', personId)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

export async function markPartDone(db: Db, personId: PersonId, done: readonly string[]): Promise<void> {
  await db
    .updateTable('erasure')
    .set({ done: done as string[] })
    .where('person_id', '=', personId)
    .execute();
}

export async function finishErasure(db: Db, personId: PersonId, at: Date): Promise<void> {
  await db.updateTable('erasure').set({ finished_at: at }).where('person_id', '=', personId).execute();
}

export async function selectUnfinishedErasures(db: Db, before: Date): Promise<PersonId[]> {
  const { rows } = await sql<{ personId: PersonId }>`
    select person_id as "personId" from erasure where finished_at is null and asked_at < ${before} order by asked_at limit 100`.execute(
    db,
  );
  return rows.map(({ personId }) => personId);
}

/** People whose deletion ended before the moment and who still have what the rule kept, the oldest first. */
export async function selectUnreleased(db: Db, rule: string, before: Date, limit: number): Promise<PersonId[]> {
  const { rows } = await sql<{ personId: PersonId }>`
    select person_id as "personId" from erasure where finished_at < ${before} and not (released @> array[${rule}::text])
    order by finished_at limit ${limit}`.execute(db);
  return rows.map(({ personId }) => personId);
}

export async function markReleased(db: Db, personId: PersonId, rule: string): Promise<void> {
  await sql`update erasure set released = array_append(released, ${rule}::text)
    where person_id = ${personId} and not (released @> array[${rule}::text])`.execute(db);
}
