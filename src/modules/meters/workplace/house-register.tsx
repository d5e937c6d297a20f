import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { idParam, type Typed, typed } from '../../../platform/http/forms.ts';
import { type HouseId, isUuid, type MeterId } from '../../../platform/ids.ts';
import { addDays, addMonths } from '../../../platform/month.ts';
import { access } from '../access.ts';
import { enterReadings } from '../enter-readings.ts';
import { lookAtMeters } from '../look-at-meters.ts';
import { RESOURCES, type Resource } from '../meter.ts';
import { houseOfActor, takingOfOrganisation } from '../own-meters.ts';
import { countWaiting } from '../queries/decisions.ts';
import { REGISTER_STATES, type RegisterState, selectRegister } from '../queries/register.ts';
import { firstWarningDays } from '../summarise-house.ts';
import { todayAt } from '../windows.ts';
import { type Entered, NOTHING_ENTERED, readEntries } from './entries.ts';
import { houseCrumbs, pathOf } from './frame.tsx';
import { RegisterPage } from './register-page.tsx';

const PAGE = 50;

export interface RegisterView {
  search: string;
  resource: Resource | null;
  state: RegisterState | null;
  after: MeterId | null;
}

export function readView(request: FastifyRequest): RegisterView {
  const { search = '', resource = '', state = '', after = '' } = request.query as Record<string, string | undefined>;
  return {
    search: search.trim().slice(0, 60),
    resource: RESOURCES.find((one) => one === resource) ?? null,
    state: REGISTER_STATES.find((one) => one === state) ?? null,
    after: isUuid(after) ? (after as MeterId) : null,
  };
}

/** The conditions of a page as they stand in its address. */
export const queryOf = ({ search, resource, state, after }: RegisterView): string => {
  const query = new URLSearchParams({
    ...(search && { search }),
    ...(resource && { resource }),
    ...(state && { state }),
    ...(after && { after }),
  }).toString();
  return query && `?${query}`;
};

/** The register of a house, with the entry of readings in the list itself for those who phone. */
export function registerHouseRegister(app: FastifyInstance, context: Context): void {
  app.get('/work/meters/:houseId', { config: { access: access.viewRegister, sensitive: true } }, (request, reply) =>
    show(context, request, reply, {}, NOTHING_ENTERED),
  );

  app.post(
    '/work/meters/:houseId/readings',
    { config: { access: access.enterReadings, sensitive: true } },
    async (request, reply) => {
      const houseId = idParam<HouseId>(request.params, 'houseId');
      const body = typed(request.body);
      const { house, organisationId } = await houseOfActor(context.db, request.actor, houseId);
      const taking = await takingOfOrganisation(context.db, house, organisationId, context.clock());
      const entries = readEntries(body, [taking.period, addMonths(taking.period, -1)]);
      const recorded =
        entries.items.length > 0
          ? await enterReadings(
              context,
              request.actor,
              houseId,
              entries.items.map(({ reading }) => reading),
            )
          : [];
      const entered = entries.answer(recorded);
      if (entered.errors.length === 0)
        return reply.redirect(`${pathOf(houseId)}${withSaved(queryOf(readView(request)), entered.saved)}`, 303);
      return show(context, request, reply.code(422), entered.left, entered);
    },
  );
}

const withSaved = (query: string, saved: number): string => `${query || '?'}${query ? '&' : ''}saved=${saved}`;

async function show(context: Context, request: FastifyRequest, reply: FastifyReply, values: Typed, entered: Entered) {
  const houseId = idParam<HouseId>(request.params, 'houseId');
  const { db } = context;
  const at = context.clock();
  const { house, organisationId } = await houseOfActor(db, request.actor, houseId);
  const view = readView(request);
  const today = todayAt(house, at);
  const [taking, warnDays, waiting] = await Promise.all([
    takingOfOrganisation(db, house, organisationId, at),
    firstWarningDays(db, house, today),
    countWaiting(db, houseId, organisationId),
  ]);
  const rows = await selectRegister(db, {
    ...view,
    houseId,
    organisationId,
    period: taking.period,
    dueBy: addDays(today, warnDays),
    limit: PAGE + 1,
  });
  if (rows.length > 0)
    await lookAtMeters(db, actingFor(request.actor), {
      action: 'meters.viewed_register',
      at,
      what: 'Приборы учёта и показания дома',
      houseIds: [houseId],
    });
  const saved = (request.query as { saved?: string }).saved;
  return sendPage(
    request,
    reply,
    { title: `Приборы учёта, ${house.shortAddress}`, active: '/work/meters', breadcrumbs: houseCrumbs(house) },
    <RegisterPage
      {...{ house, view, taking, today, waiting, values, entered }}
      rows={rows.slice(0, PAGE)}
      hasMore={rows.length > PAGE}
      token={formToken(request, reply)}
      saved={entered.errors.length === 0 && saved && /^\d{1,4}$/.test(saved) ? Number(saved) : null}
    />,
  );
}
