import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import '../tables.ts';

export async function insertSignInAttempt(
  db: Db,
  attempt: { state: string; nonce: string; codeVerifier: string; browserHash: Buffer; returnTo: string; at: Date },
): Promise<void> {
  await db
    .insertInto('sign_in_attempt')
    .values({
      state: attempt.state,
      nonce: attempt.nonce,
      code_verifier: attempt.codeVerifier,
      browser_hash: attempt.browserHash,
      return_to: attempt.returnTo,
      created_at: attempt.at,
    })
    .execute();
}

/** Takes an attempt out: a state is good once. */
export async function takeSignInAttempt(db: Db, state: string) {
  return db.deleteFrom('sign_in_attempt').where('state', '=', state).returningAll().executeTakeFirst();
}

export async function deleteSignInAttemptsBefore(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    delete from sign_in_attempt where state in (
      select state from sign_in_attempt where created_at < ${moment} order by created_at limit ${limit})`.execute(db);
  return Number(removed.numAffectedRows ?? 0);
}

/** The person of a subject; made at the first entry. Two entries at once meet at the look-up's key. */
export async function claimIdentity(
  db: Db,
  issuer: string,
  subject: string,
  fresh: PersonId,
  at: Date,
): Promise<PersonId> {
  await db
    .insertInto('identity')
    .values({ issuer, subject, person_id: fresh, created_at: at })
    .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doNothing())
    .execute();
  const row = await db
    .selectFrom('identity')
    .select('person_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow();
  return row.person_id;
}
