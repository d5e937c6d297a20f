import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import { type Image, parseImage } from '../../../platform/database/image.ts';
import type { AccountId, HouseId } from '../../../platform/ids.ts';
import '../tables.ts';

/** Accounts of a house whole: the columns, with `places` and `bases` as rows. */
export async function selectAccountImages(
  db: Db,
  houseId: HouseId,
  ids: readonly AccountId[],
): Promise<Map<AccountId, Image>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: AccountId; image: string }>`
    select a.account_id as id, ((to_jsonb(a) - '{house_id,account_id,provider_id,updated_at}'::text[]) || jsonb_build_object(
      'places', (select coalesce(jsonb_agg(to_jsonb(l) - '{house_id,account_id}'::text[] order by l.place_id), '[]')
        from account_place l where l.house_id = a.house_id and l.account_id = a.account_id),
      'bases', (select coalesce(jsonb_agg(to_jsonb(b) - '{house_id,account_id}'::text[] order by b.position), '[]')
        from account_basis b where b.house_id = a.house_id and b.account_id = a.account_id)))::text as image
    from account a where a.house_id = ${houseId} and a.account_id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, image }) => [id, parseImage(image)]));
}

/** Accounts with their rows locked, in the order of their ids. @returns their columns whole, for writing back */
export async function lockAccountRows(
  trx: Transaction,
  houseId: HouseId,
  ids: readonly AccountId[],
): Promise<Map<AccountId, Image>> {
  const { rows } = await sql<{ id: AccountId; image: string }>`
    select a.account_id as id, to_jsonb(a)::text as image from account a
    where a.house_id = ${houseId} and a.account_id = any(${[...ids].sort()}::uuid[]) order by a.account_id for no key update`.execute(
    trx,
  );
  return new Map(rows.map(({ id, image }) => [id, parseImage(image)]));
}

/** People who have connected any of the accounts, or wait for it. For jobs alone: it asks all people. */
export async function selectLinked(
  db: Db,
  houseId: HouseId,
  ids: readonly AccountId[],
): Promise<{ accountId: AccountId; people: number }[]> {
  const { rows } = await sql<{ accountId: AccountId; people: number }>`
    select account_id as "accountId", count(*)::int as people from account_link
    where house_id = ${houseId} and account_id = any(${ids}::uuid[]) and state = 'connected'
    group by 1 order by 1`.execute(db);
  return rows;
}

/** Accounts of which one-time codes are on their way to somebody. */
export async function selectWithCodes(
  db: Db,
  houseId: HouseId,
  ids: readonly AccountId[],
  at: Date,
): Promise<AccountId[]> {
  const { rows } = await sql<{ accountId: AccountId }>`
    select distinct account_id as "accountId" from account_code
    where house_id = ${houseId} and account_id = any(${ids}::uuid[]) and used_at is null and expires_at > ${at}::timestamptz`.execute(
    db,
  );
  return rows.map(({ accountId }) => accountId);
}
