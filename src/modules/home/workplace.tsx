import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../pages/page.tsx';
import { actingFor, rolesOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { dayIn } from '../../platform/month.ts';
import { PageTitle, Stack } from '../../ui/index.ts';
import { countDesk, countTerritory, InspectorCards, inspectorLead } from '../appeals/index.ts';
import { countOpenClaims } from '../connections/index.ts';
import { readDeskTotals } from '../meters/index.ts';
import { countHouses } from '../organisations/index.ts';
import { access } from './access.ts';
import { DeskPage } from './desk-page.tsx';
import { selectOpenUploads } from './queries.ts';

/** Organisations are of the country's calendar. */
const ZONE = 'Europe/Moscow';

/** The desk of whoever acts for an organisation. */
export function registerDesk(app: FastifyInstance, context: Context): void {
  app.get('/work', { config: { access: access.viewDesk, sensitive: true } }, async (request, reply) => {
    const { personId, acting } = actingFor(request.actor);
    const today = dayIn(ZONE, context.clock());
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
    const [appeals, claims, uploads, houses, meters] = await Promise.all([
      countDesk(context.db, { organisationId, houses: acting.houses, personId, today }),
      countOpenClaims(context.db, acting, today),
      selectOpenUploads(context.db, organisationId),
      countHouses(context.db, acting),
      readDeskTotals(context.db, acting),
    ]);
    return sendPage(
      request,
      reply,
      page,
      <DeskPage
        name={acting.name}
        {...{ appeals, claims, uploads, houses, meters }}
        isHead={roles.has('head')}
        zone={ZONE}
      />,
    );
  });
}
