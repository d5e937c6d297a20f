import { sql } from 'kysely';
import type { Db } from '../../platform/database/database.ts';
import type { OrganisationId, PersonId, SessionId } from '../../platform/ids.ts';
import { type Claims, fullName, type Person } from './identity.ts';
import './tables.ts';

export interface SessionRow {
  secretHash: Buffer;
  seenAt: Date;
  expiresAt: Date;
  endedAt: Date | null;
  actingOrganisationId: OrganisationId | null;
  kind: 'citizen' | 'guest';
  familyName: string;
  givenName: string;
  middleName: string;
  snils: string | null;
  confirmed: boolean;
  subject: string | null;
  /** No text in force waits for acceptance in the way the person acts. */
  accepted: boolean;
}

/**
 * A session with its person, in one statement of the person's own rows (and reference texts).
 * Plain SQL: every request asks it, and composing it anew cost more than the database's answer.
 */
export async function selectSession(db: Db, personId: PersonId, sessionId: SessionId): Promise<SessionRow | undefined> {
  const { rows } = await sql<SessionRow>`
    select s.secret_hash as "secretHash", s.seen_at as "seenAt", s.expires_at as "expiresAt", s.ended_at as "endedAt",
      s.acting_organisation_id as "actingOrganisationId", p.kind, p.family_name as "familyName", p.given_name as "givenName",
      p.middle_name as "middleName", p.snils, p.confirmed, p.subject,
      not exists (select from legal_text t
        where not exists (select from legal_text newer where newer.kind = t.kind and newer.version > t.version)
          and not exists (select from acceptance a where a.person_id = s.person_id and a.kind = t.kind and a.version = t.version
            and a.organisation_id is not distinct from s.acting_organisation_id)) as accepted
    from session s join person p on p.person_id = s.person_id
    where s.person_id = ${personId} and s.session_id = ${sessionId}`.execute(db);
  return rows[0];
}

export async function insertSession(
  db: Db,
  session: {
    personId: PersonId;
    sessionId: SessionId;
    secretHash: Buffer;
    at: Date;
    expiresAt: Date;
    userAgent: string;
    idToken: string | null;
  },
): Promise<void> {
  await db
    .insertInto('session')
    .values({
      person_id: session.personId,
      session_id: session.sessionId,
      secret_hash: session.secretHash,
      created_at: session.at,
      seen_at: session.at,
      expires_at: session.expiresAt,
      user_agent: session.userAgent.slice(0, 300),
      id_token: session.idToken,
    })
    .execute();
}

export async function touchSession(db: Db, personId: PersonId, sessionId: SessionId, at: Date): Promise<void> {
  await db
    .updateTable('session')
    .set({ seen_at: at })
    .where('person_id', '=', personId)
    .where('session_id', '=', sessionId)
    .execute();
}

export async function endSession(db: Db, personId: PersonId, sessionId: SessionId, at: Date): Promise<string | null> {
  const row = await db
    .updateTable('session')
    .set({ ended_at: at })
    .where('person_id', '=', personId)
    .where('session_id', '=', sessionId)
    .where('ended_at', 'is', null)
    .returning('id_token')
    .executeTakeFirst();
  return row?.id_token ?? null;
}

/** Ends every session of the person but one. */
export async function endOtherSessions(db: Db, personId: PersonId, keep: SessionId, at: Date): Promise<number> {
  const ended = await db
    .updateTable('session')
    .set({ ended_at: at })
    .where('person_id', '=', personId)
    .where('session_id', '!=', keep)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return Number(ended.numUpdatedRows);
}

export async function selectOpenSessions(db: Db, personId: PersonId, now: Date) {
  return db
    .selectFrom('session')
    .select(['session_id as sessionId', 'created_at as createdAt', 'seen_at as seenAt', 'user_agent as userAgent'])
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('seen_at', 'desc')
    .limit(50)
    .execute();
}

export async function setActing(
  db: Db,
  personId: PersonId,
  sessionId: SessionId,
  organisationId: OrganisationId | null,
): Promise<void> {
  await db
    .updateTable('session')
    .set({ acting_organisation_id: organisationId })
    .where('person_id', '=', personId)
    .where('session_id', '=', sessionId)
    .execute();
}

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

export async function deleteSessionsExpiredBefore(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    delete from session where (person_id, session_id) in (
      select person_id, session_id from session where expires_at < ${moment} order by expires_at limit ${limit})`.execute(
    db,
  );
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

export async function upsertCitizen(db: Db, personId: PersonId, claims: Claims, at: Date): Promise<void> {
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
  await db
    .insertInto('person')
    .values({ person_id: personId, kind: 'citizen', created_at: at, ...values })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(values))
    .execute();
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

/** The newest version of each text. */
export async function selectTextsInForce(db: Db) {
  return db
    .selectFrom('legal_text')
    .distinctOn('kind')
    .select(['kind', 'version', 'title', 'body', 'published_at as publishedAt'])
    .orderBy('kind')
    .orderBy('version', 'desc')
    .execute();
}

export async function insertAcceptance(
  db: Db,
  acceptance: {
    personId: PersonId;
    acceptanceId: string;
    kind: string;
    version: number;
    organisationId: OrganisationId | null;
    at: Date;
    way: string;
  },
): Promise<void> {
  await db
    .insertInto('acceptance')
    .values({
      person_id: acceptance.personId,
      acceptance_id: acceptance.acceptanceId,
      kind: acceptance.kind,
      version: acceptance.version,
      organisation_id: acceptance.organisationId,
      accepted_at: acceptance.at,
      way: acceptance.way,
    })
    .execute();
}

export async function selectAcceptances(db: Db, personId: PersonId) {
  return db
    .selectFrom('acceptance')
    .innerJoin('legal_text', (join) =>
      join.onRef('legal_text.kind', '=', 'acceptance.kind').onRef('legal_text.version', '=', 'acceptance.version'),
    )
    .select([
      'legal_text.title',
      'acceptance.version',
      'acceptance.accepted_at as acceptedAt',
      'acceptance.organisation_id as organisationId',
    ])
    .where('acceptance.person_id', '=', personId)
    .orderBy('acceptance.accepted_at', 'desc')
    .limit(100)
    .execute();
}

export async function insertLegalText(
  db: Db,
  text: { kind: 'agreement' | 'consent'; version: number; title: string; body: string; publishedAt: string },
): Promise<void> {
  await db
    .insertInto('legal_text')
    .values({
      kind: text.kind,
      version: text.version,
      title: text.title,
      body: text.body,
      published_at: new Date(text.publishedAt),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
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
