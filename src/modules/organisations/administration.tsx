import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../pages/page.tsx';
import type { Context } from '../../platform/context.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import { idParam, parse, requiredText, type Typed, typed } from '../../platform/http/forms.ts';
import { isUuid, type OrganisationId } from '../../platform/ids.ts';
import type { FieldError } from '../../ui/index.ts';
import { listItems, listRegions } from '../classifiers/index.ts';
import { access } from './access.ts';
import { OrganisationFormPage, OrganisationListPage } from './administration-pages.tsx';
import { addOrganisation, editOrganisation, givePower, takePower } from './edit-organisation.ts';
import { OKTMO } from './oktmo.ts';
import { organisationForm, typedOf } from './organisation-form.ts';
import { POWERS } from './public.tsx';
import { selectOrganisation, selectOrganisationPage } from './queries/cards.ts';
import { selectPowersByRegion } from './queries/powers.ts';

const PAGE = 50;
const LIST = '/administration/organisations';

/** The administrator's list of organisations: who is here, under what powers, in which regions. */
export function registerOrganisationAdministration(app: FastifyInstance, context: Context): void {
  app.get(LIST, { config: { access: access.listOrganisations, sensitive: true } }, async (request, reply) => {
    const { search = '', after = '', id = '' } = request.query as Record<string, string | undefined>;
    const query = search.trim().slice(0, 100);
    const key = after && isUuid(id) ? { shortName: after, organisationId: id as OrganisationId } : null;
    const rows = await selectOrganisationPage(context.db, { search: query, after: key, limit: PAGE + 1 });
    return sendPage(
      request,
      reply,
      { title: 'Организации', active: LIST },
      <OrganisationListPage rows={rows.slice(0, PAGE)} hasMore={rows.length > PAGE} search={query} />,
    );
  });

  app.get(`${LIST}/new`, { config: { access: access.addOrganisation, sensitive: true } }, (request, reply) =>
    showForm(context, request, reply, null, { kind: 'legal' }, []),
  );

  app.post(LIST, { config: { access: access.addOrganisation } }, async (request, reply) => {
    try {
      const organisationId = await addOrganisation(context, request.actor, parse(organisationForm, request.body));
      return reply.redirect(`${LIST}/${organisationId}?saved=1`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showForm(context, request, reply.code(error.status), null, typed(request.body), error.fields);
    }
  });

  app.get(
    `${LIST}/:organisationId`,
    { config: { access: access.editOrganisation, sensitive: true } },
    (request, reply) =>
      showForm(context, request, reply, idParam<OrganisationId>(request.params, 'organisationId'), null, []),
  );

  app.post(`${LIST}/:organisationId`, { config: { access: access.editOrganisation } }, async (request, reply) => {
    const organisationId = idParam<OrganisationId>(request.params, 'organisationId');
    try {
      await editOrganisation(context, request.actor, organisationId, parse(organisationForm, request.body));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showForm(context, request, reply.code(error.status), organisationId, typed(request.body), error.fields);
    }
    return reply.redirect(`${LIST}/${organisationId}?saved=1`, 303);
  });
  registerPowers(app, context);
}

function registerPowers(app: FastifyInstance, context: Context): void {
  /** Only a power in force and a region that are in the lists. */
  const readPower = async (request: FastifyRequest) => {
    const form = parse(
      z.object({
        powerCode: requiredText('Выберите полномочие', 10),
        regionCode: requiredText('Выберите регион', 10),
        oktmo: z
          .string()
          .trim()
          .regex(OKTMO, 'ОКТМО — 8 или 11 цифр')
          .or(z.literal(''))
          .optional()
          .transform((text) => text ?? ''),
      }),
      request.body,
    );
    const [powers, regions] = await Promise.all([listItems(context.db, POWERS), listRegions(context.db)]);
    if (!powers.some((power) => power.code === form.powerCode) || !regions.some(({ code }) => code === form.regionCode))
      throw new Invalid([{ field: 'powerCode', message: 'Выберите полномочие и регион из списков' }]);
    return { organisationId: idParam<OrganisationId>(request.params, 'organisationId'), ...form };
  };

  app.post(`${LIST}/:organisationId/powers`, { config: { access: access.givePower } }, async (request, reply) => {
    const organisationId = idParam<OrganisationId>(request.params, 'organisationId');
    try {
      await givePower(context, request.actor, await readPower(request));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showForm(context, request, reply.code(error.status), organisationId, null, error.fields);
    }
    return reply.redirect(`${LIST}/${organisationId}?saved=1`, 303);
  });

  app.post(`${LIST}/:organisationId/powers/take`, { config: { access: access.takePower } }, async (request, reply) => {
    const power = await readPower(request);
    await takePower(context, request.actor, power);
    return reply.redirect(`${LIST}/${power.organisationId}?saved=1`, 303);
  });
}

/** @param organisationId null for a new one; @param values what was typed, null to show what is stored */
async function showForm(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  organisationId: OrganisationId | null,
  values: Typed | null,
  errors: readonly FieldError[],
) {
  const [card, given, powers, regions] = await Promise.all([
    organisationId ? selectOrganisation(context.db, organisationId) : undefined,
    organisationId ? selectPowersByRegion(context.db, organisationId) : [],
    listItems(context.db, POWERS),
    listRegions(context.db),
  ]);
  if (organisationId && !card) throw new NotFound();
  const title = card?.short_name ?? 'Новая организация';
  return sendPage(
    request,
    reply,
    { title, active: LIST, breadcrumbs: [{ href: LIST, label: 'Организации' }, { label: title }] },
    <OrganisationFormPage
      {...{ title, organisationId, given, regions, errors }}
      powers={powers.filter((power) => power.actual)}
      values={values ?? (card ? typedOf(card) : {})}
      saved={errors.length === 0 && (request.query as { saved?: string }).saved === '1'}
      token={formToken(request, reply)}
    />,
  );
}
