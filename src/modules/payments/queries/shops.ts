import { type Selectable, sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { OrganisationId, PersonId } from '../../../platform/ids.ts';
import type { ShopTable } from '../tables.ts';
import '../tables.ts';

export type ShopRow = Selectable<ShopTable>;

export interface ActiveShop {
  organisationId: OrganisationId;
  shopId: string;
}

/** Whether anybody takes payments: an active shop of whatever kind. */
export async function hasShops(db: Db): Promise<boolean> {
  const row = await db.selectFrom('shop').select('shop_id').where('active', '=', true).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** The operator's shop that splits; null when there is none. */
export async function selectSplitShop(db: Db): Promise<ActiveShop | null> {
  const row = await db
    .selectFrom('shop')
    .select(['organisation_id as organisationId', 'shop_id as shopId'])
    .where('mode', '=', 'split')
    .where('active', '=', true)
    .orderBy('organisation_id')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

export async function selectOwnShops(db: Db, organisationIds: readonly OrganisationId[]): Promise<ActiveShop[]> {
  if (organisationIds.length === 0) return [];
  return db
    .selectFrom('shop')
    .select(['organisation_id as organisationId', 'shop_id as shopId'])
    .where((where) => where('organisation_id', '=', where.fn.any(where.val(organisationIds as OrganisationId[]))))
    .where('mode', '=', 'own')
    .where('active', '=', true)
    .execute();
}

export async function selectShop(db: Db, organisationId: OrganisationId, shopId: string): Promise<ShopRow | undefined> {
  return db
    .selectFrom('shop')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where('shop_id', '=', shopId)
    .executeTakeFirst();
}

export async function selectShopsOf(db: Db, organisationId: OrganisationId): Promise<ShopRow[]> {
  return db
    .selectFrom('shop')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .orderBy('active', 'desc')
    .orderBy('changed_at', 'desc')
    .execute();
}

export async function selectSplitShops(db: Db): Promise<ShopRow[]> {
  return db
    .selectFrom('shop')
    .selectAll()
    .where('mode', '=', 'split')
    .orderBy('active', 'desc')
    .orderBy('changed_at', 'desc')
    .execute();
}

/** Of two that change an organisation's shops at once the second sees what the first has done. */
export async function lockShops(trx: Transaction, organisationId: OrganisationId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`shops ${organisationId}`}, 0))`.execute(trx);
}

/** A shop that waits for a second person, in place of another that did. */
export async function askShop(
  trx: Transaction,
  shop: Pick<ShopRow, 'organisation_id' | 'shop_id' | 'secret_sealed'> & { asked_by: PersonId },
  at: Date,
): Promise<void> {
  await deleteAskedShop(trx, shop.organisation_id);
  await trx
    .insertInto('shop')
    .values({ ...shop, mode: 'own', active: false, changed_at: at, asked_at: at })
    .execute();
}

export async function deleteAskedShop(trx: Transaction, organisationId: OrganisationId): Promise<void> {
  await trx
    .deleteFrom('shop')
    .where('organisation_id', '=', organisationId)
    .where('asked_by', 'is not', null)
    .execute();
}

/** Shops that wait for a second person, the oldest first. */
export async function selectAskedShops(db: Db, limit: number): Promise<ShopRow[]> {
  return db.selectFrom('shop').selectAll().where('asked_by', 'is not', null).orderBy('asked_at').limit(limit).execute();
}

/** Makes the shop the one that takes payments in its mode; an earlier one of the same organisation is put out of use. */
export async function activateShop(
  db: Db,
  shop: Pick<ShopRow, 'organisation_id' | 'shop_id' | 'secret_sealed' | 'mode'>,
  at: Date,
): Promise<void> {
  await stopShops(db, shop.organisation_id, shop.mode, at);
  const asked = { asked_by: null, asked_at: null };
  const values = { secret_sealed: shop.secret_sealed, mode: shop.mode, active: true, changed_at: at, ...asked };
  await db
    .insertInto('shop')
    .values({ organisation_id: shop.organisation_id, shop_id: shop.shop_id, ...values })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'shop_id']).doUpdateSet(values))
    .execute();
}

/** The installation has one shop that splits: another organisation's is put out of use too. */
export async function stopSplitShops(db: Db, at: Date): Promise<void> {
  await db
    .updateTable('shop')
    .set({ active: false, changed_at: at })
    .where('mode', '=', 'split')
    .where('active', '=', true)
    .execute();
}

export async function stopShops(db: Db, organisationId: OrganisationId, mode: ShopRow['mode'], at: Date) {
  await db
    .updateTable('shop')
    .set({ active: false, changed_at: at })
    .where('organisation_id', '=', organisationId)
    .where('mode', '=', mode)
    .where('active', '=', true)
    .execute();
}
