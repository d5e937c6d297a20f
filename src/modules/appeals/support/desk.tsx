import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { z } from 'zod';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { personOf } from '../../../platform/access.ts';
import { auditLook } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { Conflict, Invalid, NotFound } from '../../../platform/errors.ts';
import { idParam, parse, type Typed, typed } from '../../../platform/http/forms.ts';
import { isUuid, type PersonId, type SupportRequestId } from '../../../platform/ids.ts';
import { dayIn, parseDay } from '../../../platform/month.ts';
import { type FieldError, IDEMPOTENCY_FIELD } from '../../../ui/index.ts';
import { findItem, listItems } from '../../classifiers/index.ts';
import { readOrganisation } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { answerRequest, assignRequest, closeRequest, listPerformers, noteOnRequest } from './answer-request.ts';
import { messageForm } from './ask-form.ts';
import { atDesk, DESK } from './desk-path.ts';
import { DeskRequestPage } from './desk-request-page.tsx';
import {
  countWaiting,
  type QueueFilter,
  type QueueKey,
  selectMessages,
  selectQueue,
  selectRequest,
  selectTemplates,
} from './queries.ts';
import { QueuePage } from './queue-page.tsx';
import { KINDS_LIST, type SupportRequest, ZONE } from './request.ts';
import { registerSupportStatistics } from './statistics.tsx';
import { registerSupportTemplates } from './templates.tsx';

const PAGE = 50;
const STATES = ['waiting', 'new', 'in_work', 'answered', 'closed', 'all'] as const;

/** The desk of those who run the installation: questions by term, answers, notes, templates, statistics. */
export function registerSupportDesk(app: FastifyInstance, context: Context): void {
  app.get(DESK, atDesk, (request, reply) => showQueue(context, request, reply));
  registerSupportStatistics(app, context);
  registerSupportTemplates(app, context);

  app.get(`${DESK}/:requestId`, atDesk, async (request, reply) => {
    const requestId = idParam<SupportRequestId>(request.params, 'requestId');
    const found = await selectRequest(context.db, requestId);
    if (!found) throw new NotFound('Такого вопроса нет.');
    return showRequest(context, request, reply, found, {}, []);
  });
  registerSteps(app, context);
}

function registerSteps(app: FastifyInstance, context: Context): void {
  /** Does a step; what cannot be done is said on the page of the question, and nothing typed is lost. */
  const step = (
    name: string,
    work: (request: FastifyRequest, requestId: SupportRequestId, sent: Typed) => Promise<unknown>,
  ) =>
    app.post(`${DESK}/:requestId/${name}`, { config: { access: access.answerSupport } }, async (request, reply) => {
      const requestId = idParam<SupportRequestId>(request.params, 'requestId');
      const sent = typed(request.body);
      try {
        await work(request, requestId, sent);
      } catch (error) {
        if (!(error instanceof Invalid) && !(error instanceof Conflict)) throw error;
        const found = await selectRequest(context.db, requestId);
        if (!found) throw new NotFound();
        const errors =
          error instanceof Invalid
            ? error.fields.map(({ field, message }) => ({ field: name === 'notes' ? 'note' : field, message }))
            : [{ field: '', message: error.sentence }];
        return showRequest(context, request, reply.code(error.status), found, sent, errors);
      }
      return reply.redirect(`${DESK}/${requestId}?done=${name}`, 303);
    });

  step('assign', (request, requestId, { performer = '' }) => {
    const { personId } = personOf(request.actor);
    const performerId = performer === 'me' ? personId : isUuid(performer) ? (performer as PersonId) : null;
    return assignRequest(context, request.actor, { requestId, performerId });
  });
  step('answers', (request, requestId, sent) =>
    answerRequest(context, request.actor, { requestId, ...parse(messageForm, sent), key: keyOf(sent) }),
  );
  step('notes', (request, requestId, sent) =>
    noteOnRequest(context, request.actor, {
      requestId,
      ...parse(messageForm, { text: sent.note }),
      key: keyOf(sent),
    }),
  );
  step('close', (request, requestId) => closeRequest(context, request.actor, { requestId }));
}

