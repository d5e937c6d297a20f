import type { FastifyInstance } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { idParam } from '../../../platform/http/forms.ts';
import { type HouseId, isUuid, type MeterId, type OrganisationId, type ReadingId } from '../../../platform/ids.ts';
import { addMonths, monthOf } from '../../../platform/month.ts';
import { readAccounts } from '../../accounts/index.ts';
import { listItems } from '../../classifiers/index.ts';
import { readPremises } from '../../houses/index.ts';
import { readOrganisations } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { NSI } from '../change-meter.ts';
import { lookAtMeter } from '../look-at-meters.ts';
import { meterOfActor } from '../own-meters.ts';
import { selectPredecessor, selectVersions } from '../queries/changes.ts';
import { selectConsumption } from '../queries/consumption.ts';
import { selectMeters } from '../queries/meters.ts';
import { selectDeliveries, selectHistory } from '../queries/readings.ts';
import { todayAt } from '../windows.ts';
import { houseCrumbs, resourcesWord, whereOf } from './frame.tsx';
import { MeterPage } from './meter-page.tsx';

const READINGS = 12;
const VERSIONS = 50;
const MONTHS = 12;

/** The card of one device: its passport, life, readings and months, and what may be done with it. */
export function registerMeterCard(app: FastifyInstance, context: Context): void {
  app.get(
    '/work/meters/:houseId/:meterId',
    { config: { access: access.viewRegister, sensitive: true } },
    async (request, reply) => {
      const { db } = context;
      const houseId = idParam<HouseId>(request.params, 'houseId');
      const meterId = idParam<MeterId>(request.params, 'meterId');
      const seen = await meterOfActor(db, request.actor, houseId, meterId);
      const { house, organisationId, meter, isKept } = seen;
      const at = context.clock();
      const today = todayAt(house, at);
      const query = request.query as { after?: string; at?: string; done?: string; declined?: string };
      const enteredAt = query.at ? new Date(query.at) : null;
      const own = meter.accounts.filter(({ providerId }) => providerId === organisationId);
      const [readings, versions, months, premises, accounts, previous, next, ...reasons] = await Promise.all([
        selectHistory(db, houseId, meterId, {
          after:
            enteredAt && !Number.isNaN(enteredAt.getTime()) && isUuid(query.after ?? '')
              ? { enteredAt, readingId: query.after as ReadingId }
              : null,
          limit: READINGS + 1,
        }),
        selectVersions(db, houseId, meterId, VERSIONS),
        selectConsumption(db, houseId, [meterId], addMonths(monthOf(today), -MONTHS)),
        meter.premisesId ? readPremises(db, houseId, [meter.premisesId]) : [],
        readAccounts(
          db,
          houseId,
          own.map(({ accountId }) => accountId),
        ),
        selectPredecessor(db, houseId, meterId),
        meter.replacedBy ? selectMeters(db, houseId, [meter.replacedBy]) : [],
        listItems(db, NSI.archive),
        listItems(db, NSI.failure),
        listItems(db, NSI.restore),
      ]);
      const shown = readings.slice(0, READINGS);
      const deliveries = await selectDeliveries(
        db,
        houseId,
        shown.map(({ readingId }) => readingId),
      );
      const involved = [
        meter.sourceId,
        ...versions.map((version) => version.organisationId),
        ...meter.accounts.map(({ providerId }) => providerId),
        ...shown.map((reading) => reading.organisationId),
      ].filter((id): id is OrganisationId => id !== null);
      const organisations = await readOrganisations(db, [...new Set(involved)]);
      await lookAtMeter(db, actingFor(request.actor), meter, at);
      const [place] = premises;
      const where = whereOf({
        kind: meter.kind,
        category: place?.category ?? null,
        premisesNumber: place?.number ?? null,
      });
      return sendPage(
        request,
        reply,
        {
          title: `${where}, ${resourcesWord(meter.resources).toLowerCase()}, № ${meter.serial}`,
          active: '/work/meters',
          breadcrumbs: houseCrumbs(house, { label: `${where}, № ${meter.serial}` }),
        },
        <MeterPage
          {...{ house, meter, organisationId, today, where, versions, months, deliveries, previous }}
          isKept={isKept}
          readings={shown}
          hasMore={readings.length > READINGS}
          accounts={accounts.map(({ accountId, number }) => ({ accountId, number }))}
          next={next[0] ?? null}
          names={new Map(organisations.map((one) => [one.organisationId, one.shortName]))}
          reasons={{
            archive: new Map(reasons[0].map(({ code, name }) => [code, name])),
            failure: new Map(reasons[1].map(({ code, name }) => [code, name])),
            restore: new Map(reasons[2].map(({ code, name }) => [code, name])),
          }}
          token={formToken(request, reply)}
          done={query.declined === '1' ? 'declined' : (query.done ?? null)}
        />,
      );
    },
  );
}
