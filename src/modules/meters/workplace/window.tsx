import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid } from '../../../platform/errors.ts';
import { type Typed, typed } from '../../../platform/http/forms.ts';
import { type HouseId, isUuid } from '../../../platform/ids.ts';
import type { FieldError } from '../../../ui/index.ts';
import { access } from '../access.ts';
import { houseOfActor, takingOfOrganisation } from '../own-meters.ts';
import { readWindowHistory, windowOfOrganisation } from '../set-window.ts';
import { DESK, deskCrumbs, houseCrumbs } from './frame.tsx';
import { applyWindow } from './window-form.ts';
import { WindowPage } from './window-page.tsx';

/** When the organisation takes readings: the head decides, everybody of it sees the history. */
export function registerWindow(app: FastifyInstance, context: Context): void {
  app.get(`${DESK}/window`, { config: { access: access.viewWindow, sensitive: true } }, (request, reply) =>
    show(context, request, reply, {}, []),
  );

  app.post(`${DESK}/window`, { config: { access: access.setWindow, sensitive: true } }, async (request, reply) => {
    const houseId = houseOf(request);
    try {
      await applyWindow(context, request.actor, houseId, request.body);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const fields = error.fields.map(({ field, message }) => ({ field: field === 'end' ? 'endDay' : field, message }));
      return show(context, request, reply.code(error.status), typed(request.body), fields);
    }
    return reply.redirect(`${DESK}/window?saved=1${houseId ? `&house=${houseId}` : ''}`, 303);
  });
}

const houseOf = (request: FastifyRequest): HouseId | null => {
  const { house = '' } = request.query as { house?: string };
  return isUuid(house) ? (house as HouseId) : null;
};

async function show(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  values: Typed,
  errors: readonly FieldError[],
) {
  const { db } = context;
  const at = context.clock();
  const { acting } = actingFor(request.actor);
  const { organisationId } = acting;
  const houseId = houseOf(request);
  const own = houseId ? await houseOfActor(db, request.actor, houseId) : null;
  const [taking, history] = await Promise.all([
    own ? takingOfOrganisation(db, own.house, organisationId, at) : windowOfOrganisation(db, organisationId, at),
    readWindowHistory(db, organisationId, houseId),
  ]);
  return sendPage(
    request,
    reply,
    {
      title: own ? `Дни приёма, ${own.house.shortAddress}` : 'Дни приёма показаний',
      active: DESK,
      breadcrumbs: own ? houseCrumbs(own.house, { label: 'Дни приёма' }) : deskCrumbs({ label: 'Дни приёма' }),
    },
    <WindowPage
      {...{ taking, history, values, errors }}
      house={own?.house ?? null}
      isHead={acting.role === 'head'}
      token={formToken(request, reply)}
      saved={errors.length === 0 && (request.query as { saved?: string }).saved === '1'}
    />,
  );
}
