import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { z } from 'zod';
import { formToken, sendPage } from '../../pages/page.tsx';
import type { Context } from '../../platform/context.ts';
import { type FieldError, Invalid } from '../../platform/errors.ts';
import { parse, type Typed, typed } from '../../platform/http/forms.ts';
import { addressKey } from '../../platform/http/limits.ts';
import { isUuid, type OrganisationId } from '../../platform/ids.ts';
import { canonicalNumber, hintForNumber, kindOfNumber } from '../accounts/index.ts';
import { setSessionCookie } from '../identity/index.ts';
import { searchOrganisations } from '../organisations/index.ts';
import { access } from './access.ts';
import { AnySearchPage, AnySumsPage } from './any-page.tsx';
import { readWish } from './read-form.ts';
import { receiveNotification } from './receive-notification.ts';
import { type AnyAccount, findAnyPayables, startAnyPayment } from './start-payment.ts';

/** Numbers can be guessed one after another: by address, whoever is signed in. */
const rateLimit = { max: 30, timeWindow: '1 minute', keyGenerator: addressKey };
/** The acquirer sends from a few addresses, for the whole installation. */
const notificationLimit = { max: 6000, timeWindow: '1 minute' };

const Email = z.object({
  email: z
    .string()
    .trim()
    .optional()
    .transform((text) => text || null)
    .pipe(z.email({ error: 'Проверьте адрес почты: например, anna@mail.ru' }).nullable()),
});

/** «Оплатить ЖКУ по любому лицевому счёту» without signing in, and the acquirer's notifications. */
export function registerPayingForAnybody(app: FastifyInstance, context: Context): void {
  app.get('/pay/any', { config: { access: access.payAny, sensitive: true, rateLimit } }, async (request, reply) => {
    const query = typed(request.query);
    if (query.number === undefined) return showSearch(request, reply, query, [], []);
    return findAndShow(context, request, reply, query);
  });

  app.post('/pay/any', { config: { access: access.payAny, rateLimit } }, async (request, reply) => {
    const sent = typed(request.body);
    const account = accountOf(sent);
    try {
      const { orderId, session } = await startAnyPayment(context, request.actor, {
        ...readWish(request.body, { ticks: false }),
        ...parse(Email, request.body),
        account,
        userAgent: request.headers['user-agent'] ?? '',
      });
      if (session) setSessionCookie(context, reply, session);
      return reply.redirect(`/pay/orders/${orderId}`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showSums(context, request, reply, account, { sent, errors: error.fields });
    }
  });

  app.post<{ Params: { shopId: string } }>(
    '/payments/notifications/:shopId',
    { config: { access: access.receiveNotification, token: 'none', rateLimit: notificationLimit } },
    async (request, reply) => {
      await receiveNotification(context, { shopId: request.params.shopId, body: request.body });
      return reply.code(200).send({});
    },
  );
}

const accountOf = ({ number = '', providerId = '' }: Typed): AnyAccount => ({
  number,
  providerId: isUuid(providerId) ? (providerId as OrganisationId) : null,
});

type Candidates = Awaited<ReturnType<typeof searchOrganisations>>;

function showSearch(
  request: FastifyRequest,
  reply: FastifyReply,
  { number = '', provider = '' }: Typed,
  candidates: Candidates,
  errors: readonly FieldError[],
) {
  return sendPage(
    request,
    reply,
    { title: 'Оплатить по любому лицевому счёту', active: '/pay', status: errors.length > 0 ? 422 : 200 },
    <AnySearchPage {...{ number, provider, candidates, errors }} />,
  );
}

/** From a number, and for an organisation's own number its name or ИНН, to the account's sums. */
async function findAndShow(context: Context, request: FastifyRequest, reply: FastifyReply, query: Typed) {
  const number = query.number?.trim() ?? '';
  const provider = query.provider?.trim() ?? '';
  const again = (field: string, message: string, candidates: Candidates = []) =>
    showSearch(request, reply, query, candidates, [{ field, message }]);
  if (!number) return again('number', 'Введите номер из квитанции');
  const account = accountOf(query);
  if (!kindOfNumber(canonicalNumber(number)) && !account.providerId) {
    const hint = hintForNumber(number);
    if (hint) return again('number', hint);
    if (!provider) return again('provider', 'Назовите организацию: у разных организаций номера счетов совпадают');
    const found = await searchOrganisations(context.db, { search: provider.slice(0, 100), after: null, limit: 6 });
    if (found.length === 0)
      return again('provider', 'Такой организации в кабинете нет: проверьте название или введите ИНН');
    if (found.length > 1) return again('providerId', 'Подходят несколько организаций: выберите одну', found);
    account.providerId = found[0]!.organisationId;
  }
  return showSums(context, request, reply, { ...account, number }, { sent: null, provider, errors: [] });
}

async function showSums(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  account: AnyAccount,
  { sent, provider = '', errors }: { sent: Typed | null; provider?: string; errors: readonly FieldError[] },
) {
  const payables = await findAnyPayables(context.db, account, context.clock());
  if (payables.length === 0)
    return showSearch(
      request,
      reply,
      { number: account.number, provider },
      [],
      [{ field: 'number', message: 'Такого счёта в кабинете нет: проверьте номер или оплатите в банке по квитанции' }],
    );
  return sendPage(
    request,
    reply,
    { title: 'Сколько оплатить', active: '/pay', status: errors.length > 0 ? 422 : 200 },
    <AnySumsPage
      payables={payables}
      number={account.number}
      providerId={account.providerId}
      token={formToken(request, reply)}
      formKey={sent?._key ?? v7()}
      asksEmail={request.actor.kind !== 'person'}
      typed={sent}
      errors={errors.map((error) => (error.field === 'choose' ? { ...error, ...noSum(payables) } : error))}
    />,
  );
}

/** Nothing is to be ticked here: what is missing is a sum. */
const noSum = (payables: Awaited<ReturnType<typeof findAnyPayables>>): FieldError => ({
  field: `sum.${payables[0]!.accountId}.${payables[0]!.requisiteId}`,
  message: 'Укажите сумму',
});
