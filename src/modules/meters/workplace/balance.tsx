import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../../pages/page.tsx';
import type { Context } from '../../../platform/context.ts';
import { idParam } from '../../../platform/http/forms.ts';
import type { HouseId } from '../../../platform/ids.ts';
import { type Month, monthOf, parseMonth } from '../../../platform/month.ts';
import { access } from '../access.ts';
import { readBalance } from '../house-balance.ts';
import { RESOURCES } from '../meter.ts';
import { houseOfActor } from '../own-meters.ts';
import { countWaiting } from '../queries/decisions.ts';
import { todayAt } from '../windows.ts';
import { BalancePage } from './balance-page.tsx';
import { houseCrumbs } from './frame.tsx';

/** The house's own device against the sum of its homes, with a diagnosis in words. Volumes of homes are seen by its manager alone, their sum by all to whom it tells of no home. */
export function registerBalance(app: FastifyInstance, context: Context): void {
  app.get(
    '/work/meters/:houseId/balance',
    { config: { access: access.viewRegister, sensitive: true } },
    async (request, reply) => {
      const houseId = idParam<HouseId>(request.params, 'houseId');
      const own = await houseOfActor(context.db, request.actor, houseId);
      const { house, organisationId, manages } = own;
      const { resource, period } = request.query as { resource?: string; period?: string };
      const now: Month = monthOf(todayAt(house, context.clock()));
      const [waiting, { resources, balance }] = await Promise.all([
        countWaiting(context.db, houseId, organisationId),
        readBalance(context.db, own, {
          resource: RESOURCES.find((one) => one === resource) ?? null,
          period: parseMonth(period ?? ''),
          now,
        }),
      ]);
      return sendPage(
        request,
        reply,
        {
          title: `Баланс дома, ${house.shortAddress}`,
          active: '/work/meters',
          breadcrumbs: houseCrumbs(house, { label: 'Баланс' }),
        },
        <BalancePage {...{ house, waiting, resources, balance, manages }} />,
      );
    },
  );
}
