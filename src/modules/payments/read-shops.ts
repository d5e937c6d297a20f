import type { Db } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import type { Shops } from './order.ts';
import { selectOwnShops, selectSplitShop } from './queries/shops.ts';

/** The shops that may take money for these recipients now. */
export async function readShops(db: Db, recipients: readonly OrganisationId[]): Promise<Shops> {
  const own = await selectOwnShops(db, [...new Set(recipients)]);
  const split = await selectSplitShop(db);
  return { split, own: new Map(own.map((shop) => [shop.organisationId, shop])) };
}
