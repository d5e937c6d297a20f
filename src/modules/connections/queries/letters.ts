import { sql } from 'kysely';
import type { Desk } from '../../../platform/access.ts';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import { inScope } from '../../../platform/database/scope.ts';
import { type AccountId, type HouseId, newId, type PersonId } from '../../../platform/ids.ts';
import type { BatchId, LetterBatch } from '../letters/batch.ts';
import '../tables.ts';

/** Open accounts of an organisation in a house, or one of them. */
export async function countOpenAccounts(
  db: Db,
  houseId: HouseId,
  { organisationId, houses }: Desk,
  accountId: AccountId | null,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from account
    where house_id = ${houseId} and provider_id = ${organisationId} and ${inScope('house_id', houses)} and closed_on is null
      ${accountId ? sql`and account_id = ${accountId}` : sql``}`.execute(db);
  return rows[0]!.count;
}

/** Accounts of a batch that have no code yet, by number. */
export async function selectNextAccounts(
  trx: Transaction,
  { organisationId, houseId, accountId, lastNumber }: LetterBatch,
  limit: number,
): Promise<{ accountId: AccountId; number: string }[]> {
  const { rows } = await sql<{ accountId: AccountId; number: string }>`
    select account_id as "accountId", number from account
    where house_id = ${houseId} and provider_id = ${organisationId} and closed_on is null and number > ${lastNumber}
      ${accountId ? sql`and account_id = ${accountId}` : sql``}
    order by number limit ${limit}`.execute(trx);
  return rows;
}

const BATCH = sql`organisation_id as "organisationId", batch_id as "batchId", house_id as "houseId", account_id as "accountId", purpose,
  made_by as "madeBy", ordered_at as "orderedAt", expires_at as "expiresAt", state, letters, made, last_number as "lastNumber"`;

/** @returns false while another batch of the house is being made */
export async function insertBatch(
  trx: Transaction,
  batch: Pick<LetterBatch, 'organisationId' | 'batchId' | 'houseId' | 'accountId' | 'purpose' | 'madeBy' | 'letters'>,
  { at, expiresAt }: { at: Date; expiresAt: Date },
): Promise<boolean> {
  const inserted = await trx
    .insertInto('letter_batch')
    .values({
      organisation_id: batch.organisationId,
      batch_id: batch.batchId,
      house_id: batch.houseId,
      account_id: batch.accountId,
      purpose: batch.purpose,
      made_by: batch.madeBy,
      letters: batch.letters,
      ordered_at: at,
      changed_at: at,
      expires_at: expiresAt,
      state: 'making',
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

export type BatchKey = Pick<LetterBatch, 'organisationId' | 'batchId'>;

export async function lockBatch(trx: Transaction, { organisationId, batchId }: BatchKey): Promise<LetterBatch | null> {
  const { rows } = await sql<LetterBatch>`
    select ${BATCH} from letter_batch where organisation_id = ${organisationId} and batch_id = ${batchId} for update`.execute(
    trx,
  );
  return rows[0] ?? null;
}

export async function updateBatch(
  trx: Transaction,
  { organisationId, batchId }: BatchKey,
  change: Pick<LetterBatch, 'made' | 'lastNumber' | 'letters' | 'state'>,
  at: Date,
): Promise<void> {
  await sql`update letter_batch
    set made = ${change.made}, letters = ${change.letters}, last_number = ${change.lastNumber}, state = ${change.state}, changed_at = ${at}
    where organisation_id = ${organisationId} and batch_id = ${batchId}`.execute(trx);
}

/** Batches of a house, or of one account in it, the newest first. */
export async function selectBatches(
  db: Db,
  { organisationId, houses }: Desk,
  { houseId, accountId }: { houseId: HouseId; accountId: AccountId | null },
  limit: number,
): Promise<LetterBatch[]> {
  const { rows } = await sql<LetterBatch>`
    select ${BATCH} from letter_batch
    where organisation_id = ${organisationId} and house_id = ${houseId} and ${inScope('house_id', houses)}
      and account_id is not distinct from ${accountId}::uuid
    order by batch_id desc limit ${limit}`.execute(db);
  return rows;
}

export async function selectBatch(
  db: Db,
  { organisationId, houses }: Desk,
  houseId: HouseId,
  batchId: BatchId,
): Promise<LetterBatch | null> {
  const { rows } = await sql<LetterBatch>`
    select ${BATCH} from letter_batch
    where organisation_id = ${organisationId} and batch_id = ${batchId} and house_id = ${houseId} and ${inScope('house_id', houses)}`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** Batches that nobody has worked at for a while: their process was killed. */
export async function selectStalledBatches(db: Db, before: Date): Promise<BatchKey[]> {
  const { rows } = await sql<BatchKey>`
    select organisation_id as "organisationId", batch_id as "batchId" from letter_batch
    where state = 'making' and changed_at < ${before} limit 100`.execute(db);
  return rows;
}

/** Codes of a batch that still work: used ones, and those that a later code ended, need no letter. */
export async function selectWorkingCodes(
  db: Db,
  houseId: HouseId,
  batchId: BatchId,
  at: Date,
): Promise<Map<AccountId, Buffer>> {
  const { rows } = await sql<{ accountId: AccountId; hash: Buffer }>`
    select account_id as "accountId", code_hash as hash from account_code
    where house_id = ${houseId} and batch_id = ${batchId} and used_at is null and expires_at > ${at}`.execute(db);
  return new Map(rows.map(({ accountId, hash }) => [accountId, hash]));
}

/** A lost letter, or one to whoever was the payer, opens the account no more. */
export async function endCodes(
  trx: Transaction,
  houseId: HouseId,
  accountIds: readonly AccountId[],
  at: Date,
): Promise<void> {
  if (accountIds.length === 0) return;
  await sql`update account_code set expires_at = ${at}
    where house_id = ${houseId} and account_id = any(${accountIds}::uuid[]) and used_at is null and expires_at > ${at}`.execute(
    trx,
  );
}

/** Codes made before end, one new for each account: three statements whatever their number. The accounts are held, as the check of a code holds them. */
export async function replaceCodes(
  trx: Transaction,
  input: {
    houseId: HouseId;
    /** Null: shown on the screen once. */
    batchId: BatchId | null;
    madeBy: PersonId;
    at: Date;
    expiresAt: Date;
    codes: readonly { accountId: AccountId; hash: Buffer }[];
  },
): Promise<void> {
  const { houseId, batchId, madeBy, at, expiresAt, codes } = input;
  const ids = codes.map(({ accountId }) => accountId);
  await sql`select from account where house_id = ${houseId} and account_id = any(${ids}::uuid[]) order by account_id for update`.execute(
    trx,
  );
  await endCodes(trx, houseId, ids, at);
  await sql`
    insert into account_code (house_id, code_id, account_id, batch_id, code_hash, made_by, made_at, expires_at)
    select ${houseId}::uuid, code_id, account_id, ${batchId}::uuid, decode(hash, 'hex'), ${madeBy}::uuid, ${at}::timestamptz,
      ${expiresAt}::timestamptz
    from unnest(${ids.map(() => newId())}::uuid[], ${ids}::uuid[], ${codes.map(({ hash }) => hash.toString('hex'))}::text[])
      as given (code_id, account_id, hash)`.execute(trx);
}
