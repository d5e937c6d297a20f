import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../pages/page.tsx';
import { actingFor, rolesOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { dayIn } from '../../platform/month.ts';
import { ActionCard, CardGrid, PageTitle, Stack } from '../../ui/index.ts';
import { countDesk } from '../appeals/index.ts';
import { countOpenClaims } from '../connections/index.ts';
import { readDeskTotals } from '../meters/index.ts';
import { countHouses } from '../organisations/index.ts';
import { access } from './access.ts';
import { AppealsCard, DeskPage } from './desk-page.tsx';
import { selectOpenUploads } from './queries.ts';

/** Organisations are of the country's calendar. */
const ZONE = 'Europe/Moscow';

/** The desk of whoever acts for an organisation. */
export function registerDesk(app: FastifyInstance, context: Context): void {
  app.get('/work', { config: { access: access.viewDesk, sensitive: true } }, async (request, reply) => {
    const { personId, acting } = actingFor(request.actor);
    const today = dayIn(ZONE, context.clock());
    const { organisationId } = acting;
    const appeals = await countDesk(context.db, { organisationId, personId, today });
    const page = { title: 'Рабочий стол', active: '/work' };
    const roles = rolesOf(request.actor);
    if (roles.has('inspector'))
      return sendPage(
        request,
        reply,
        page,
        <Stack>
          <PageTitle kicker="Рабочий стол" lead="Вы действуете от имени органа жилищного надзора.">
            {acting.name}
          </PageTitle>
          <CardGrid label="Разделы">
            <AppealsCard counts={appeals} />
            <ActionCard
              href="/find"
              icon="building-2"
              title="Кто обслуживает дом"
              text="По адресу: управляющая организация, её карточка и телефоны"
            />
          </CardGrid>
        </Stack>,
      );
    const [claims, uploads, houses, meters] = await Promise.all([
      countOpenClaims(context.db, organisationId, today),
      selectOpenUploads(context.db, organisationId),
      countHouses(context.db, organisationId),
      readDeskTotals(context.db, organisationId),
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
