import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { OrganisationId, PersonId } from '../../../platform/ids.ts';
import '../tables.ts';

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

/** That no withdrawal came after an acceptance `a`: ids are made in the order of time. */
export const standing = sql<boolean>`not exists (select from consent_withdrawal w where w.person_id = a.person_id and w.kind = a.kind
  and w.organisation_id is not distinct from a.organisation_id and w.withdrawal_id > a.acceptance_id)`;

/** Stores an acceptance unless the same one stands. @returns whether it was stored */
export async function insertAcceptance(
  trx: Transaction,
  acceptance: {
    personId: PersonId;
    acceptanceId: string;
    kind: string;
    version: number;
    organisationId: OrganisationId | null;
    at: Date;
    way: string;
  },
): Promise<boolean> {
  const { personId, acceptanceId, kind, version, organisationId, at, way } = acceptance;
  const stored = await sql`
    insert into acceptance (person_id, acceptance_id, kind, version, organisation_id, accepted_at, way)
    select ${personId}::uuid, ${acceptanceId}::uuid, ${kind}::text, ${version}::integer, ${organisationId}::uuid, ${at}::timestamptz, ${way}::text
    where not exists (select from acceptance a where a.person_id = ${personId} and a.kind = ${kind} and a.version = ${version}
      and a.organisation_id is not distinct from ${organisationId}::uuid and ${standing})`.execute(trx);
  return stored.numAffectedRows === 1n;
}

export interface Consent {
  id: string;
  what: 'accepted' | 'withdrawn';
  kind: string;
  title: string;
  version: number | null;
  organisationId: OrganisationId | null;
  at: Date;
  way: string;
}

/** Everything that the person accepted and took back, newest first: ids are made in the order of time. */
export async function selectConsents(db: Db, personId: PersonId): Promise<Consent[]> {
  const { rows } = await sql<Consent>`
    select a.acceptance_id as id, 'accepted' as what, a.kind, t.title, a.version, a.organisation_id as "organisationId",
      a.accepted_at as at, a.way
    from acceptance a join legal_text t on t.kind = a.kind and t.version = a.version where a.person_id = ${personId}
    union all
    select w.withdrawal_id, 'withdrawn', w.kind, '', null, w.organisation_id, w.withdrawn_at, ''
    from consent_withdrawal w where w.person_id = ${personId}
    order by id desc limit 500`.execute(db);
  return rows;
}

export async function insertWithdrawal(
  db: Db,
  withdrawal: {
    personId: PersonId;
    withdrawalId: string;
    kind: string;
    organisationId: OrganisationId | null;
    at: Date;
    eraseAt: Date | null;
  },
): Promise<void> {
  await db
    .insertInto('consent_withdrawal')
    .values({
      person_id: withdrawal.personId,
      withdrawal_id: withdrawal.withdrawalId,
      kind: withdrawal.kind,
      organisation_id: withdrawal.organisationId,
      withdrawn_at: withdrawal.at,
      erase_at: withdrawal.eraseAt,
    })
    .execute();
}

/**
 * What was taken back leads to no deletion any more: the person has come back, or the deletion begins. The withdrawal itself stays in the
 * history.
 * @returns whether a deletion waited
 */
export async function keepAfterWithdrawal(db: Db, personId: PersonId): Promise<boolean> {
  const kept = await db
    .updateTable('consent_withdrawal')
    .set({ erase_at: null })
    .where('person_id', '=', personId)
    .where('erase_at', 'is not', null)
    .executeTakeFirst();
  return kept.numUpdatedRows > 0n;
}

/** People whose time to change their mind is over, in the order of their ids, after one of them. */
export async function selectWithdrawnBefore(
  db: Db,
  moment: Date,
  after: PersonId | null,
  limit: number,
): Promise<PersonId[]> {
  const { rows } = await sql<{ personId: PersonId }>`
    select distinct person_id as "personId" from consent_withdrawal
    where erase_at < ${moment} ${after ? sql`and person_id > ${after}` : sql``} order by 1 limit ${limit}`.execute(db);
  return rows.map(({ personId }) => personId);
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

/** What an erased person had accepted and taken back, when the term to prove it has passed. */
export async function deleteConsentsOf(db: Db, personId: PersonId): Promise<void> {
  await db.deleteFrom('acceptance').where('person_id', '=', personId).execute();
  await db.deleteFrom('consent_withdrawal').where('person_id', '=', personId).execute();
}
