import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { NotFound } from '../../../platform/errors.ts';
import { idParam } from '../../../platform/http/forms.ts';
import type { HouseId, PremisesId } from '../../../platform/ids.ts';
import { accountsOfPremises, readAccounts } from '../../accounts/index.ts';
import { access } from '../access.ts';
import { CATEGORY_NAMES, type PremisesCategory, premisesLabel } from '../house.ts';
import { selectOwnerships } from '../queries/ownership.ts';
import { selectRooms } from '../queries/parts.ts';
import { type PremisesKey, selectPremises, selectPremisesPage } from '../queries/premises.ts';
import { NSI, readChoices } from '../words.ts';
import { HouseFrame, houseCrumbs, houseOfOrganisation } from './house-frame.tsx';
import { PremisesPage } from './premises-page.tsx';
import { PremisesTab } from './premises-tab.tsx';

const PAGE = 100;

function readQuery(request: FastifyRequest): { search: string; after: PremisesKey | null } {
  const { search = '', digits = '', number = '', category = '' } = request.query as Record<string, string | undefined>;
  const after =
    /^\d{1,9}$/.test(digits) && Object.hasOwn(CATEGORY_NAMES, category)
      ? { digits: Number(digits), number, category: category as PremisesCategory }
      : null;
  return { search: search.trim().slice(0, 50), after };
}

/** A house's premises, and one of them with its owners and accounts. */
export function registerPremises(app: FastifyInstance, context: Context): void {
  const looking = { config: { access: access.viewPremises, sensitive: true } };

  app.get('/work/houses/:houseId', { config: { access: access.viewOwnHouse, sensitive: true } }, async (request, reply) => {
    const found = await houseOfOrganisation(context.db, request.actor, idParam<HouseId>(request.params, 'houseId'));
    const { house } = found;
    const { search, after } = readQuery(request);
    const rows = await selectPremisesPage(context.db, { houseId: house.houseId, search, after, limit: PAGE + 1 });
    return sendPage(
      request,
      reply,
      { title: house.shortAddress, active: '/work/houses', breadcrumbs: houseCrumbs(house) },
      <HouseFrame {...found}>
        <PremisesTab
          path={`/work/houses/${house.houseId}`}
          rows={rows.slice(0, PAGE)}
          hasMore={rows.length > PAGE}
          search={search}
          showOwners={found.manages}
        />
      </HouseFrame>,
    );
  });

  app.get('/work/houses/:houseId/premises/:premisesId', looking, async (request, reply) => {
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const premisesId = idParam<PremisesId>(request.params, 'premisesId');
    const { house, manages } = await houseOfOrganisation(context.db, request.actor, houseId);
    const { personId, acting } = actingFor(request.actor);
    const [[premises], rooms, rights, accountIds, characteristics] = await Promise.all([
      selectPremises(context.db, houseId, [premisesId]),
      selectRooms(context.db, houseId, premisesId),
      manages ? selectOwnerships(context.db, houseId, premisesId) : [],
      accountsOfPremises(context.db, houseId, premisesId, acting.organisationId),
      readChoices(context.db, NSI.premises),
    ]);
    if (!premises) throw new NotFound();
    const accounts = await readAccounts(context.db, houseId, accountIds);
    if (rights.length > 0 || accounts.length > 0)
      await audit(context.db, {
        actor: personId,
        action: 'premises.viewed',
        at: context.clock(),
        organisationId: acting.organisationId,
        houseId,
        details: { premisesId, rights: rights.length, accounts: accounts.length },
      });
    const label = premisesLabel(premises) || 'Дом целиком';
    return sendPage(
      request,
      reply,
      {
        title: `${label}, ${house.shortAddress}`,
        active: '/work/houses',
        breadcrumbs: houseCrumbs(house, { label }),
      },
      <PremisesPage
        {...{ house, premises, rooms, rights, accounts, manages, characteristics }}
        recorded={(request.query as { recorded?: string }).recorded ?? null}
      />,
    );
  });
}
