import type { FastifyInstance, FastifyRequest } from 'fastify';
import { registerDisclosure } from '../../../pages/disclosure.tsx';
import { sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import { auditLook } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { disclosedTo, recordOfPremises, STAFF_PURPOSES } from '../../../platform/disclosure/index.ts';
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

  app.get(
    '/work/houses/:houseId',
    { config: { access: access.viewOwnHouse, sensitive: true } },
    async (request, reply) => {
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
    },
  );

  app.get('/work/houses/:houseId/premises/:premisesId', looking, async (request, reply) => {
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const premisesId = idParam<PremisesId>(request.params, 'premisesId');
    const { house, manages } = await houseOfOrganisation(context.db, request.actor, houseId);
    const actor = actingFor(request.actor);
    const { organisationId } = actor.acting;
    const [[premises], rooms, rights, accountIds, characteristics] = await Promise.all([
      selectPremises(context.db, houseId, [premisesId]),
      selectRooms(context.db, houseId, premisesId),
      manages ? selectOwnerships(context.db, houseId, premisesId) : [],
      accountsOfPremises(context.db, houseId, premisesId, organisationId),
      readChoices(context.db, NSI.premises),
    ]);
    if (!premises) throw new NotFound();
    const accounts = await readAccounts(context.db, houseId, accountIds);
    const at = context.clock();
    const disclosed = await disclosedTo(context.db, actor, recordOfPremises(houseId, premisesId), at);
    const label = premisesLabel(premises) || 'Дом целиком';
    if (rights.length > 0 || accounts.length > 0)
      await auditLook(context.db, actor, {
        action: 'premises.viewed',
        at,
        what: `${label}: ${manages ? 'собственники и лицевые счета' : 'лицевые счета'}`,
        thingId: premisesId,
        homes: [{ houseId, about: [premisesId], ...(!manages && { providerId: organisationId }) }],
        masked: disclosed === null,
        ...(disclosed && { purpose: disclosed.purpose }),
        details: { premisesId, rights: rights.length, accounts: accounts.length },
      });
    return sendPage(
      request,
      reply,
      {
        title: `${label}, ${house.shortAddress}`,
        active: '/work/houses',
        breadcrumbs: houseCrumbs(house, { label }),
      },
      <PremisesPage
        {...{ house, premises, rooms, rights, accounts, manages, characteristics, disclosed }}
        recorded={(request.query as { recorded?: string }).recorded ?? null}
      />,
    );
  });

  registerDisclosure(app, context, {
    path: '/work/houses/:houseId/premises/:premisesId',
    access: access.viewPremises,
    purposes: STAFF_PURPOSES,
    lead: 'В карточке имена собственников и плательщиков. Чтобы их увидеть, скажите, для чего.',
    async find({ params }, actor) {
      const houseId = idParam<HouseId>(params, 'houseId');
      const premisesId = idParam<PremisesId>(params, 'premisesId');
      const { house, manages } = await houseOfOrganisation(context.db, actor, houseId);
      const { organisationId } = actingFor(actor).acting;
      const [premises] = await selectPremises(context.db, houseId, [premisesId]);
      if (!premises) throw new NotFound();
      const label = premisesLabel(premises) || 'Дом целиком';
      const back = `/work/houses/${houseId}/premises/${premisesId}`;
      return {
        record: recordOfPremises(houseId, premisesId),
        back,
        title: `${label}, ${house.shortAddress}`,
        known: [{ term: 'Вид', value: CATEGORY_NAMES[premises.category] }],
        look: {
          action: 'premises.disclosed',
          what: `${label}: ${manages ? 'собственники и лицевые счета' : 'лицевые счета'}`,
          thingId: premisesId,
          homes: [{ houseId, about: [premisesId], ...(!manages && { providerId: organisationId }) }],
        },
        active: '/work/houses',
        breadcrumbs: houseCrumbs(house, { href: back, label }, { label: 'Показать' }),
      };
    },
  });
}
