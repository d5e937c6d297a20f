import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid } from '../../../platform/errors.ts';
import { idParam, type Typed, typed } from '../../../platform/http/forms.ts';
import { type HouseId, isUuid, type ReadingId } from '../../../platform/ids.ts';
import type { FieldError } from '../../../ui/index.ts';
import { access } from '../access.ts';
import { acceptAll, acceptReading, declineReading } from '../decide-deliveries.ts';
import { lookAtMeters } from '../look-at-meters.ts';
import { houseOfActor } from '../own-meters.ts';
import { countWaiting, selectWaiting } from '../queries/decisions.ts';
import { DecisionsPage } from './decisions-page.tsx';
import { houseCrumbs, pathOf } from './frame.tsx';

const PAGE = 30;

/** Readings that came from residents and wait for the organisation's word. */
export function registerDecisions(app: FastifyInstance, context: Context): void {
  const deciding = { config: { access: access.decideDeliveries, sensitive: true } };

  app.get('/work/meters/:houseId/decisions', deciding, (request, reply) => show(context, request, reply));

  app.post('/work/meters/:houseId/decisions', deciding, async (request, reply) => {
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const body = typed(request.body);
    const path = pathOf(houseId, 'decisions');
    if (body.decision === 'all') {
      const count = await acceptAll(context, request.actor, houseId);
      return reply.redirect(`${path}?accepted=${count}`, 303);
    }
    const readingId = idParam<ReadingId>(body, 'reading');
    const field = `reason-${readingId}`;
    try {
      if (body.decision === 'accept') await acceptReading(context, request.actor, houseId, readingId);
      else await declineReading(context, request.actor, houseId, readingId, body[field] ?? '');
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const errors = error.fields.map(({ message }) => ({ field, message }));
      return show(context, request, reply.code(error.status), errors, { [field]: body[field] ?? '' });
    }
    const back = body.back?.startsWith(pathOf(houseId)) && !/[\r\n\\]/.test(body.back) ? body.back : path;
    return reply.redirect(
      body.decision === 'accept' ? withWord(back, 'accepted=1') : withWord(back, 'declined=1'),
      303,
    );
  });
}

const withWord = (path: string, word: string) => `${path}${path.includes('?') ? '&' : '?'}${word}`;

async function show(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  errors: readonly FieldError[] = [],
  values: Typed = {},
) {
  const houseId = idParam<HouseId>(request.params, 'houseId');
  const { house, organisationId } = await houseOfActor(context.db, request.actor, houseId);
  const { after = '', accepted, declined } = request.query as Record<string, string | undefined>;
  const [rows, waiting] = await Promise.all([
    selectWaiting(context.db, {
      houseId,
      organisationId,
      after: isUuid(after) ? (after as ReadingId) : null,
      limit: PAGE + 1,
    }),
    countWaiting(context.db, houseId, organisationId),
  ]);
  if (rows.length > 0)
    await lookAtMeters(context.db, actingFor(request.actor), {
      action: 'meters.viewed_waiting',
      at: context.clock(),
      what: 'Показания дома, которые ждут решения',
      houseIds: [houseId],
    });
  return sendPage(
    request,
    reply,
    {
      title: `Показания ждут решения, ${house.shortAddress}`,
      active: '/work/meters',
      breadcrumbs: houseCrumbs(house, { label: 'Ждут решения' }),
    },
    <DecisionsPage
      {...{ house, waiting, errors, values }}
      rows={rows.slice(0, PAGE)}
      hasMore={rows.length > PAGE}
      token={formToken(request, reply)}
      accepted={accepted && /^\d{1,6}$/.test(accepted) ? Number(accepted) : null}
      declined={declined === '1'}
    />,
  );
}
