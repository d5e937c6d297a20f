import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import { type Claims, fullName, type Person } from '../identity.ts';
import '../tables.ts';

/** @returns false when the person has been erased meanwhile: nobody comes back to that row */
export async function upsertCitizen(db: Db, personId: PersonId, claims: Claims, at: Date): Promise<boolean> {
  const values = {
    family_name: claims.familyName,
    given_name: claims.givenName,
    middle_name: claims.middleName,
    birth_date: claims.birthDate,
    snils: claims.snils,
    email: claims.email,
    phone: claims.phone,
    confirmed: claims.confirmed,
    subject: claims.subject,
    signed_in_at: at,
  };
  const written = await db
    .insertInto('person')
    .values({ person_id: personId, kind: 'citizen', created_at: at, ...values })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(values).where('person.kind', '!=', 'erased'))
    .executeTakeFirst();
  return written.numInsertedOrUpdatedRows === 1n;
}

export async function insertGuest(db: Db, personId: PersonId, email: string | null, at: Date): Promise<void> {
  await db.insertInto('person').values({ person_id: personId, kind: 'guest', email, created_at: at }).execute();
}

/** Citizens by the subjects that the identity provider gave them: who administers the installation, for one. */
export async function selectPeopleOfSubjects(db: Db, issuer: string, subjects: readonly string[]): Promise<Person[]> {
  const known = await db
    .selectFrom('identity')
    .select('person_id')
    .where('issuer', '=', issuer)
    .where(sql<boolean>`subject = any(${[...subjects]}::text[])`)
    .execute();
  const people = await Promise.all(known.map((row) => selectPerson(db, row.person_id)));
  return people.filter((person) => person !== null);
}

/** Citizens whose provider gave this e-mail, the last to sign in first. For the operator's command line: reads the whole table. */
export async function selectSubjectsByEmail(db: Db, email: string) {
  return db
    .selectFrom('person')
    .select([
      'subject',
      'family_name as familyName',
      'given_name as givenName',
      'middle_name as middleName',
      'signed_in_at as signedInAt',
      'confirmed',
    ])
    .where('kind', '=', 'citizen')
    .where(sql<boolean>`lower(email) = lower(${email})`)
    .orderBy('signed_in_at', (order) => order.desc().nullsLast())
    .limit(20)
    .execute();
}

export async function selectPerson(db: Db, personId: PersonId): Promise<Person | null> {
  const row = await db.selectFrom('person').selectAll().where('person_id', '=', personId).executeTakeFirst();
  return row
    ? {
        personId,
        familyName: row.family_name,
        givenName: row.given_name,
        middleName: row.middle_name,
        snils: row.snils,
        email: row.email,
        phone: row.phone,
        confirmed: row.confirmed,
      }
    : null;
}

/** Full names of people; those who are not known are left out. */
export async function selectNames(db: Db, ids: readonly PersonId[]): Promise<Map<PersonId, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('person')
    .select([
      'person_id as personId',
      'family_name as familyName',
      'given_name as givenName',
      'middle_name as middleName',
    ])
    .where((where) => where('person_id', '=', where.fn.any(where.val(ids as PersonId[]))))
    .execute();
  return new Map(rows.map((row) => [row.personId, fullName(row)]));
}
