import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import type { PaymentId, PersonId } from '../../platform/ids.ts';
import { addJob, defineJob, type ScheduledJob } from '../../platform/jobs/jobs.ts';
import { JOB_PATIENCE } from './acquirer.ts';
import { createAtAcquirer } from './create-at-acquirer.ts';
import { inquirePayment } from './inquire-payment.ts';
import { NEW_LIFE } from './payment.ts';
import { postPayment, reversePayment } from './post-payment.ts';
import { claimOverdue, movePayment, type PaymentKey, selectOverdue, selectPayment } from './queries/payments.ts';

const payload = z.object({
  personId: z.uuid().transform((id) => id as PersonId),
  paymentId: z.uuid().transform((id) => id as PaymentId),
});

/** One waiting step a payment: adding it again only changes its time. */
export const jobKey = ({ paymentId }: PaymentKey): string => `payments.advance:${paymentId}`;

/** The next step of a payment, whatever it is: the state says. */
export const advancePayment = defineJob<PaymentKey>({
  name: 'payments.advance',
  payload,
  run: (context, key) => advance(context, key),
});

/** A notification came: asks the acquirer, also about a payment that has ended. */
export const inquire = defineJob<PaymentKey>({
  name: 'payments.inquire',
  payload,
  run: (context, key) => inquirePayment(context, key),
});

async function advance(context: Context, key: PaymentKey): Promise<void> {
  const payment = await selectPayment(context.db, key);
  switch (payment?.state) {
    case 'new':
      if (payment.created_at.getTime() + NEW_LIFE <= context.clock().getTime())
        await movePayment(context.db, payment, {
          to: 'abandoned',
          cause: 'clock',
          at: context.clock(),
          patch: {
            next_check_at: null,
            refusal: 'Оплату не начали вовремя. Деньги не списаны. Начните оплату заново.',
          },
        });
      return;
    case 'creating':
      return createAtAcquirer(context, key, JOB_PATIENCE);
    case 'awaiting_payer':
      return inquirePayment(context, key);
    case 'succeeded':
      return postPayment(context, key);
    case 'refunded':
      return reversePayment(context, key);
  }
}

const GRACE = 60_000;
const CLAIM = 5 * 60_000;
const BATCH = 500;

/**
 * Finds unfinished payments whose look is a minute overdue: their job was lost or has given up. The time of the next look
 * stands in the payment itself, and the database refuses an unfinished payment without one, so none can be forgotten.
 */
export async function sweepPayments(context: Context): Promise<number> {
  const now = context.clock();
  const overdue = await selectOverdue(context.db, new Date(now.getTime() - GRACE), BATCH);
  let woken = 0;
  for (const { nextCheckAt, ...key } of overdue)
    await transaction(context.db, async (trx) => {
      if (!(await claimOverdue(trx, key, nextCheckAt!, new Date(now.getTime() + CLAIM)))) return;
      await addJob(trx, advancePayment, key, { key: jobKey(key) });
      woken += 1;
    });
  return woken;
}

export const sweepPaymentsEveryMinute: ScheduledJob = {
  name: 'payments.sweep',
  cron: '* * * * *',
  run: async (context, log) => {
    const woken = await sweepPayments(context);
    if (woken > 0) log.warn({ woken }, 'payments were overdue');
  },
};
