import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../pages/page.tsx';
import type { Context } from '../../platform/context.ts';
import { NotFound } from '../../platform/errors.ts';
import { idParam } from '../../platform/http/forms.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import { dayIn } from '../../platform/month.ts';
import { listItems } from '../classifiers/index.ts';
import { access } from './access.ts';
import { OrganisationPage } from './organisation-page.tsx';
import { selectOrganisation } from './queries/cards.ts';
import { selectBillingCentres } from './queries/delegations.ts';
import { selectPowers } from './queries/powers.ts';
import { selectRequisitesOf } from './queries/requisites.ts';

/** НСИ 20: полномочие организации. */
export const POWERS = 20;

/** The card of an organisation is public. */
export function registerOrganisationCard(app: FastifyInstance, context: Context): void {
  app.get('/organisations/:organisationId', { config: { access: access.viewOrganisation } }, async (request, reply) => {
    const organisationId = idParam<OrganisationId>(request.params, 'organisationId');
    const [card, codes, requisites, names, centres] = await Promise.all([
      selectOrganisation(context.db, organisationId),
      selectPowers(context.db, organisationId),
      selectRequisitesOf(context.db, organisationId),
      listItems(context.db, POWERS),
      selectBillingCentres(context.db, organisationId, dayIn('Europe/Moscow', context.clock())),
    ]);
    if (!card) throw new NotFound();
    const powers = names.filter((item) => item.actual && codes.includes(item.code)).map((item) => item.name);
    return sendPage(
      request,
      reply,
      { title: card.short_name, breadcrumbs: [{ href: '/', label: 'Главная' }, { label: card.short_name }] },
      <OrganisationPage {...{ card, powers, requisites, centres }} />,
    );
  });
}
