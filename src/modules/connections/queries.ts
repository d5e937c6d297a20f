import { type Selectable, sql } from 'kysely';
import type { Desk } from '../../platform/access.ts';
import type { Db, Tables, Transaction } from '../../platform/database/database.ts';
import { inScope } from '../../platform/database/scope.ts';
import {
  type AccountId,
  type ClaimId,
  type HouseId,
  type LinkId,
  newId,
  type OrganisationId,
  type PersonId,
} from '../../platform/ids.ts';
import { type FailedTry, type LinkState, MOVES } from './connection.ts';
import './tables.ts';

/** Links of every state, the newest first. */
export async function selectLinks(db: Db, personId: PersonId): Promise<Selectable<Tables['account_link']>[]> {
  const { rows } = await sql<Selectable<Tables['account_link']>>`
    select * from account_link where person_id = ${personId} order by link_id desc limit 200`.execute(db);
  return rows;
}

export async function selectLink(db: Db, personId: PersonId, linkId: LinkId) {
  return db
    .selectFrom('account_link')
    .selectAll()
    .where('person_id', '=', personId)
    .where('link_id', '=', linkId)
    .executeTakeFirst();
}

export async function lockAccount(db: Db, houseId: HouseId, accountId: AccountId): Promise<void> {
  await db
    .selectFrom('account')
    .select('account_id')
    .where('house_id', '=', houseId)
    .where('account_id', '=', accountId)
    .forUpdate()
    .execute();
}

export async function countAttempts(db: Db, personId: PersonId, since: Date) {
  const row = await db
    .selectFrom('connect_attempt')
    .select(({ fn }) => [fn.countAll<bigint>().as('count'), fn.min('attempted_at').as('first')])
    .where('person_id', '=', personId)
    .where('attempted_at', '>', since)
    .executeTakeFirstOrThrow();
  return { count: Number(row.count), first: row.first as Date | null };
}

/** The person's own row is the lock: one person's tries are counted one after another. */
export async function lockTries(db: Db, personId: PersonId): Promise<void> {
  await db.selectFrom('person').select('person_id').where('person_id', '=', personId).forNoKeyUpdate().execute();
}

export async function insertAttempt(db: Db, personId: PersonId, at: Date): Promise<string> {
  const attemptId = newId();
  await db
    .insertInto('connect_attempt')
    .values({ person_id: personId, attempt_id: attemptId, attempted_at: at, outcome: 'under way' })
    .execute();
  return attemptId;
}

export async function nameFailure(db: Db, personId: PersonId, attemptId: string, outcome: FailedTry): Promise<void> {
  await db
    .updateTable('connect_attempt')
    .set({ outcome })
    .where('person_id', '=', personId)
    .where('attempt_id', '=', attemptId)
    .execute();
}

/** The try did not fail. */
export async function forgetAttempt(db: Db, personId: PersonId, attemptId: string): Promise<void> {
  await db
    .deleteFrom('connect_attempt')
    .where('person_id', '=', personId)
    .where('attempt_id', '=', attemptId)
    .execute();
}

