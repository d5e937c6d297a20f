import { sql } from 'kysely';
import type { Desk } from '../../../platform/access.ts';
import type { Transaction } from '../../../platform/database/database.ts';
import { inScope } from '../../../platform/database/scope.ts';
import { type AccountId, type HouseId, newId, type PersonId } from '../../../platform/ids.ts';
import '../tables.ts';

/** Open accounts of an organisation in a house, by number, after the last one of the file before. */
export async function selectOpenAccounts(
  trx: Transaction,
  houseId: HouseId,
  { organisationId, houses }: Desk,
  after: string,
  limit: number,
): Promise<AccountId[]> {
  const rows = await trx
    .selectFrom('account')
    .select('account_id')
    .where('house_id', '=', houseId)
    .where('provider_id', '=', organisationId)
    .where(inScope('house_id', houses))
    .where('closed_on', 'is', null)
    .where('number', '>', after)
    .orderBy('number')
    .limit(limit)
    .execute();
  return rows.map(({ account_id }) => account_id);
}

/** Codes made before end, one new for each account: three statements whatever their number. The accounts are held, as the check of a code holds them. */
export async function replaceCodes(
  trx: Transaction,
  input: {
    houseId: HouseId;
    madeBy: PersonId;
    at: Date;
    expiresAt: Date;
    codes: readonly { accountId: AccountId; hash: Buffer }[];
  },
): Promise<void> {
  const { houseId, madeBy, at, expiresAt, codes } = input;
  const ids = codes.map(({ accountId }) => accountId);
  await sql`select from account where house_id = ${houseId} and account_id = any(${ids}::uuid[]) order by account_id for update`.execute(
    trx,
  );
  await sql`update account_code set expires_at = ${at}
    where house_id = ${houseId} and account_id = any(${ids}::uuid[]) and used_at is null and expires_at > ${at}`.execute(
    trx,
  );
  await sql`
    insert into account_code (house_id, code_id, account_id, code_hash, made_by, made_at, expires_at)
    select ${houseId}::uuid, code_id, account_id, decode(hash, 'hex'), ${madeBy}::uuid, ${at}::timestamptz, ${expiresAt}::timestamptz
    from unnest(${ids.map(() => newId())}::uuid[], ${ids}::uuid[], ${codes.map(({ hash }) => hash.toString('hex'))}::text[])
      as given (code_id, account_id, hash)`.execute(trx);
}
