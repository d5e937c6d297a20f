import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../pages/page.tsx';
import { actingFor, may, type Role, rolesOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { ActionCard, CardGrid, PageTitle, Stack } from '../../ui/index.ts';
import { appealsAccess, countDesk, countTerritory, InspectorCards, inspectorLead } from '../appeals/index.ts';
import { connectionsAccess, countClaims } from '../connections/index.ts';
import { housesAccess } from '../houses/index.ts';
import { metersAccess, readDeskTotals } from '../meters/index.ts';
import { countHouses } from '../organisations/index.ts';
import { paymentsAccess } from '../payments/index.ts';
import { countToConfirm, staffAccess } from '../staff/index.ts';
import { listOpenUploads, uploadsAccess, uploadViewer } from '../uploads/index.ts';
import { access } from './access.ts';
import { DeskPage } from './desk-page.tsx';

/** Organisations are of the country's calendar. */
const ZONE = 'Europe/Moscow';

/** The desk of whoever acts for an organisation. */
export function registerDesk(app: FastifyInstance, context: Context): void {
  app.get('/work', { config: { access: access.viewDesk, sensitive: true } }, async (request, reply) => {
    const { personId, acting } = actingFor(request.actor);
    const { organisationId } = acting;
    const page = { title: 'Рабочий стол', active: '/work' };
    const roles = rolesOf(request.actor);
    if (roles.has('inspector')) {
      const counts = await countTerritory(context, organisationId);
      return sendPage(
        request,
        reply,
        page,
        <Stack>
          <PageTitle kicker="Рабочий стол" lead={inspectorLead(counts)}>
            {acting.name}
          </PageTitle>
          <InspectorCards counts={counts} />
        </Stack>,
      );
    }
    if (roles.has('inspectorate viewer'))
      return sendPage(
        request,
        reply,
        page,
        <Stack>
          <PageTitle kicker="Рабочий стол">{acting.name}</PageTitle>
          <CardGrid label="Разделы">
            <ActionCard
              href="/work/territory/statistics"
              icon="chart-column"
              title="Статистика обращений"
              text="Как отвечают организации территории"
            />
          </CardGrid>
        </Stack>,
      );
    /** What is not this person's work is not asked of the database. */
    const when = <T,>(allowed: readonly Role[], ask: () => Promise<T>): Promise<T | null> =>
      may(request.actor, allowed) ? ask() : Promise.resolve(null);
    const [appeals, claims, uploads, houses, meters, requisites] = await Promise.all([
      when(appealsAccess.workDesk, () =>
        countDesk(context.db, { organisationId, houses: acting.houses, personId, now: context.clock() }),
      ),
      when(connectionsAccess.decideClaim, () => countClaims(context.db, acting, context.clock())),
      when(uploadsAccess.viewUploads, () => listOpenUploads(context.db, uploadViewer(request.actor))),
      when(housesAccess.listHouses, () => countHouses(context.db, acting)),
      when(metersAccess.viewHouses, () => readDeskTotals(context.db, acting)),
      // The whole organisation's: not for those who are limited to some of its houses.
      when(acting.houses === null ? staffAccess.decideRequisite : [], () =>
        countToConfirm(context.db, organisationId, personId),
      ),
    ]);
    return sendPage(
      request,
      reply,
      page,
      <DeskPage
        name={acting.name}
        {...{ appeals, claims, uploads, houses, meters }}
        requisites={requisites ?? 0}
        mayDecideReadings={may(request.actor, metersAccess.decideDeliveries)}
        hasShop={may(request.actor, paymentsAccess.manageOwnShop) && acting.houses === null}
        zone={ZONE}
      />,
    );
  });
}
