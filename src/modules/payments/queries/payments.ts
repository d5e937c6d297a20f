import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import { newId, type PartId, type PaymentId, type PersonId, type ReceiptId } from '../../../platform/ids.ts';
import { assertMove, type PaymentCause, type PaymentState } from '../payment.ts';
import type { PaymentTable } from '../tables.ts';
import type { PaymentRow } from './orders.ts';
import '../tables.ts';

export interface PaymentKey {
  personId: PersonId;
  paymentId: PaymentId;
}

export async function selectPayment(db: Db, key: PaymentKey): Promise<PaymentRow | undefined> {
  return db
    .selectFrom('payment')
    .selectAll()
    .where('person_id', '=', key.personId)
    .where('payment_id', '=', key.paymentId)
    .executeTakeFirst();
}

export type PaymentPatch = Partial<Omit<PaymentTable, 'person_id' | 'payment_id' | 'order_id' | 'state' | 'checks'>>;

/**
 * Changes the state if it is still the one that the caller saw, and writes the event.
 * @returns false when somebody else has moved the payment meanwhile: nothing is written then
 */
export async function movePayment(
  db: Db,
  payment: { person_id: PersonId; payment_id: PaymentId; state: PaymentState },
  move: { to: PaymentState; cause: PaymentCause; at: Date; patch: PaymentPatch; details?: Record<string, unknown> },
): Promise<boolean> {
  assertMove(payment.state, move.to, move.cause);
  const changed = await db
    .updateTable('payment')
    .set({ ...move.patch, state: move.to, checks: 0, changed_at: move.at })
    .where('person_id', '=', payment.person_id)
    .where('payment_id', '=', payment.payment_id)
    .where('state', '=', payment.state)
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) return false;
  await db
    .insertInto('payment_event')
    .values({
      person_id: payment.person_id,
      event_id: newId(),
      payment_id: payment.payment_id,
      at: move.at,
      from_state: payment.state,
      to_state: move.to,
      source: move.cause,
      details: JSON.stringify(move.details ?? {}),
    })
    .execute();
  return true;
}

/**
 * Takes the right to speak with the acquirer about creating; `checks` of the answer counts the attempts, this one included.
 * Undefined: somebody else has the right, or the payment is past creating.
 */
export async function leaseCreating(db: Db, key: PaymentKey, now: Date, until: Date): Promise<PaymentRow | undefined> {
  return db
    .updateTable('payment')
    .set({ lease_until: until, checks: sql<number>`checks + 1` })
    .where('person_id', '=', key.personId)
    .where('payment_id', '=', key.paymentId)
    .where('state', '=', 'creating')
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
    .returningAll()
    .executeTakeFirst();
}

/** Nothing new: when to look again. The state must still be the one seen. */
export async function postponeCheck(
  db: Db,
  payment: Pick<PaymentRow, 'person_id' | 'payment_id' | 'state'>,
  next: { checks: number; at: Date },
): Promise<boolean> {
  const changed = await db
    .updateTable('payment')
    .set({ checks: next.checks, next_check_at: next.at, lease_until: null })
    .where('person_id', '=', payment.person_id)
    .where('payment_id', '=', payment.payment_id)
    .where('state', '=', payment.state)
    .where('next_check_at', 'is not', null)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

/** Brings the next look forward to `at`, unless it is as near anyway. */
export async function hastenCheck(db: Db, key: PaymentKey, at: Date, unlessBefore: Date): Promise<boolean> {
  const changed = await db
    .updateTable('payment')
    .set({ next_check_at: at })
    .where('person_id', '=', key.personId)
    .where('payment_id', '=', key.paymentId)
    .where('state', '=', 'awaiting_payer')
    .where('next_check_at', '>', unlessBefore)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

/** Payments whose look is overdue, whoever should have looked. Paged by key of time; the index holds unfinished ones only. */
export async function selectOverdue(db: Db, before: Date, limit: number) {
  return db
    .selectFrom('payment')
    .select(['person_id as personId', 'payment_id as paymentId', 'next_check_at as nextCheckAt'])
    .where('next_check_at', '<=', before)
    .orderBy('next_check_at')
    .limit(limit)
    .execute();
}

/** Claims an overdue payment for one sweep. */
export async function claimOverdue(db: Db, key: PaymentKey, seen: Date, until: Date): Promise<boolean> {
  const changed = await db
    .updateTable('payment')
    .set({ next_check_at: until })
    .where('person_id', '=', key.personId)
    .where('payment_id', '=', key.paymentId)
    .where('next_check_at', '=', seen)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

export async function markPartPosted(
  db: Db,
  { personId, partId, receiptId }: { personId: PersonId; partId: PartId; receiptId: ReceiptId },
  at: Date,
): Promise<void> {
  await db
    .updateTable('payment_part')
    .set({ posted_at: at, receipt_id: receiptId })
    .where('person_id', '=', personId)
    .where('part_id', '=', partId)
    .where('posted_at', 'is', null)
    .execute();
}

/** @returns false when it was marked before, or the payment is not succeeded */
export async function markPosted(db: Db, key: PaymentKey, at: Date): Promise<boolean> {
  const changed = await db
    .updateTable('payment')
    .set({ posted_at: at, next_check_at: null })
    .where('person_id', '=', key.personId)
    .where('payment_id', '=', key.paymentId)
    .where('state', '=', 'succeeded')
    .where('posted_at', 'is', null)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

/** @returns false when it was marked before */
export async function markReversed(db: Db, key: PaymentKey, at: Date): Promise<boolean> {
  const changed = await db
    .updateTable('payment')
    .set({ reversed_at: at, next_check_at: null })
    .where('person_id', '=', key.personId)
    .where('payment_id', '=', key.paymentId)
    .where('state', '=', 'refunded')
    .where('reversed_at', 'is', null)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

/** Notes that a failed payment is started anew. @returns false when it already was, or has not failed */
export async function markReplaced(db: Db, key: PaymentKey, by: PaymentId): Promise<boolean> {
  const changed = await db
    .updateTable('payment')
    .set({ replaced_by: by })
    .where('person_id', '=', key.personId)
    .where('payment_id', '=', key.paymentId)
    .where('state', 'in', ['declined', 'abandoned'])
    .where('replaced_by', 'is', null)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

export async function insertExternalPayment(db: Db, shopId: string, externalId: string, key: PaymentKey) {
  await db
    .insertInto('external_payment')
    .values({ shop_id: shopId, external_id: externalId, person_id: key.personId, payment_id: key.paymentId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function selectExternalPayment(
  db: Db,
  shopId: string,
  externalId: string,
): Promise<PaymentKey | undefined> {
  return db
    .selectFrom('external_payment')
    .select(['person_id as personId', 'payment_id as paymentId'])
    .where('shop_id', '=', shopId)
    .where('external_id', '=', externalId)
    .executeTakeFirst();
}
