import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { formToken, sendPage } from '../../pages/page.tsx';
import { personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { type FieldError, Invalid } from '../../platform/errors.ts';
import { idParam, type Typed, typed } from '../../platform/http/forms.ts';
import { isUuid, type OrderId, type PaymentId, type PersonId } from '../../platform/ids.ts';
import { parseMonth } from '../../platform/month.ts';
import { holdsShare, recordShareLooks, usableAccounts } from '../accounts/index.ts';
import { access } from './access.ts';
import { beginPayment, payerOf } from './begin-payment.ts';
import { hastenInquiry } from './hasten-inquiry.ts';
import { OrderPage, STATE_WORDS } from './order-page.tsx';
import { PayPage } from './pay-page.tsx';
import { readOwnPayables } from './payables.ts';
import { readWish } from './read-form.ts';
import { fingerprint, isMoving, readOrder } from './read-order.ts';
import { repeatPayment } from './repeat-payment.ts';
import { startPayment } from './start-payment.ts';

/** «Оплата ЖКУ» for residents, and the order's own pages, which a guest sees too. */
export function registerPaying(app: FastifyInstance, context: Context): void {
  app.get('/pay', { config: { access: access.payOwn, sensitive: true } }, (request, reply) =>
    showPayPage(context, request, reply, null, []),
  );

  app.post('/pay', { config: { access: access.payOwn } }, async (request, reply) => {
    try {
      const { orderId } = await startPayment(context, request.actor, readWish(request.body, { ticks: true }));
      return reply.redirect(`/pay/orders/${orderId}`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showPayPage(context, request, reply, typed(request.body), error.fields);
    }
  });

  registerOrderPages(app, context);
}

async function showPayPage(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  sent: Typed | null,
  errors: readonly FieldError[],
) {
  const { account = '', period = '' } = request.query as { account?: string; period?: string };
  const { personId } = personOf(request.actor);
  const payables = await readOwnPayables(context.db, personId, context.clock());
  const looked = [...new Map(payables.map((payable) => [payable.accountId, payable])).values()];
  await recordShareLooks(context.db, looked, { kind: 'debt', what: '' }, context.clock());
  return sendPage(
    request,
    reply,
    { title: 'Оплатить ЖКУ', active: '/pay', status: errors.length > 0 ? 422 : 200 },
    <PayPage
      payables={payables}
      lack={payables.length === 0 ? await whyNothing(context, personId) : null}
      token={formToken(request, reply)}
      formKey={sent?._key ?? v7()}
      only={isUuid(account) ? account : null}
      period={parseMonth(sent?.period ?? period)}
      typed={sent}
      errors={errors}
    />,
  );
}

/** Why there is nothing on the page of paying: no account, none that may be paid, or none with somewhere to pay to. */
async function whyNothing({ db, clock }: Context, personId: PersonId): Promise<'account' | 'right' | 'requisites'> {
  const now = clock();
  if ((await usableAccounts(db, personId, 'pay', now)).length > 0) return 'requisites';
  return (await holdsShare(db, personId, now)) ? 'right' : 'account';
}

const REFRESH_SECONDS = 5;

function registerOrderPages(app: FastifyInstance, context: Context): void {
  app.get('/pay/orders/:orderId', { config: { access: access.viewOrder, sensitive: true } }, async (request, reply) => {
    const orderId = idParam<OrderId>(request.params, 'orderId');
    const order = await readOrder(context.db, payerOf(request.actor), orderId);
    const moving = order.steps.filter(({ payment }) => isMoving(payment));
    for (const { payment } of moving) await hastenInquiry(context, payment);
    return sendPage(
      request,
      reply,
      { title: 'Оплата', active: '/pay', ...(moving.length > 0 ? { refreshSeconds: REFRESH_SECONDS } : {}) },
      <OrderPage order={order} token={formToken(request, reply)} isGuest={request.actor.kind === 'guest'} />,
    );
  });

  app.get(
    '/pay/orders/:orderId/state',
    { config: { access: access.viewOrder, sensitive: true } },
    async (request, reply) => {
      const orderId = idParam<OrderId>(request.params, 'orderId');
      const { steps } = await readOrder(context.db, payerOf(request.actor), orderId);
      const moving = steps.find(({ payment }) => isMoving(payment));
      if (moving) await hastenInquiry(context, moving.payment);
      const done = fingerprint(steps) !== (request.query as { seen?: string }).seen;
      return reply.send({ done, note: moving && `${STATE_WORDS[moving.payment.state].words}…` });
    },
  );

  app.post(
    '/pay/orders/:orderId/payments/:paymentId/begin',
    { config: { access: access.viewOrder } },
    async (request, reply) => {
      const ids = paymentIds(request);
      const bank = await beginPayment(context, request.actor, ids);
      return reply.redirect(bank ?? `/pay/orders/${ids.orderId}`, 303);
    },
  );

  app.post(
    '/pay/orders/:orderId/payments/:paymentId/repeat',
    { config: { access: access.viewOrder } },
    async (request, reply) => {
      const ids = paymentIds(request);
      const paymentId = await repeatPayment(context, request.actor, ids);
      const bank = await beginPayment(context, request.actor, { orderId: ids.orderId, paymentId });
      return reply.redirect(bank ?? `/pay/orders/${ids.orderId}`, 303);
    },
  );
}

const paymentIds = ({ params }: FastifyRequest) => ({
  orderId: idParam<OrderId>(params, 'orderId'),
  paymentId: idParam<PaymentId>(params, 'paymentId'),
});
