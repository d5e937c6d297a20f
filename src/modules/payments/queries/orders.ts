import type { Db } from '../../../platform/database/database.ts';
import type { OrderId, PaymentId, PersonId } from '../../../platform/ids.ts';
import type { Kopecks } from '../../../platform/money.ts';
import type { PaymentPartTable, PaymentTable } from '../tables.ts';
import '../tables.ts';

export type PaymentRow = Omit<PaymentTable, 'checks'> & { checks: number };
export type PartRow = PaymentPartTable;

export interface NewPaymentRow
  extends Pick<
    PaymentTable,
    | 'person_id'
    | 'payment_id'
    | 'order_id'
    | 'position'
    | 'shop_owner_id'
    | 'shop_id'
    | 'amount'
    | 'description'
    | 'idempotence_key'
    | 'next_check_at'
    | 'created_at'
  > {
  parts: Omit<PaymentPartTable, 'person_id' | 'order_id' | 'payment_id' | 'posted_at' | 'receipt_id'>[];
}

export async function insertOrder(
  db: Db,
  order: { personId: PersonId; orderId: OrderId; total: Kopecks; mode: 'split' | 'steps'; at: Date },
): Promise<void> {
  await db
    .insertInto('payment_order')
    .values({
      person_id: order.personId,
      order_id: order.orderId,
      total: order.total,
      mode: order.mode,
      created_at: order.at,
    })
    .execute();
}

/** New payments with their parts. */
export async function insertPayments(db: Db, payments: readonly NewPaymentRow[]): Promise<void> {
  await db
    .insertInto('payment')
    .values(
      payments.map(({ parts: _, ...payment }) => ({
        ...payment,
        state: 'new' as const,
        key_expires_at: null,
        lease_until: null,
        external_id: null,
        confirmation_url: null,
        refusal: null,
        paid_at: null,
        succeeded_at: null,
        posted_at: null,
        reversed_at: null,
        replaced_by: null,
        changed_at: payment.created_at,
      })),
    )
    .execute();
  await db
    .insertInto('payment_part')
    .values(
      payments.flatMap(({ parts, person_id, order_id, payment_id }) =>
        parts.map((part) => ({ ...part, person_id, order_id, payment_id, posted_at: null, receipt_id: null })),
      ),
    )
    .execute();
}

export async function selectOrder(db: Db, personId: PersonId, orderId: OrderId) {
  return db
    .selectFrom('payment_order')
    .selectAll()
    .where('person_id', '=', personId)
    .where('order_id', '=', orderId)
    .executeTakeFirst();
}

/** All payments of an order in their order, replaced ones too. */
export async function selectPaymentsOfOrder(db: Db, personId: PersonId, orderId: OrderId): Promise<PaymentRow[]> {
  return db
    .selectFrom('payment')
    .selectAll()
    .where('person_id', '=', personId)
    .where('order_id', '=', orderId)
    .orderBy('position')
    .orderBy('payment_id')
    .execute();
}

export async function selectParts(db: Db, personId: PersonId, paymentIds: readonly PaymentId[]): Promise<PartRow[]> {
  if (paymentIds.length === 0) return [];
  return db
    .selectFrom('payment_part')
    .selectAll()
    .where('person_id', '=', personId)
    .where((where) => where('payment_id', '=', where.fn.any(where.val(paymentIds as PaymentId[]))))
    .orderBy('position')
    .orderBy('part_id')
    .execute();
}
