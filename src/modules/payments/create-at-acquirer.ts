import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import type { OrderId } from '../../platform/ids.ts';
import { addJob } from '../../platform/jobs/jobs.ts';
import { acquirerOf } from './acquirer.ts';
import { askPerson } from './ask-person.ts';
import { advancePayment, jobKey } from './jobs.ts';
import { lookLater } from './look-later.ts';
import { ANSWER_LIFE, HOUR, KEY_LIFE, nextCheck } from './payment.ts';
import { type PaymentRow, selectParts } from './queries/orders.ts';
import { insertExternalPayment, leaseCreating, movePayment, type PaymentKey } from './queries/payments.ts';
import { tellDeclined } from './tell-payer.ts';
import type { AcquirerPayment, NewPayment, YooKassa } from './yookassa.ts';

/** Refusals that say nothing of an earlier attempt: the shop's secret may have been changed between the two. */
const ABOUT_THE_SHOP = new Set(['invalid_credentials', 'forbidden']);

export const returnUrl = (context: Pick<Context, 'config'>, orderId: OrderId): string =>
  `${context.config.PUBLIC_URL}/pay/orders/${orderId}`;

/**
 * Asks the acquirer to create the payment, or finds out what became of an earlier asking. Called by the page that began it
 * and by the job; only one of them speaks at a time. Repeats go under the same key, so the acquirer makes one payment. Past
 * the life of the key the acquirer's list is asked; what it does not say clearly is not guessed.
 */
export async function createAtAcquirer(context: Context, key: PaymentKey, patience: number): Promise<void> {
  const now = context.clock();
  const payment = await leaseCreating(context.db, key, now, new Date(now.getTime() + patience + 5_000));
  if (!payment) return;
  const acquirer = await acquirerOf(context, payment, patience);
  if (!acquirer) return giveToPerson(context, payment, 'shop_gone');
  if (payment.key_expires_at! <= now) return findCreated(context, payment, acquirer);
  const outcome = await acquirer.createPayment(await request(context, payment), payment.idempotence_key);
  if (outcome.kind === 'accepted') return settleCreated(context, payment, outcome.value);
  if (outcome.kind === 'unknown') {
    if (outcome.reason === 'key-reused') return findCreated(context, payment, acquirer);
    context.log.warn({ paymentId: key.paymentId, reason: outcome.reason }, 'creating a payment: no clear answer');
    return lookLater(context, payment, payment.checks, outcome.retryAfterSeconds);
  }
  context.log.error({ paymentId: key.paymentId, detail: outcome.detail }, 'the acquirer refused to create a payment');
  if (payment.checks > 1 && ABOUT_THE_SHOP.has(outcome.code)) return lookLater(context, payment, payment.checks);
  await transaction(context.db, async (trx) => {
    const moved = await movePayment(trx, payment, {
      to: 'declined',
      cause: 'acquirer',
      at: context.clock(),
      patch: { refusal: outcome.description, next_check_at: null, lease_until: null },
      details: { code: outcome.code, parameter: outcome.parameter },
    });
    if (moved) await tellDeclined(context, trx, payment, outcome.description);
  });
}

/** Made of stored values alone: a repeat under the same key must be the same request. */
async function request(context: Context, payment: PaymentRow): Promise<NewPayment> {
  const parts = await selectParts(context.db, payment.person_id, [payment.payment_id]);
  const transfers = parts.flatMap((part) =>
    part.transfer_account === null
      ? []
      : [
          {
            accountId: part.transfer_account,
            amount: part.amount,
            description: `Лицевой счёт ${part.account_number}`,
          },
        ],
  );
  return {
    amount: payment.amount,
    returnUrl: returnUrl(context, payment.order_id),
    description: payment.description,
    metadata: { payment_id: payment.payment_id, order_id: payment.order_id },
    ...(transfers.length > 0 ? { transfers } : {}),
  };
}

async function settleCreated(context: Context, payment: PaymentRow, created: AcquirerPayment): Promise<void> {
  const at = context.clock();
  const key = { personId: payment.person_id, paymentId: payment.payment_id };
  await transaction(context.db, async (trx) => {
    const next = nextCheck(at, 0);
    const moved = await movePayment(trx, payment, {
      to: 'awaiting_payer',
      cause: 'acquirer',
      at,
      patch: {
        external_id: created.id,
        confirmation_url: created.confirmationUrl,
        next_check_at: next,
        lease_until: null,
      },
      details: { externalId: created.id },
    });
    if (!moved) return;
    await insertExternalPayment(trx, payment.shop_id, created.id, key);
    await addJob(trx, advancePayment, key, { key: jobKey(key), runAt: next });
  });
}

/** Looks the payment up in the acquirer's list by our id, which it carries. */
async function findCreated(context: Context, payment: PaymentRow, acquirer: YooKassa): Promise<void> {
  const expiry = payment.key_expires_at!.getTime();
  const outcome = await acquirer.findPayments({
    createdFrom: new Date(expiry - KEY_LIFE - HOUR),
    createdTo: new Date(expiry + HOUR),
  });
  if (outcome.kind !== 'accepted') {
    const waited = context.clock().getTime() - payment.created_at.getTime();
    return waited > ANSWER_LIFE
      ? giveToPerson(context, payment, 'no_answer')
      : lookLater(context, payment, payment.checks);
  }
  const ours = outcome.value.filter(({ metadata }) => metadata.payment_id === payment.payment_id);
  if (ours.length === 1) return settleCreated(context, payment, ours[0]!);
  return giveToPerson(context, payment, 'unknown_at_acquirer', `в списке банка таких платежей: ${ours.length}`);
}

const giveToPerson = (
  context: Context,
  payment: PaymentRow,
  reason: 'shop_gone' | 'no_answer' | 'unknown_at_acquirer',
  details = '',
): Promise<void> =>
  transaction(context.db, (trx) =>
    askPerson(trx, payment, { reason, details, move: true, cause: 'clock', at: context.clock() }),
  );
