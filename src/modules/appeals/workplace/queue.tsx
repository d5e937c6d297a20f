import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid } from '../../../platform/errors.ts';
import { type Typed, typed } from '../../../platform/http/forms.ts';
import { dayIn } from '../../../platform/month.ts';
import { access } from '../access.ts';
import { assignAppeals } from '../assign-appeals.ts';
import { listTopics } from '../list-topics.ts';
import { countQueue, type DeskLine, selectAnswered, selectQueue } from '../queries/desk.ts';
import { searchDesk } from '../search-desk.ts';
import { type Assigned, readAssignment, wordResults } from './assignment.ts';
import { readEmployees } from './employees.ts';
import { QueuePage } from './queue-page.tsx';
import {
  appealHref,
  DESK,
  formatKey,
  formatMomentKey,
  parseFrom,
  parseKey,
  parseMomentKey,
  parseQueue,
  type QueueQuery,
  queuePath,
} from './queue-query.ts';
import { SearchPage } from './search-page.tsx';

const PAGE = 50;
/** Organisations are of the country's calendar. */
export const ZONE = 'Europe/Moscow';

/** The desk of appeals: the queue by term, its search, and giving many to a performer at once. */
export function registerQueue(app: FastifyInstance, context: Context): void {
  const staff = { config: { access: access.workDesk, sensitive: true } };

  app.get(DESK, staff, (request, reply) => {
    const query = request.query as Typed;
    return showQueue(context, request, reply, { queue: parseQueue(query), after: query.after ?? '' });
  });

  app.post(`${DESK}/assign`, staff, async (request, reply) => {
    const body = typed(request.body);
    const queue = parseFrom(body.from);
    const after = body.after ?? '';
    try {
      const assignment = readAssignment(body);
      const results = await assignAppeals(context, request.actor, assignment);
      // The answer to the POST itself: what became of each is nowhere else, and sending it again does no harm.
      const assigned = await wordResults(context.db, actingFor(request.actor).acting, results);
      return await showQueue(context, request, reply, { queue, after, assigned });
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showQueue(context, request, reply.code(error.status), { queue, after, errors: error.fields, sent: body });
    }
  });

  app.get(`${DESK}/search`, staff, async (request, reply) => {
    const { acting } = actingFor(request.actor);
    const { q = '', after: afterText } = request.query as Typed;
    const after = parseMomentKey(afterText);
    const text = q.slice(0, 500);
    const found = await searchDesk(context.db, {
      organisationId: acting.organisationId,
      houses: acting.houses,
      kinds: ['appeal', 'request'],
      text,
      after: after && { receivedAt: after.at, deskId: after.deskId },
      limit: PAGE,
    });
    const only = found.lines[0];
    if (found.exact && found.lines.length === 1) return reply.redirect(appealHref(only!, parseQueue({})), 303);
    const shown = found.lines.slice(0, PAGE);
    const last = shown.at(-1);
    return sendPage(
      request,
      reply,
      {
        title: 'Поиск обращений',
        active: DESK,
        breadcrumbs: [{ href: DESK, label: 'Обращения' }, { label: 'Поиск' }],
      },
      <SearchPage
        {...{ text }}
        lines={shown}
        nothingAsked={found.empty}
        now={context.clock()}
        next={
          found.lines.length > PAGE && last
            ? `${DESK}/search?${new URLSearchParams({ q: text, after: formatMomentKey(last.receivedAt, last.deskId) })}`
            : undefined
        }
      />,
    );
  });
}

interface Shown {
  queue: QueueQuery;
  after: string;
  assigned?: Assigned;
  errors?: Invalid['fields'];
  sent?: Typed;
}

async function showQueue(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { queue, after, assigned, errors = [], sent = {} }: Shown,
) {
  const { personId, acting } = actingFor(request.actor);
  const { organisationId, houses } = acting;
  const { db } = context;
  const now = context.clock();
  const [lines, counts, topics, employees] = await Promise.all([
    readLines(context, request, queue, after),
    countQueue(db, { organisationId, houses, personId, now }),
    listTopics(db),
    readEmployees(db, organisationId, dayIn(ZONE, now)),
  ]);
  const shown = lines.slice(0, PAGE);
  const last = shown.at(-1);
  const key = last && (queue.view === 'answered' ? formatMomentKey(last.closedAt!, last.deskId) : formatKey(last));
  const { sent: answered, all } = request.query as Typed;
  return sendPage(
    request,
    reply,
    { title: 'Обращения', active: DESK },
    <QueuePage
      {...{ queue, after, counts, employees, errors, sent, now, personId, assigned, answered }}
      lines={shown}
      topics={topics.map(({ code, name }) => ({ code: code.split('.')[0]!, name }))}
      allPicked={all === '1'}
      next={lines.length > PAGE && key ? queuePath(queue, { after: key }) : undefined}
      token={formToken(request, reply)}
    />,
  );
}

function readLines(
  context: Context,
  { actor }: FastifyRequest,
  { view, filter }: QueueQuery,
  after: string,
): Promise<DeskLine[]> {
  const { personId, acting } = actingFor(actor);
  const { organisationId, houses } = acting;
  const limit = PAGE + 1;
  if (view === 'answered') {
    const key = parseMomentKey(after);
    return selectAnswered(context.db, {
      organisationId,
      houses,
      filter,
      after: key && { closedAt: key.at, deskId: key.deskId },
      limit,
    });
  }
  return selectQueue(context.db, {
    organisationId,
    houses,
    personId,
    view,
    filter,
    now: context.clock(),
    after: parseKey(after),
    limit,
  });
}
