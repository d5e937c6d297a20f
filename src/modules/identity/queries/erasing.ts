import type { Db } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import '../tables.ts';

/** Takes the person off the look-up: whoever signs in as them from now on begins anew. */
export async function deleteIdentitiesOf(db: Db, personId: PersonId, issuer: string): Promise<void> {
  const person = await db.selectFrom('person').select('subject').where('person_id', '=', personId).executeTakeFirst();
  if (!person?.subject) return;
  await db
    .deleteFrom('identity')
    .where('issuer', '=', issuer)
    .where('subject', '=', person.subject)
    .where('person_id', '=', personId)
    .execute();
}

/** Holds the person's row until the transaction ends. @returns false when it is gone or erased already */
export async function lockPerson(db: Db, personId: PersonId): Promise<boolean> {
  const row = await db
    .selectFrom('person')
    .select('kind')
    .where('person_id', '=', personId)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined && row.kind !== 'erased';
}

/** Leaves of the person a row without a name, for rows that must stay to point at. */
export async function blankPerson(db: Db, personId: PersonId): Promise<void> {
  await db
    .updateTable('person')
    .set({
      kind: 'erased',
      family_name: '',
      given_name: '',
      middle_name: '',
      birth_date: null,
      snils: null,
      email: null,
      phone: null,
      confirmed: false,
      subject: null,
      signed_in_at: null,
    })
    .where('person_id', '=', personId)
    .execute();
}

/** What the provider said of the person, and when they first came. */
export async function selectProfile(db: Db, personId: PersonId) {
  return db
    .selectFrom('person')
    .select(['family_name as familyName', 'given_name as givenName', 'middle_name as middleName'])
    .select(['birth_date as birthDate', 'snils', 'email', 'phone', 'confirmed'])
    .select(['created_at as firstSignInAt', 'signed_in_at as lastSignInAt'])
    .where('person_id', '=', personId)
    .execute();
}

export async function selectSessionsOf(db: Db, personId: PersonId) {
  return db
    .selectFrom('session')
    .select([
      'created_at as createdAt',
      'seen_at as seenAt',
      'ended_at as endedAt',
      'user_agent as userAgent',
      'network',
    ])
    .where('person_id', '=', personId)
    .orderBy('session_id', 'desc')
    .limit(1000)
    .execute();
}
