import { type Actor, authorise, humanOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict, NotFound, NotSignedIn } from '../../platform/errors.ts';
import type { OrderId, PaymentId, PersonId } from '../../platform/ids.ts';
import { addJob } from '../../platform/jobs/jobs.ts';
import { access } from './access.ts';
import { PAGE_PATIENCE } from './acquirer.ts';
import { createAtAcquirer } from './create-at-acquirer.ts';
import { advancePayment, jobKey } from './jobs.ts';
import { KEY_LIFE } from './payment.ts';
import { movePayment, selectPayment } from './queries/payments.ts';

/** Whose orders the request may see: a guest's or a signed-in person's own. @throws NotSignedIn */
export function payerOf(actor: Actor): PersonId {
  const human = humanOf(actor);
  if (!human) throw new NotSignedIn();
  return human.personId;
}

/**
 * The payer goes to the bank with one step of the order. The asking is written down with the job that repeats it, and only
 * then the acquirer is asked, outside the transaction; so a kill at any moment leaves a payment that the job takes up.
 * @returns the bank's page, or null while the acquirer has not answered: the order's page then shows the waiting
 * @throws NotFound when the payment is not the caller's
 * @throws Conflict when the payment is over
 */
export async function beginPayment(
  context: Context,
  actor: Actor,
  { orderId, paymentId }: { orderId: OrderId; paymentId: PaymentId },
): Promise<string | null> {
  authorise(actor, access.viewOrder);
  const key = { personId: payerOf(actor), paymentId };
  await transaction(context.db, async (trx) => {
    const payment = await selectPayment(trx, key);
    if (payment?.order_id !== orderId) throw new NotFound();
    if (payment.state === 'creating' || payment.state === 'awaiting_payer') return;
    if (payment.state !== 'new') throw new Conflict('Этот платёж уже завершён. Обновите страницу заказа.');
    const at = context.clock();
    // The page itself asks first; the job comes after it has given up or died.
    const next = new Date(at.getTime() + 2 * PAGE_PATIENCE);
    const patch = { key_expires_at: new Date(at.getTime() + KEY_LIFE), next_check_at: next };
    if (await movePayment(trx, payment, { to: 'creating', cause: 'payer', at, patch }))
      await addJob(trx, advancePayment, key, { key: jobKey(key), runAt: next });
  });
  await createAtAcquirer(context, key, PAGE_PATIENCE);
  const payment = await selectPayment(context.db, key);
  return payment?.state === 'awaiting_payer' ? payment.confirmation_url : null;
}
