import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { OrganisationId, PersonId, SessionId } from '../../../platform/ids.ts';
import type { DeviceId } from '../identity.ts';
import { standing } from './consents.ts';
import '../tables.ts';

export interface SessionRow {
  secretHash: Buffer;
  seenAt: Date;
  expiresAt: Date;
  endedAt: Date | null;
  actingOrganisationId: OrganisationId | null;
  actingForId: OrganisationId | null;
  kind: 'citizen' | 'guest' | 'erased';
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
      s.acting_organisation_id as "actingOrganisationId", s.acting_for_id as "actingForId", p.kind, p.family_name as "familyName", p.given_name as "givenName",
      p.middle_name as "middleName", p.snils, p.confirmed, p.subject,
      not exists (select from legal_text t
        where not exists (select from legal_text newer where newer.kind = t.kind and newer.version > t.version)
          and not exists (select from acceptance a where a.person_id = s.person_id and a.kind = t.kind and a.version = t.version
            and a.organisation_id is not distinct from s.acting_organisation_id
            and ${standing})) as accepted
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
    network: string;
    deviceId: DeviceId | null;
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
      network: session.network,
      device_id: session.deviceId,
    })
    .execute();
}

export async function touchSession(
  db: Db,
  personId: PersonId,
  sessionId: SessionId,
  network: string,
  at: Date,
): Promise<void> {
  await db
    .updateTable('session')
    .set({ seen_at: at, network })
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

/** Ends every session of the person. @returns how many were open */
export async function endAllSessions(db: Db, personId: PersonId, at: Date): Promise<number> {
  const ended = await db
    .updateTable('session')
    .set({ ended_at: at })
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return Number(ended.numUpdatedRows);
}

/** Ends the open sessions of whoever has this e-mail, of everybody without one. @returns whose they were, one for each session */
export async function endSessionsOf(db: Db, email: string | null, at: Date): Promise<PersonId[]> {
  const ended = await db
    .updateTable('session')
    .set({ ended_at: at })
    .where('ended_at', 'is', null)
    .where((where) =>
      email === null
        ? where.lit(true)
        : where(
            'person_id',
            'in',
            where
              .selectFrom('person')
              .select('person_id')
              .where(({ fn, eb }) => eb(fn<string>('lower', ['email']), '=', email.toLowerCase())),
          ),
    )
    .returning('person_id')
    .execute();
  return ended.map(({ person_id }) => person_id);
}

/** Ends the session that a cookie names, whoever's it is: the secret proves that the browser has it. */
export async function endSessionOfSecret(
  db: Db,
  { personId, sessionId, secretHash }: { personId: PersonId; sessionId: SessionId; secretHash: Buffer },
  at: Date,
): Promise<void> {
  await db
    .updateTable('session')
    .set({ ended_at: at })
    .where('person_id', '=', personId)
    .where('session_id', '=', sessionId)
    .where('secret_hash', '=', secretHash)
    .where('ended_at', 'is', null)
    .execute();
}

export async function deleteSessionsOf(db: Db, personId: PersonId): Promise<void> {
  await db.deleteFrom('session').where('person_id', '=', personId).execute();
}

/** Ends one session of the person. @returns false when there is no such open one */
export async function endOwnSession(db: Db, personId: PersonId, sessionId: SessionId, at: Date): Promise<boolean> {
  const ended = await db
    .updateTable('session')
    .set({ ended_at: at })
    .where('person_id', '=', personId)
    .where('session_id', '=', sessionId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return ended.numUpdatedRows > 0n;
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
    .select('network')
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
  forId: OrganisationId | null = null,
): Promise<void> {
  await db
    .updateTable('session')
    .set({ acting_organisation_id: organisationId, acting_for_id: forId })
    .where('person_id', '=', personId)
    .where('session_id', '=', sessionId)
    .execute();
}

export async function deleteSessionsExpiredBefore(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    delete from session where (person_id, session_id) in (
      select person_id, session_id from session where expires_at < ${moment} order by expires_at limit ${limit})`.execute(
    db,
  );
  return Number(removed.numAffectedRows ?? 0);
}
