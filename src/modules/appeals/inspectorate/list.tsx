import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { typed } from '../../../platform/http/forms.ts';
import { findHousesByFias } from '../../houses/index.ts';
import { readOrganisations } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { listTopics } from '../list-topics.ts';
import {
  countTerritory,
  OVERSEEN,
  searchConditionOf,
  selectAddressees,
  selectFiasGuids,
  selectTerritory,
} from '../queries/territory.ts';
import { searchDesk } from '../search-desk.ts';
import { formatMomentKey } from '../workplace/queue-query.ts';
import { MISSING } from './frame.tsx';
import { TerritoryPage } from './list-page.tsx';
import { MissingHousesPage } from './missing-houses-page.tsx';
import {
  MISSING_HOUSE,
  parseTerritory,
  TERRITORY,
  type TerritoryQuery,
  territoryFields,
  territoryPath,
} from './territory-query.ts';

const PAGE = 50;
export const overseeing = { config: { access: access.oversee, sensitive: true } };

/** What waits, for the tabs of each page. */
export const readCounts = (
  context: Pick<Context, 'db' | 'clock'>,
  organisationId: Parameters<typeof countTerritory>[1],
) => countTerritory(context.db, organisationId, { now: context.clock(), missingHouse: MISSING_HOUSE });

/** The lists of a territory: all appeals with their filters, and houses that are not in the system (S-HOME-8). */
export function registerTerritoryLists(app: FastifyInstance, context: Context): void {
  app.get(TERRITORY, overseeing, async (request, reply) => {
    const { organisationId } = actingFor(request.actor).acting;
    const { db } = context;
    const groups = await listTopics(db);
    const query = parseTerritory(typed(request.query), groups);
    const [{ lines, nothingAsked }, counts, addressees] = await Promise.all([
      readLines(context, organisationId, query),
      readCounts(context, organisationId),
      selectAddressees(db, organisationId),
    ]);
    const names = await readOrganisations(db, addressees);
    const shown = lines.slice(0, PAGE);
    const last = shown.at(-1);
    return sendPage(
      request,
      reply,
      { title: 'Обращения территории', active: TERRITORY },
      <TerritoryPage
        {...{ query, counts, groups, nothingAsked }}
        lines={shown}
        addressees={names.sort((a, b) => a.shortName.localeCompare(b.shortName, 'ru'))}
        now={context.clock()}
        next={
          lines.length > PAGE && last
            ? territoryPath({ ...territoryFields(query), after: formatMomentKey(last.receivedAt, last.deskId) })
            : undefined
        }
      />,
    );
  });
  registerMissingHouses(app, context);
}

async function readLines(
  { db }: Context,
  organisationId: Parameters<typeof selectTerritory>[1],
  { text, filter, after }: TerritoryQuery,
) {
  if (!text) {
    const lines = await selectTerritory(db, organisationId, { filter, after, limit: PAGE + 1 });
    return { lines, nothingAsked: false };
  }
  const { lines, empty } = await searchDesk(db, {
    organisationId,
    // A territory is not parted between inspectors.
    houses: null,
    kinds: OVERSEEN,
    text,
    after: after && { receivedAt: after.at, deskId: after.deskId },
    condition: searchConditionOf(filter),
    limit: PAGE,
  });
  return { lines, nothingAsked: empty };
}

function registerMissingHouses(app: FastifyInstance, context: Context): void {
  app.get(MISSING, overseeing, async (request, reply) => {
    const { organisationId } = actingFor(request.actor).acting;
    const { db } = context;
    const given = typed(request.query);
    const { after } = parseTerritory({ after: given.after }, []);
    const isClosed = given.state === 'closed';
    const filter = {
      ...parseTerritory({}, []).filter,
      topics: [MISSING_HOUSE],
      state: isClosed ? null : ('open' as const),
    };
    const [lines, counts] = await Promise.all([
      selectTerritory(db, organisationId, { filter, after, limit: PAGE + 1 }),
      readCounts(context, organisationId),
    ]);
    const shown = lines.slice(0, PAGE);
    const guids = await selectFiasGuids(db, shown);
    const houses = await findHousesByFias(
      db,
      [...guids.values()].filter((guid) => guid !== null),
    );
    const last = shown.at(-1);
    const next = last && {
      ...(isClosed && { state: 'closed' }),
      after: formatMomentKey(last.receivedAt, last.deskId),
    };
    return sendPage(
      request,
      reply,
      { title: 'Дома нет в системе', active: TERRITORY, breadcrumbs: crumbs('Дома нет в системе') },
      <MissingHousesPage
        {...{ counts, guids, houses, isClosed }}
        lines={shown}
        now={context.clock()}
        next={lines.length > PAGE && next ? `${MISSING}?${new URLSearchParams(next)}` : undefined}
      />,
    );
  });
}

export const crumbs = (label: string) => [{ href: TERRITORY, label: 'Обращения территории' }, { label }];
