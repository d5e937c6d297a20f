import type { Transaction } from '../../platform/database/database.ts';
import { Conflict } from '../../platform/errors.ts';
import { newId, type OrderId, type PartId, type PaymentId, type PersonId } from '../../platform/ids.ts';
import { sum } from '../../platform/money.ts';
import { firstDay } from '../../platform/month.ts';
import { describePayment, type OrderItem, type PlannedPayment, planOrder } from './order.ts';
import { NEW_LIFE } from './payment.ts';
import { insertOrder, insertPayments, type NewPaymentRow } from './queries/orders.ts';
import { readShops } from './read-shops.ts';

export interface PlacedOrder {
  orderId: OrderId;
}

/**
 * Writes an order with its payments and parts. Nothing is told to the acquirer yet: that begins when the payer presses the
 * button of the step.
 * @throws Conflict when a recipient takes no payments here
 */
export async function placeOrder(
  trx: Transaction,
  order: { personId: PersonId; items: readonly OrderItem[]; at: Date },
): Promise<PlacedOrder> {
  const { personId, items, at } = order;
  const shops = await readShops(
    trx,
    items.map(({ recipientId }) => recipientId),
  );
  const plan = planOrder(items, shops);
  if (plan.kind === 'unpayable')
    throw new Conflict(
      'Один из получателей ещё не принимает оплату здесь. Снимите его счёт с оплаты: реквизиты для банка показаны рядом со счётом.',
      'recipient_takes_no_payments',
    );
  const orderId = newId<OrderId>();
  await insertOrder(trx, { personId, orderId, total: sum(items.map(({ amount }) => amount)), mode: plan.mode, at });
  await insertPayments(
    trx,
    plan.payments.map((payment, index) => paymentRow({ personId, orderId, position: index + 1, at }, payment)),
  );
  return { orderId };
}

function paymentRow(
  base: { personId: PersonId; orderId: OrderId; position: number; at: Date },
  { shop, items }: PlannedPayment,
): NewPaymentRow {
  return {
    person_id: base.personId,
    payment_id: newId<PaymentId>(),
    order_id: base.orderId,
    position: base.position,
    shop_owner_id: shop.organisationId,
    shop_id: shop.shopId,
    amount: sum(items.map(({ amount }) => amount)),
    description: describePayment(items),
    idempotence_key: newId(),
    next_check_at: new Date(base.at.getTime() + NEW_LIFE),
    created_at: base.at,
    parts: items.map((item, index) => ({
      part_id: newId<PartId>(),
      position: index + 1,
      house_id: item.houseId,
      account_id: item.accountId,
      requisite_id: item.requisiteId,
      recipient_id: item.recipientId,
      account_number: item.accountNumber,
      address: item.address,
      transfer_account: item.splitAccount,
      period: item.period ? firstDay(item.period) : null,
      amount: item.amount,
    })),
  };
}
