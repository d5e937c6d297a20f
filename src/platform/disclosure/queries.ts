import { sql } from 'kysely';
import type { Db } from '../database/database.ts';
import type { PersonId, SessionId } from '../ids.ts';
import './tables.ts';

export interface DisclosureKey {
  personId: PersonId;
  sessionId: SessionId;
  record: string;
}

export async function upsertDisclosure(
  db: Db,
  { personId, sessionId, record }: DisclosureKey,
  values: { purpose: string; at: Date; until: Date },
): Promise<void> {
  await db
    .insertInto('disclosure')
    .values({ person_id: personId, session_id: sessionId, record, ...values })
    .onConflict((conflict) => conflict.columns(['person_id', 'session_id', 'record']).doUpdateSet(values))
    .execute();
}

export async function selectDisclosure(
  db: Db,
  { personId, sessionId, record }: DisclosureKey,
  now: Date,
): Promise<{ purpose: string; until: Date } | null> {
  const row = await db
    .selectFrom('disclosure')
    .select(['purpose', 'until'])
    .where('person_id', '=', personId)
    .where('session_id', '=', sessionId)
    .where('record', '=', record)
    .where('until', '>', now)
    .executeTakeFirst();
  return row ?? null;
}

export async function deleteDisclosure(db: Db, { personId, sessionId, record }: DisclosureKey): Promise<void> {
  await db
    .deleteFrom('disclosure')
    .where('person_id', '=', personId)
    .where('session_id', '=', sessionId)
    .where('record', '=', record)
    .execute();
}

export async function deleteDisclosuresOf(db: Db, personId: PersonId): Promise<void> {
  await db.deleteFrom('disclosure').where('person_id', '=', personId).execute();
}

export async function deleteDisclosuresBefore(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    delete from disclosure where (person_id, session_id, record) in (
      select person_id, session_id, record from disclosure where until < ${moment} order by until limit ${limit})`.execute(
    db,
  );
  return Number(removed.numAffectedRows ?? 0);
}
