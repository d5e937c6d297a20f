import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { formToken, sendPage } from '../../../pages/page.tsx';
import type { Context } from '../../../platform/context.ts';
import { Invalid, TooMany } from '../../../platform/errors.ts';
import { idParam, parse, type Typed, typed } from '../../../platform/http/forms.ts';
import { addressKey } from '../../../platform/http/limits.ts';
import { refuseWith } from '../../../platform/http/refuse.ts';
import { isUuid, type SupportRequestId } from '../../../platform/ids.ts';
import { dayIn } from '../../../platform/month.ts';
import { getWholeNumber } from '../../../platform/rules/rules.ts';
import { counted, type FieldError, IDEMPOTENCY_FIELD } from '../../../ui/index.ts';
import { findItem, listItems } from '../../classifiers/index.ts';
import { readPerson } from '../../identity/index.ts';
import { access } from '../access.ts';
import { askForm, messageForm, prefilled } from './ask-form.ts';
import { AskPage } from './ask-page.tsx';
import { askSupport } from './ask-support.ts';
import { addToRequest, type Claim, closeOwnRequest, readOwnRequest } from './continue-request.ts';
import { addressOf } from './letters.ts';
import { selectMessages, selectOwnRequests, selectRequest } from './queries.ts';
import { isMatter, KINDS_LIST, ZONE } from './request.ts';
import { OwnRequestsPage, RequestPage } from './request-page.tsx';

const PAGE = 20;
/** Of strangers by address: a whole office may be behind one. */
const askLimit = {
  max: 20,
  timeWindow: '10 minutes',
  keyGenerator: (request: FastifyRequest) =>
    request.actor.kind === 'person' ? request.actor.personId : addressKey(request),
};
/** A link cannot be guessed; its tries are counted nevertheless. */
const linkLimit = { max: 60, timeWindow: '1 minute', keyGenerator: addressKey };

const keyOf = (sent: Typed): string => (isUuid(sent[IDEMPOTENCY_FIELD] ?? '') ? sent[IDEMPOTENCY_FIELD]! : v7());

/** Questions to the support: from anybody, with an answer by e-mail and a page of their own. */
export function registerSupport(app: FastifyInstance, context: Context): void {
  app.get('/support', { config: { access: access.askSupport, sensitive: true } }, async (request, reply) => {
    const query = typed(request.query);
    const values = prefilled(query, request.headers.referer, context.config.PUBLIC_URL);
    const { actor } = request;
    const person = actor.kind === 'person' ? await readPerson(context.db, actor.personId) : null;
    return showForm(context, request, reply, { ...values, email: person?.email ?? '' }, []);
  });

  app.post('/support', { config: { access: access.askSupport, rateLimit: askLimit } }, async (request, reply) => {
    const sent = typed(request.body);
    try {
      const { kind: kindCode, name = '', ...question } = parse(askForm, sent);
      const key = keyOf(sent);
      const { requestId } = await askSupport(context, request.actor, { ...question, kindCode, name, key });
      const made = (await selectRequest(context.db, requestId))!;
      return reply.redirect(`${addressOf(context, made, context.clock())}?sent=1`, 303);
    } catch (error) {
      if (error instanceof Invalid) return showForm(context, request, reply.code(error.status), sent, error.fields);
      // What was typed stays on the page.
      if (error instanceof TooMany)
        return showForm(context, request, refuseWith(reply, error), sent, [{ field: '', message: error.sentence }]);
      throw error;
    }
  });

  registerOwn(app, context);
  registerByLink(app, context);
}

