import type { Db } from '../../../platform/database/database.ts';
import type { OrganisationId } from '../../../platform/ids.ts';
import type { ShopTable } from '../tables.ts';
import '../tables.ts';

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

export async function selectShop(
  db: Db,
  organisationId: OrganisationId,
  shopId: string,
): Promise<ShopTable | undefined> {
  return db
    .selectFrom('shop')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where('shop_id', '=', shopId)
    .executeTakeFirst();
}

export async function selectShopsOf(db: Db, organisationId: OrganisationId): Promise<ShopTable[]> {
  return db
    .selectFrom('shop')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .orderBy('active', 'desc')
    .orderBy('changed_at', 'desc')
    .execute();
}

export async function selectSplitShops(db: Db): Promise<ShopTable[]> {
  return db
    .selectFrom('shop')
    .selectAll()
    .where('mode', '=', 'split')
    .orderBy('active', 'desc')
    .orderBy('changed_at', 'desc')
    .execute();
}

/** Makes the shop the one that takes payments in its mode; an earlier one of the same organisation is put out of use. */
export async function activateShop(db: Db, shop: Omit<ShopTable, 'active' | 'changed_at'>, at: Date): Promise<void> {
  await stopShops(db, shop.organisation_id, shop.mode, at);
  const values = { secret_sealed: shop.secret_sealed, mode: shop.mode, active: true, changed_at: at };
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

export async function stopShops(db: Db, organisationId: OrganisationId, mode: ShopTable['mode'], at: Date) {
  await db
    .updateTable('shop')
    .set({ active: false, changed_at: at })
    .where('organisation_id', '=', organisationId)
    .where('mode', '=', mode)
    .where('active', '=', true)
    .execute();
}
