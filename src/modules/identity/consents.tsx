import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../pages/page.tsx';
import { personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { parse } from '../../platform/http/forms.ts';
import { isUuid, type OrganisationId } from '../../platform/ids.ts';
import { ButtonLink, Card, PageTitle, Stack } from '../../ui/index.ts';
import { readOrganisations } from '../organisations/index.ts';
import { access } from './access.ts';
import { ConsentsPage, WithdrawPage } from './consents-page.tsx';
import type { Capacity } from './identity.ts';
import { selectConsents } from './queries/consents.ts';
import { forgetSession } from './session.ts';
import { consentInForce, daysToChangeMind, withdrawConsent } from './withdraw-consent.ts';

const PAGE = '/settings/consents';
const capacityField = z.object({
  capacity: z
    .string()
    .default('')
    .transform((value): Capacity => (isUuid(value) ? (value as Capacity) : null)),
});
const crumbs = [
  { href: '/settings', label: 'Настройки' },
  { href: PAGE, label: 'Согласия' },
];

/** «Согласия»: what was accepted, when, on whose behalf; taking it back. */
export function registerConsents(app: FastifyInstance, context: Context): void {
  const viewing = { config: { access: access.viewConsents, sensitive: true } };
  const withdrawing = { config: { access: access.withdrawConsent, sensitive: true } };

  app.get(PAGE, viewing, async (request, reply) => {
    const consents = await selectConsents(context.db, personOf(request.actor).personId);
    const ids = consents.flatMap(({ organisationId }) => organisationId ?? []);
    const organisations = await readOrganisations(context.db, [...new Set(ids)]);
    const names = new Map(organisations.map((one) => [one.organisationId, one.shortName]));
    const capacities = [null, ...new Set<OrganisationId>(ids)].filter((one) => consentInForce(consents, one));
    const breadcrumbs = [crumbs[0]!, { label: 'Согласия' }];
    return sendPage(
      request,
      reply,
      { title: 'Согласия', breadcrumbs },
      <ConsentsPage {...{ consents, names, capacities }} />,
    );
  });

  app.get(`${PAGE}/withdraw`, withdrawing, async (request, reply) => {
    const { capacity } = parse(capacityField, request.query);
    const consents = await selectConsents(context.db, personOf(request.actor).personId);
    if (!consentInForce(consents, capacity)) return reply.redirect(PAGE, 303);
    const organisation = capacity ? (await readOrganisations(context.db, [capacity]))[0] : undefined;
    return sendPage(
      request,
      reply,
      { title: 'Отозвать согласие', breadcrumbs: [...crumbs, { label: 'Отзыв' }] },
      <WithdrawPage
        capacity={capacity}
        organisation={organisation?.shortName ?? null}
        days={await daysToChangeMind(context)}
        token={formToken(request, reply)}
      />,
    );
  });

  app.post(`${PAGE}/withdraw`, withdrawing, async (request, reply) => {
    const { capacity } = parse(capacityField, request.body);
    await withdrawConsent(context, request.actor, capacity);
    if (capacity) return reply.redirect(PAGE, 303);
    forgetSession(reply);
    return reply.redirect('/consent-withdrawn', 303);
  });

  app.get('/consent-withdrawn', { config: { access: access.signIn } }, (request, reply) =>
    sendPage(
      request,
      reply,
      { title: 'Согласие отозвано' },
      <Stack>
        <PageTitle lead="Кабинет закрыт для вас на всех устройствах. Что и когда будет удалено, мы написали в письме.">
          Согласие отозвано
        </PageTitle>
        <Card title="Если передумаете">
          <p>Войдите и примите согласие снова: счета, обращения и платежи будут на своих местах, пока не удалены.</p>
          <ButtonLink kind="secondary" href="/sign-in">
            Войти
          </ButtonLink>
        </Card>
      </Stack>,
    ),
  );
}