export async function countFailedProofs(db: Db, houseId: HouseId, accountId: AccountId, since: Date): Promise<number> {
  const row = await db
    .selectFrom('failed_proof')
    .select((where) => where.fn.countAll<bigint>().as('count'))
    .where('house_id', '=', houseId)
    .where('account_id', '=', accountId)
    .where('failed_at', '>', since)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function insertFailedProof(
  db: Db,
  proof: { houseId: HouseId; accountId: AccountId; personId: PersonId; at: Date },
): Promise<void> {
  await db
    .insertInto('failed_proof')
    .values({
      house_id: proof.houseId,
      proof_id: newId(),
      account_id: proof.accountId,
      person_id: proof.personId,
      failed_at: proof.at,
    })
    .execute();
}

export async function deleteAttemptsBefore(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    delete from connect_attempt where (person_id, attempt_id) in (
      select person_id, attempt_id from connect_attempt where attempted_at < ${moment} order by attempted_at limit ${limit})`.execute(
    db,
  );
  return Number(removed.numAffectedRows ?? 0);
}

export async function deleteFailedProofsBefore(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    delete from failed_proof where (house_id, proof_id) in (
      select house_id, proof_id from failed_proof where failed_at < ${moment} order by failed_at limit ${limit})`.execute(
    db,
  );
  return Number(removed.numAffectedRows ?? 0);
}

export async function selectLinkOfAccount(db: Db, personId: PersonId, houseId: HouseId, accountId: AccountId) {
  return db
    .selectFrom('account_link')
    .select(['link_id as linkId', 'state', 'claim_id as claimId'])
    .where('person_id', '=', personId)
    .where('house_id', '=', houseId)
    .where('account_id', '=', accountId)
    .where('state', 'in', ['connected', 'pending'])
    .executeTakeFirst();
}

/** Others who have the account connected, the first to connect first. */
export async function selectOthersOf(
  db: Db,
  { personId, houseId, accountId }: { personId: PersonId; houseId: HouseId; accountId: AccountId },
) {
  return db
    .selectFrom('account_link')
    .select(['person_id as personId', 'link_id as linkId', 'proof', 'connected_at as connectedAt'])
    .where('house_id', '=', houseId)
    .where('account_id', '=', accountId)
    .where('state', '=', 'connected')
    .where('person_id', '!=', personId)
    .orderBy('connected_at')
    .orderBy('link_id')
    .limit(100)
    .execute();
}

/** The person's links to an account that a link of their own takes the place of. */
export async function selectLesserLinks(db: Db, personId: PersonId, houseId: HouseId, accountId: AccountId) {
  return db
    .selectFrom('account_link')
    .select(['link_id', 'state', 'owner_id', 'share_id'])
    .where('person_id', '=', personId)
    .where('house_id', '=', houseId)
    .where('account_id', '=', accountId)
    .where('state', 'in', ['shared', 'suspended'])
    .execute();
}

export interface NewLink {
  personId: PersonId;
  linkId: LinkId;
  houseId: HouseId;
  accountId: AccountId;
  providerId: OrganisationId;
  state: 'connected' | 'pending';
  title: string;
  proof: 'payer' | 'bill_sum' | 'code' | 'claim';
  claimId: ClaimId | null;
  at: Date;
}

export async function insertLink(db: Db, link: NewLink): Promise<void> {
  await db
    .insertInto('account_link')
    .values({
      person_id: link.personId,
      link_id: link.linkId,
      house_id: link.houseId,
      account_id: link.accountId,
      provider_id: link.providerId,
      state: link.state,
      title: link.title,
      proof: link.proof,
      claim_id: link.claimId,
      created_at: link.at,
      changed_at: link.at,
      connected_at: link.state === 'connected' ? link.at : null,
    })
    .execute();
}

/** Moves a link on when it is still in `from`; false when it has moved meanwhile. */
export async function moveLink(
  db: Db,
  input: {
    personId: PersonId;
    linkId: LinkId;
    from: readonly LinkState[];
    to: LinkState;
    refusal: string | null;
    at: Date;
  },
): Promise<boolean> {
  const unknown = input.from.find((state) => !MOVES[state].includes(input.to));
  if (unknown) throw new Error(`a link does not go from ${unknown} to ${input.to}`);
  const moved = await db
    .updateTable('account_link')
    .set({
      state: input.to,
      refusal: input.refusal,
      // When it was suspended is until when its person saw the account: to put it away later tells nothing more.
      changed_at: sql<Date>`case when state = 'suspended' then changed_at else ${input.at}::timestamptz end`,
      ...(input.to === 'connected' && { connected_at: input.at }),
    })
    .where('person_id', '=', input.personId)
    .where('link_id', '=', input.linkId)
    .where('state', 'in', input.from as LinkState[])
    .executeTakeFirst();
  return moved.numUpdatedRows === 1n;
}

/** A pending link that a stronger proof connects. */
export async function connectPendingLink(
  db: Db,
  personId: PersonId,
  linkId: LinkId,
  proof: NewLink['proof'],
  at: Date,
): Promise<void> {
  await db
    .updateTable('account_link')
    .set({ state: 'connected', proof, changed_at: at, connected_at: at })
    .where('person_id', '=', personId)
    .where('link_id', '=', linkId)
    .where('state', '=', 'pending')
    .execute();
}

export async function renameLink(db: Db, personId: PersonId, linkId: LinkId, title: string): Promise<boolean> {
  const renamed = await db
    .updateTable('account_link')
    .set({ title })
    .where('person_id', '=', personId)
    .where('link_id', '=', linkId)
    .where('state', 'in', ['connected', 'shared'])
    .executeTakeFirst();
  return renamed.numUpdatedRows === 1n;
}

// One-time codes

/** Uses a code up; false when there is no such unused code in force. */
export async function useCode(
  db: Db,
  houseId: HouseId,
  accountId: AccountId,
  hash: Buffer,
  at: Date,
): Promise<boolean> {
  const used = await db
    .updateTable('account_code')
    .set({ used_at: at })
    .where('house_id', '=', houseId)
    .where('account_id', '=', accountId)
    .where('code_hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirst();
  return used.numUpdatedRows > 0n;
}

// Claims: the organisation's queue

export interface NewClaim {
  organisationId: OrganisationId;
  claimId: ClaimId;
  personId: PersonId;
  linkId: LinkId;
  houseId: HouseId;
  accountId: AccountId;
  claimantName: string;
  message: string;
  dueOn: string;
  at: Date;
}

/** @returns the words and the last day of an open claim, held; undefined when it is open no more */
export async function lockOpenClaim(trx: Transaction, organisationId: OrganisationId, claimId: ClaimId) {
  return trx
    .selectFrom('connection_claim')
    .select(['message', 'due_on as dueOn'])
    .where('organisation_id', '=', organisationId)
    .where('claim_id', '=', claimId)
    .where('state', '=', 'open')
    .forUpdate()
    .executeTakeFirst();
}

export async function setMessage(
  trx: Transaction,
  { organisationId, claimId, message }: { organisationId: OrganisationId; claimId: ClaimId; message: string },
): Promise<void> {
  await trx
    .updateTable('connection_claim')
    .set({ message })
    .where('organisation_id', '=', organisationId)
    .where('claim_id', '=', claimId)
    .execute();
}

export async function insertClaim(db: Db, claim: NewClaim): Promise<void> {
  await db
    .insertInto('connection_claim')
    .values({
      organisation_id: claim.organisationId,
      claim_id: claim.claimId,
      person_id: claim.personId,
      link_id: claim.linkId,
      house_id: claim.houseId,
      account_id: claim.accountId,
      claimant_name: claim.claimantName,
      message: claim.message,
      state: 'open',
      due_on: claim.dueOn,
      created_at: claim.at,
    })
    .execute();
}

/** Open claims by term, after the key of the last one shown. */
export async function selectOpenClaims(
  db: Db,
  { organisationId, houses }: Desk,
  { houseId, after }: { houseId: HouseId | null; after: { dueOn: string; claimId: string } | null },
  limit: number,
) {
  let query = db
    .selectFrom('connection_claim')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where(inScope('house_id', houses))
    .where('state', '=', 'open');
  if (houseId) query = query.where('house_id', '=', houseId);
  if (after) query = query.where(sql<boolean>`(due_on, claim_id) > (${after.dueOn}::date, ${after.claimId}::uuid)`);
  return query.orderBy('due_on').orderBy('claim_id').limit(limit).execute();
}

/** Decided and withdrawn claims, the last decided first, after the key of the last one shown. */
export async function selectDecidedClaims(
  db: Db,
  { organisationId, houses }: Desk,
  { houseId, after }: { houseId: HouseId | null; after: { decidedAt: Date; claimId: string } | null },
  limit: number,
) {
  let query = db
    .selectFrom('connection_claim')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where(inScope('house_id', houses))
    .where('state', '<>', 'open');
  if (houseId) query = query.where('house_id', '=', houseId);
  if (after)
    query = query.where(
      sql<boolean>`(decided_at, claim_id) < (${after.decidedAt}::timestamptz, ${after.claimId}::uuid)`,
    );
  return query.orderBy('decided_at', 'desc').orderBy('claim_id', 'desc').limit(limit).execute();
}

/** Houses that the organisation has claims of, open or decided, for the filter. */
export async function selectHousesOfClaims(db: Db, { organisationId, houses }: Desk): Promise<HouseId[]> {
  const rows = await db
    .selectFrom('connection_claim')
    .select('house_id')
    .distinct()
    .where('organisation_id', '=', organisationId)
    .where(inScope('house_id', houses))
    .limit(500)
    .execute();
  return rows.map(({ house_id }) => house_id);
}

export async function selectClaim(db: Db, { organisationId, houses }: Desk, claimId: ClaimId) {
  return db
    .selectFrom('connection_claim')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where(inScope('house_id', houses))
    .where('claim_id', '=', claimId)
    .executeTakeFirst();
}

/** Decides an open claim; false when somebody has decided it meanwhile. */
export async function decideClaimRow(
  db: Db,
  input: {
    organisationId: OrganisationId;
    claimId: ClaimId;
    state: 'approved' | 'refused' | 'withdrawn';
    by: PersonId | null;
    reason: string | null;
    at: Date;
  },
): Promise<boolean> {
  const decided = await db
    .updateTable('connection_claim')
    .set({ state: input.state, decided_at: input.at, decided_by: input.by, reason: input.reason })
    .where('organisation_id', '=', input.organisationId)
    .where('claim_id', '=', input.claimId)
    .where('state', '=', 'open')
    .executeTakeFirst();
  return decided.numUpdatedRows === 1n;
}