function registerOwn(app: FastifyInstance, context: Context): void {
  const own = { config: { access: access.viewOwnQuestions, sensitive: true } };
  const writing = { config: { access: access.viewOwnQuestions, rateLimit: askLimit } };
  const claimOf = ({ actor, params }: FastifyRequest): Claim => ({
    actor,
    requestId: idParam<SupportRequestId>(params, 'requestId'),
  });
  const pathOf = ({ params }: FastifyRequest) => `/support/${idParam(params, 'requestId')}`;

  app.get('/support/requests', own, async (request, reply) => {
    const { actor } = request;
    const { after = '' } = typed(request.query);
    const personId = actor.kind === 'person' || actor.kind === 'guest' ? actor.personId : null;
    const key = isUuid(after) ? (after as SupportRequestId) : null;
    const rows = personId ? await selectOwnRequests(context.db, personId, key, PAGE + 1) : [];
    const requests = rows.slice(0, PAGE);
    return sendPage(
      request,
      reply,
      {
        title: 'Мои вопросы в поддержку',
        breadcrumbs: [{ href: '/support', label: 'Поддержка' }, { label: 'Мои вопросы' }],
      },
      <OwnRequestsPage
        requests={requests}
        next={rows.length > PAGE ? `/support/requests?after=${requests.at(-1)!.requestId}` : undefined}
      />,
    );
  });

  app.get('/support/:requestId', own, (request, reply) =>
    showRequest(context, request, reply, claimOf(request), pathOf(request)),
  );
  app.post('/support/:requestId/messages', writing, (request, reply) =>
    addMessage(context, request, reply, claimOf(request), pathOf(request)),
  );
  app.post('/support/:requestId/close', own, async (request, reply) => {
    await closeOwnRequest(context, claimOf(request));
    return reply.redirect(pathOf(request), 303);
  });
}

/** The same page for whoever has not signed in, by the link of a letter. */
function registerByLink(app: FastifyInstance, context: Context): void {
  const byLink = { config: { access: access.askSupport, sensitive: true, rateLimit: linkLimit } };
  const writing = { config: { access: access.askSupport, rateLimit: askLimit } };
  const claimOf = ({ params }: FastifyRequest): Claim => ({ token: (params as { token: string }).token });
  const pathOf = ({ params }: FastifyRequest) => `/support/by-link/${(params as { token: string }).token}`;

  app.get('/support/by-link/:token', byLink, (request, reply) =>
    showRequest(context, request, reply.header('x-robots-tag', 'noindex'), claimOf(request), pathOf(request)),
  );
  app.post('/support/by-link/:token/messages', writing, (request, reply) =>
    addMessage(context, request, reply, claimOf(request), pathOf(request)),
  );
  app.post('/support/by-link/:token/close', byLink, async (request, reply) => {
    await closeOwnRequest(context, claimOf(request));
    return reply.redirect(pathOf(request), 303);
  });
}

async function addMessage(context: Context, request: FastifyRequest, reply: FastifyReply, claim: Claim, path: string) {
  const sent = typed(request.body);
  try {
    const { text } = parse(messageForm, sent);
    await addToRequest(context, claim, { text, key: keyOf(sent) });
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return showRequest(context, request, reply.code(error.status), claim, path, sent, error.fields);
  }
  return reply.redirect(path, 303);
}

async function showForm(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  values: Typed,
  errors: readonly FieldError[],
) {
  const { actor } = request;
  const today = dayIn(ZONE, context.clock());
  const [kinds, days] = await Promise.all([
    listItems(context.db, KINDS_LIST),
    getWholeNumber(context.db, 'support.answer_days', today),
  ]);
  return sendPage(
    request,
    reply,
    { title: 'Написать в поддержку', breadcrumbs: [{ href: '/help', label: 'Помощь' }, { label: 'Поддержка' }] },
    <AskPage
      {...{ values, errors }}
      about={isMatter(values.about ?? '') ? (values.about as never) : undefined}
      kinds={kinds.filter(({ actual }) => actual)}
      name={actor.kind === 'person' ? actor.name : null}
      hasOwn={actor.kind === 'person'}
      days={counted(days, ['рабочий день', 'рабочих дня', 'рабочих дней'])}
      phone={context.config.SUPPORT_PHONE}
      token={formToken(request, reply)}
      formKey={keyOf(values)}
    />,
  );
}

async function showRequest(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  claim: Claim,
  path: string,
  values: Typed = {},
  errors: readonly FieldError[] = [],
) {
  const { db } = context;
  const found = await readOwnRequest(context, db, claim);
  const [kind, messages] = await Promise.all([
    findItem(db, KINDS_LIST, found.kindCode),
    selectMessages(db, found.requestId, false),
  ]);
  const list =
    'token' in claim ? { href: '/support', label: 'Поддержка' } : { href: '/support/requests', label: 'Мои вопросы' };
  return sendPage(
    request,
    reply,
    { title: `Вопрос № ${found.number}`, breadcrumbs: [list, { label: `№ ${found.number}` }] },
    <RequestPage
      request={found}
      kind={kind?.name ?? found.kindCode}
      {...{ messages, path, values, errors }}
      justSent={typed(request.query).sent === '1' && messages.length === 0}
      token={formToken(request, reply)}
      formKey={keyOf(values)}
    />,
  );
}
