import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { type Actor, actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { type FieldError, Invalid, NotFound } from '../../../platform/errors.ts';
import { idParam, type Typed, typed } from '../../../platform/http/forms.ts';
import type { HouseId, MeterId } from '../../../platform/ids.ts';
import { formatNumericDate } from '../../../ui/index.ts';
import { listItems } from '../../classifiers/index.ts';
import { readPremises } from '../../houses/index.ts';
import { access } from '../access.ts';
import { NSI } from '../change-meter.ts';
import { lookAtMeter } from '../look-at-meters.ts';
import { meterOfActor } from '../own-meters.ts';
import { selectLastReadings } from '../queries/readings.ts';
import { todayAt } from '../windows.ts';
import { typedOf } from './card-form.ts';
import { ChangePage } from './change-forms.tsx';
import { ACTION_WORDS, ACTIONS, type Action, actionsOf } from './changes.ts';
import { act } from './do-change.ts';
import { houseCrumbs, pathOf, whereOf } from './frame.tsx';

/** Each change of a device is a page with a form of its own, under the device's address. */
export function registerMeterChanges(app: FastifyInstance, context: Context): void {
  const changing = { config: { access: access.changeMeter, sensitive: true } };

  app.get('/work/meters/:houseId/:meterId/:action', changing, (request, reply) =>
    show(context, request, reply, null, []),
  );

  app.post('/work/meters/:houseId/:meterId/:action', changing, async (request, reply) => {
    const action = readAction(request);
    const { houseId, meterId } = readKey(request);
    const body = typed(request.body);
    try {
      const done = await run(context, request.actor, { houseId, meterId }, action, body);
      return reply.redirect(`${pathOf(houseId, done)}?done=${action}`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(context, request, reply.code(error.status), body, error.fields);
    }
  });
}

const readAction = (request: FastifyRequest): Action => {
  const { action } = request.params as { action: string };
  const known = ACTIONS.find((one) => one === action);
  if (!known) throw new NotFound();
  return known;
};

const readKey = (request: FastifyRequest) => ({
  houseId: idParam<HouseId>(request.params, 'houseId'),
  meterId: idParam<MeterId>(request.params, 'meterId'),
});

/** The device as it is decides which fields the form has; the use case looks at it again under its lock. */
async function run(
  context: Context,
  actor: Actor,
  key: { houseId: HouseId; meterId: MeterId },
  action: Action,
  body: Typed,
): Promise<MeterId> {
  const { meter } = await meterOfActor(context.db, actor, key.houseId, key.meterId);
  return act(context, actor, meter, action, body);
}

async function show(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  body: Typed | null,
  errors: readonly FieldError[],
) {
  const { db } = context;
  const action = readAction(request);
  const { houseId, meterId } = readKey(request);
  const own = await meterOfActor(db, request.actor, houseId, meterId);
  const { house, meter, isKept } = own;
  // What cannot be done from here leads back to the card, which says why.
  const isOffered = actionsOf(meter, isKept).some((one) => one.action === action);
  if (body === null && !isOffered) return reply.redirect(pathOf(houseId, meterId), 303);
  const today = todayAt(house, context.clock());
  await lookAtMeter(db, actingFor(request.actor), meter, context.clock());
  const [premises, last, archive, failure, restore] = await Promise.all([
    meter.premisesId ? readPremises(db, houseId, [meter.premisesId]) : [],
    selectLastReadings(db, houseId, [meterId]),
    listItems(db, NSI.archive),
    listItems(db, NSI.failure),
    listItems(db, NSI.restore),
  ]);
  const [place] = premises;
  const where = whereOf({ kind: meter.kind, category: place?.category ?? null, premisesNumber: place?.number ?? null });
  const words = ACTION_WORDS[action];
  const start: Typed = {
    ...(action === 'correct' ? typedOf(meter) : {}),
    ...(action === 'replace' ? { tariffs: String(meter.tariffs), ratio: typedOf(meter).ratio ?? '1' } : {}),
    onDay: formatNumericDate(today),
    startedOn: formatNumericDate(today),
    interval: meter.verificationInterval === null ? '' : String(meter.verificationInterval),
  };
  return sendPage(
    request,
    reply,
    {
      title: `${words.label}, ${where}, № ${meter.serial}`,
      active: '/work/meters',
      breadcrumbs: houseCrumbs(
        house,
        { href: pathOf(houseId, meterId), label: `${where}, № ${meter.serial}` },
        { label: words.label },
      ),
    },
    <ChangePage
      {...{ house, meter, action, where, last, errors }}
      values={body ?? start}
      lists={{ archive, failure, restore }}
      token={formToken(request, reply)}
    />,
  );
}
