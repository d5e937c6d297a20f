import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { idParam } from '../../../platform/http/forms.ts';
import { type HouseId, isUuid, type MeterId } from '../../../platform/ids.ts';
import { addDays } from '../../../platform/month.ts';
import { access } from '../access.ts';
import { askForReadings } from '../ask-for-readings.ts';
import { lookAtMeters } from '../look-at-meters.ts';
import { houseOfActor, takingOfOrganisation } from '../own-meters.ts';
import { type DeskFilter, selectDesk } from '../queries/desk.ts';
import { selectRegister } from '../queries/register.ts';
import { firstWarningDays } from '../summarise-house.ts';
import { todayAt } from '../windows.ts';
import { nextOf, readHouseList } from './desk.tsx';
import { DESK, deskCrumbs } from './frame.tsx';
import { HouseList, MeterList, WORDS } from './lists-page.tsx';

const HOUSES = 50;
/** A list that goes to paper: a house of three hundred flats is on one sheet of the browser. */
const METERS = 400;

/** Lists over all houses: who has not sent, what waits for a decision, verifications. From roll-ups; one house in full on its own. */
export function registerMeterLists(app: FastifyInstance, context: Context): void {
  for (const filter of ['missing', 'due', 'waiting'] as const)
    app.get(`${DESK}/${filter}`, { config: { access: access.viewRegister, sensitive: true } }, (request, reply) => {
      const { house = '' } = request.query as { house?: string };
      return isUuid(house) && filter !== 'waiting'
        ? showMeters(context, request, reply, filter, house as HouseId)
        : showHouses(context, request, reply, filter);
    });

  app.post(
    '/work/meters/:houseId/ask',
    { config: { access: access.askForReadings, sensitive: true } },
    async (request, reply) => {
      const houseId = idParam<HouseId>(request.params, 'houseId');
      await askForReadings(context, request.actor, houseId);
      return reply.redirect(`${DESK}/missing?house=${houseId}&asked=1`, 303);
    },
  );
}

async function showHouses(context: Context, request: FastifyRequest, reply: FastifyReply, filter: DeskFilter) {
  const { acting } = actingFor(request.actor);
  const { search, after } = readHouseList(request);
  const rows = await selectDesk(context.db, {
    organisationId: acting.organisationId,
    houses: acting.houses,
    search,
    filter,
    after,
    limit: HOUSES + 1,
  });
  const shown = rows.slice(0, HOUSES);
  const path = `${DESK}/${filter}`;
  return sendPage(
    request,
    reply,
    { title: WORDS[filter].title, active: DESK, breadcrumbs: deskCrumbs({ label: WORDS[filter].title }) },
    <HouseList {...{ filter, path, search }} rows={shown} next={nextOf(path, search, shown, rows.length > HOUSES)} />,
  );
}

async function showMeters(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  filter: 'missing' | 'due',
  houseId: HouseId,
) {
  const { db } = context;
  const at = context.clock();
  const { house, organisationId } = await houseOfActor(db, request.actor, houseId);
  const { after = '', asked } = request.query as { after?: string; asked?: string };
  const today = todayAt(house, at);
  const [taking, warnDays] = await Promise.all([
    takingOfOrganisation(db, house, organisationId, at),
    firstWarningDays(db, house, today),
  ]);
  const rows = await selectRegister(db, {
    houseId,
    organisationId,
    period: taking.period,
    dueBy: addDays(today, warnDays),
    search: '',
    resource: null,
    state: filter,
    after: isUuid(after) ? (after as MeterId) : null,
    limit: METERS + 1,
  });
  const shown = rows.slice(0, METERS);
  if (shown.length > 0)
    await lookAtMeters(db, actingFor(request.actor), {
      action: 'meters.viewed_list',
      at,
      what: filter === 'missing' ? 'Кто в доме не передал показания' : 'У кого в доме заканчивается поверка',
      houseIds: [houseId],
    });
  const path = `${DESK}/${filter}?house=${houseId}`;
  return sendPage(
    request,
    reply,
    {
      title: `${WORDS[filter].title}, ${house.shortAddress}`,
      active: DESK,
      breadcrumbs: deskCrumbs({ href: `${DESK}/${filter}`, label: WORDS[filter].title }, { label: house.shortAddress }),
    },
    <MeterList
      {...{ filter, house, taking, today }}
      rows={shown}
      token={formToken(request, reply)}
      asked={asked === '1'}
      next={rows.length > METERS ? `${path}&after=${shown.at(-1)!.meterId}` : undefined}
    />,
  );
}
