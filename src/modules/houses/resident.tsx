import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../pages/page.tsx';
import { personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { Db } from '../../platform/database/database.ts';
import { NotFound } from '../../platform/errors.ts';
import { idParam } from '../../platform/http/forms.ts';
import type { HouseId, PersonId } from '../../platform/ids.ts';
import { usableAccounts } from '../accounts/index.ts';
import { readOrganisation } from '../organisations/index.ts';
import { access } from './access.ts';
import type { HouseCard } from './house.ts';
import { HousePage, type ManagerNote } from './house-page.tsx';
import { countParts, selectHouse } from './queries/houses.ts';
import { readHouseWords } from './words.ts';

/** The house's card, for those who have an account connected in it. */
export function registerHouseCard(app: FastifyInstance, context: Context): void {
  app.get('/houses/:houseId', { config: { access: access.viewHouse } }, async (request, reply) => {
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const house = await houseOfResident(context, personOf(request.actor).personId, houseId);
    const [words, counts, manager, source] = await Promise.all([
      readHouseWords(context.db, house),
      countParts(context.db, houseId),
      readManager(context.db, house),
      house.sourceId ? readOrganisation(context.db, house.sourceId) : null,
    ]);
    return sendPage(
      request,
      reply,
      {
        title: house.shortAddress,
        active: '/',
        breadcrumbs: [{ href: '/', label: 'Главная' }, { label: 'Информация о доме' }],
      },
      <HousePage {...{ house, words, counts, manager }} source={source?.short_name ?? null} />,
    );
  });
}

/** @throws NotFound when no account that the person has or may see is in the house */
async function houseOfResident({ db, clock }: Context, personId: PersonId, houseId: HouseId): Promise<HouseCard> {
  const links = await usableAccounts(db, personId, 'see', clock());
  const house = links.some((link) => link.houseId === houseId) ? await selectHouse(db, houseId) : null;
  if (!house) throw new NotFound();
  return house;
}

async function readManager(db: Db, house: HouseCard): Promise<ManagerNote | null> {
  const card = house.managerId ? await readOrganisation(db, house.managerId) : null;
  if (!card) return null;
  return {
    organisationId: card.organisation_id,
    shortName: card.short_name,
    phone: card.phone,
    dispatcherPhone: card.dispatcher_phone,
    dispatcherHours: card.dispatcher_hours,
    receptionHours: card.reception_hours,
    requisitesChangedAt: card.requisites_changed_at,
  };
}
