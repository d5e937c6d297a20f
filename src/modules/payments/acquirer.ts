import { deriveKey } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { seal, unseal } from '../../platform/sealing.ts';
import type { PaymentRow } from './queries/orders.ts';
import { selectShop } from './queries/shops.ts';
import { createYooKassa, type YooKassa } from './yookassa.ts';

/** How long a page may wait for the acquirer. Past it the job goes on and the page shows what is known. */
export const PAGE_PATIENCE = 6_000;
export const JOB_PATIENCE = 25_000;

const secretKey = (context: Pick<Context, 'config'>) => deriveKey(context.config, 'shop secrets');

export const sealShopSecret = (context: Pick<Context, 'config'>, secret: string): Buffer =>
  seal(secretKey(context), secret);

/** The acquirer as the shop of this payment; null when the shop is not registered any more. */
export async function acquirerOf(
  context: Context,
  payment: Pick<PaymentRow, 'shop_owner_id' | 'shop_id'>,
  timeoutMs: number,
): Promise<YooKassa | null> {
  const shop = await selectShop(context.db, payment.shop_owner_id, payment.shop_id);
  if (!shop) return null;
  return createYooKassa({
    apiUrl: context.config.ACQUIRER_API_URL,
    shopId: shop.shop_id,
    secretKey: unseal(secretKey(context), shop.secret_sealed),
    timeoutMs,
  });
}