const keyOf = (sent: Typed): string => (isUuid(sent[IDEMPOTENCY_FIELD] ?? '') ? sent[IDEMPOTENCY_FIELD]! : v7());

const queryForm = z.object({
  state: z.enum(STATES).catch('waiting'),
  kind: z.string().max(10).catch(''),
  performer: z.string().max(36).catch(''),
  overdue: z.literal('1').optional().catch(undefined),
  number: z.string().trim().max(30).catch(''),
  at: z.string().max(30).catch(''),
  after: z.string().max(36).catch(''),
});

async function showQueue(context: Context, request: FastifyRequest, reply: FastifyReply) {
  const query = parse(queryForm, request.query);
  const today = dayIn(ZONE, context.clock());
  const { performer } = query;
  const me = personOf(request.actor).personId;
  const filter: QueueFilter = {
    state: query.number ? 'all' : query.state,
    kindCode: query.kind || null,
    performerId:
      performer === 'none' ? 'none' : performer === 'me' ? me : isUuid(performer) ? (performer as PersonId) : null,
    overdueOn: query.overdue ? today : null,
    number: query.number.toUpperCase() || null,
  };
  const [rows, counts, kinds, performers] = await Promise.all([
    selectQueue(context.db, filter, keyAfter(filter, query), PAGE + 1),
    countWaiting(context.db, today),
    listItems(context.db, KINDS_LIST),
    listPerformers(context),
  ]);
  return sendPage(
    request,
    reply,
    { title: 'Вопросы в поддержку', active: DESK },
    <QueuePage
      {...{ counts, kinds, performers, today, query }}
      rows={rows.slice(0, PAGE)}
      hasMore={rows.length > PAGE}
    />,
  );
}

function keyAfter(filter: QueueFilter, { at, after }: { at: string; after: string }): QueueKey {
  if (!isUuid(after)) return null;
  // An instant begins with a day; the years that parseDay knows, the database knows too.
  const day = parseDay(at);
  const moment = filter.state === 'waiting' ? day : day && !Number.isNaN(Date.parse(at)) && new Date(at).toISOString();
  return moment ? { at: moment, requestId: after as SupportRequestId } : null;
}

/** The page of a question, written down whatever led to it: after a step that was refused it shows the same. */
async function showRequest(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  found: SupportRequest,
  values: Typed,
  errors: readonly FieldError[],
) {
  const { db } = context;
  const query = typed(request.query);
  const { requestId, number, personId } = found;
  await auditLook(db, personOf(request.actor), {
    action: 'support.viewed',
    at: context.clock(),
    what: `Вопрос в поддержку № ${number}`,
    thingId: requestId,
    subjects: personId ? [personId] : [],
    purpose: 'Ответ на вопрос',
    details: { requestId },
  });
  const [kind, messages, performers, templates, organisation] = await Promise.all([
    findItem(db, KINDS_LIST, found.kindCode),
    selectMessages(db, found.requestId, true),
    listPerformers(context),
    selectTemplates(db),
    found.organisationId ? readOrganisation(db, found.organisationId) : undefined,
  ]);
  const template = templates.find(({ templateId }) => templateId === query.template);
  return sendPage(
    request,
    reply,
    {
      title: `Вопрос № ${found.number}`,
      active: DESK,
      breadcrumbs: [{ href: DESK, label: 'Вопросы в поддержку' }, { label: `№ ${found.number}` }],
    },
    <DeskRequestPage
      request={found}
      kind={kind?.name ?? found.kindCode}
      {...{ messages, performers, templates, errors }}
      values={template ? { text: template.text, ...values } : values}
      organisation={organisation ? { id: organisation.organisation_id, name: organisation.short_name } : null}
      me={personOf(request.actor).personId}
      today={dayIn(ZONE, context.clock())}
      done={query.done ?? ''}
      token={formToken(request, reply)}
      formKey={keyOf(values)}
      noteKey={v7()}
    />,
  );
}
