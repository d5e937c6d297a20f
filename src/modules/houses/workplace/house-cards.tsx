import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import { auditLook } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid } from '../../../platform/errors.ts';
import { idParam, parse, type Typed, typed } from '../../../platform/http/forms.ts';
import { type HouseId, isUuid } from '../../../platform/ids.ts';
import type { FieldError } from '../../../ui/index.ts';
import { access } from '../access.ts';
import { editHouse, houseForm } from '../edit-house.ts';
import { selectEntrances, selectHouseVersions, selectLifts } from '../queries/houses.ts';
import { selectOwnersPage } from '../queries/ownership.ts';
import { NSI, readChoices } from '../words.ts';
import { HouseForm, typedOf } from './house-form.tsx';
import { HouseFrame, houseCrumbs, houseOfOrganisation, managedByActor } from './house-frame.tsx';
import { EntrancesTab, OwnersTab } from './house-tabs.tsx';

const PAGE = 50;

/** The tabs of a house beside its premises: entrances, owners, the card. */
export function registerHouseCards(app: FastifyInstance, context: Context): void {
  const looking = (name: 'viewOwnHouse' | 'viewOwners' | 'editHouse') => ({
    config: { access: access[name], sensitive: true },
  });

  app.get('/work/houses/:houseId/entrances', looking('viewOwnHouse'), async (request, reply) => {
    const found = await houseOfOrganisation(context.db, request.actor, idParam<HouseId>(request.params, 'houseId'));
    const { house } = found;
    const [entrances, lifts, kinds] = await Promise.all([
      selectEntrances(context.db, house.houseId),
      selectLifts(context.db, house.houseId),
      readChoices(context.db, NSI.lift),
    ]);
    return sendPage(
      request,
      reply,
      { title: `Подъезды и лифты, ${house.shortAddress}`, active: '/work/houses', breadcrumbs: houseCrumbs(house) },
      <HouseFrame {...found} active="entrances">
        <EntrancesTab {...{ entrances, lifts, kinds }} />
      </HouseFrame>,
    );
  });

  app.get('/work/houses/:houseId/owners', looking('viewOwners'), async (request, reply) => {
    const house = await managedByActor(context.db, request.actor, idParam<HouseId>(request.params, 'houseId'));
    const { after = '' } = request.query as { after?: string };
    const rows = await selectOwnersPage(context.db, {
      houseId: house.houseId,
      after: isUuid(after) ? after : '00000000-0000-0000-0000-000000000000',
      limit: PAGE + 1,
    });
    const shown = rows.slice(0, PAGE);
    if (shown.length > 0)
      await auditLook(context.db, actingFor(request.actor), {
        action: 'house.viewed_owners',
        at: context.clock(),
        what: 'Список собственников дома',
        thingId: house.houseId,
        homes: [{ houseId: house.houseId }],
        masked: true,
        details: { shown: shown.length },
      });
    return sendPage(
      request,
      reply,
      { title: `Собственники, ${house.shortAddress}`, active: '/work/houses', breadcrumbs: houseCrumbs(house) },
      <HouseFrame house={house} manages active="owners">
        <OwnersTab houseId={house.houseId} rows={shown} hasMore={rows.length > PAGE} />
      </HouseFrame>,
    );
  });

  app.get('/work/houses/:houseId/card', looking('editHouse'), (request, reply) => showForm(context, request, reply));

  app.post('/work/houses/:houseId/card', looking('editHouse'), async (request, reply) => {
    const houseId = idParam<HouseId>(request.params, 'houseId');
    try {
      await editHouse(context, request.actor, houseId, parse(houseForm, request.body));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showForm(context, request, reply.code(error.status), error.fields, typed(request.body));
    }
    return reply.redirect(`/work/houses/${houseId}/card?saved=1`, 303);
  });
}

async function showForm(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  errors: readonly FieldError[] = [],
  values?: Typed,
) {
  const house = await managedByActor(context.db, request.actor, idParam<HouseId>(request.params, 'houseId'));
  const [states, stages, managements, versions] = await Promise.all([
    readChoices(context.db, NSI.state),
    readChoices(context.db, NSI.stage),
    readChoices(context.db, NSI.management),
    selectHouseVersions(context.db, house.houseId),
  ]);
  return sendPage(
    request,
    reply,
    { title: `Карточка дома, ${house.shortAddress}`, active: '/work/houses', breadcrumbs: houseCrumbs(house) },
    <HouseFrame house={house} manages active="card">
      <HouseForm
        {...{ house, errors, states, stages, managements, versions }}
        token={formToken(request, reply)}
        values={values ?? typedOf(house)}
        saved={errors.length === 0 && (request.query as { saved?: string }).saved === '1'}
      />
    </HouseFrame>,
  );
}
