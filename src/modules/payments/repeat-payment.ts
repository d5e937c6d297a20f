import { type Actor, authorise } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import { newId, type OrderId, type PartId, type PaymentId } from '../../platform/ids.ts';
import { access } from './access.ts';
import { payerOf } from './begin-payment.ts';
import { NEW_LIFE } from './payment.ts';
import { insertPayments, type PaymentRow, selectParts } from './queries/orders.ts';
import { markReplaced, selectPayment } from './queries/payments.ts';
import { selectShopsOf } from './queries/shops.ts';

/**
 * A payment that failed without taking money is started anew: another payment with the same parts takes its place in the
 * order. The failed one stays, with its history.
 * @throws NotFound when it is not the caller's
 * @throws Conflict when it has not failed, or was started anew already
 */
export async function repeatPayment(
  context: Context,
  actor: Actor,
  { orderId, paymentId }: { orderId: OrderId; paymentId: PaymentId },
): Promise<PaymentId> {
  authorise(actor, access.viewOrder);
  const personId = payerOf(actor);
  const fresh = newId<PaymentId>();
  return transaction(context.db, async (trx) => {
    const failed = await selectPayment(trx, { personId, paymentId });
    if (failed?.order_id !== orderId) throw new NotFound();
    if (failed.replaced_by) return failed.replaced_by;
    if (!(await markReplaced(trx, { personId, paymentId }, fresh)))
      throw new Conflict('Этот платёж повторять не нужно. Обновите страницу заказа.');
    const shop = await shopFor(trx, failed);
    const parts = await selectParts(trx, personId, [paymentId]);
    const at = context.clock();
    await insertPayments(trx, [
      {
        person_id: personId,
        payment_id: fresh,
        order_id: orderId,
        position: failed.position,
        shop_owner_id: failed.shop_owner_id,
        shop_id: shop,
        amount: failed.amount,
        description: failed.description,
        idempotence_key: newId(),
        next_check_at: new Date(at.getTime() + NEW_LIFE),
        created_at: at,
        parts: parts.map(({ person_id, order_id, payment_id, posted_at, receipt_id, ...part }) => ({
          ...part,
          part_id: newId<PartId>(),
        })),
      },
    ]);
    return fresh;
  });
}

/** The shop may have been changed since: the payment goes to the one its owner uses now, of the same mode. */
async function shopFor(trx: Transaction, failed: PaymentRow): Promise<string> {
  const shops = await selectShopsOf(trx, failed.shop_owner_id);
  const mode = shops.find(({ shop_id }) => shop_id === failed.shop_id)?.mode;
  const active = shops.find((shop) => shop.active && shop.mode === mode);
  if (!active)
    throw new Conflict(
      'Получатель сейчас не принимает оплату здесь. Начните оплату заново: там показаны реквизиты для банка.',
    );
  return active.shop_id;
}
