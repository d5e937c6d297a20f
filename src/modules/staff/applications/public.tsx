import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { personOf } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import { idParam, type Typed, typed } from '../../../platform/http/forms.ts';
import { type ApplicationId, isUuid } from '../../../platform/ids.ts';
import type { FieldError } from '../../../ui/index.ts';
import { listItems, listRegions } from '../../classifiers/index.ts';
import { listUnregistered, typedOfCard } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { selectApplication, selectApplicationsOf } from '../queries/applications.ts';
import { ApplicationFormPage, ApplicationsPage, type Names, OwnApplicationPage } from './applicant-pages.tsx';
import { readApplication, typedPowers } from './application-form.ts';
import { APPLICATIONS } from './paths.ts';
import { sendApplication } from './send-application.ts';

/** НСИ 20: полномочие организации. */
const POWERS = 20;
const CRUMB = { href: APPLICATIONS, label: 'Регистрация организации' };

export async function readNames(context: Context): Promise<Names> {
  const [powers, regions] = await Promise.all([listItems(context.db, POWERS), listRegions(context.db)]);
  return { powers: powers.filter(({ actual }) => actual), regions };
}

/** The way in for the head of an organisation that has no card here. */
export function registerApplications(app: FastifyInstance, context: Context): void {
  const looking = { config: { access: access.viewApplications, sensitive: true } };
  const sending = { config: { access: access.sendApplication, sensitive: true } };

  app.get(APPLICATIONS, looking, async (request, reply) => {
    const { personId, confirmed } = personOf(request.actor);
    const [unregistered, applications] = await Promise.all([
      listUnregistered(context.db, personId),
      selectApplicationsOf(context.db, personId),
    ]);
    return sendPage(
      request,
      reply,
      { title: 'Регистрация организации' },
      <ApplicationsPage {...{ unregistered, applications, confirmed }} />,
    );
  });

  app.get(`${APPLICATIONS}/new`, sending, async (request, reply) => {
    const { ogrn = '', from = '' } = request.query as Typed;
    const { personId } = personOf(request.actor);
    const before = isUuid(from) ? await selectApplication(context.db, from as ApplicationId) : null;
    const own = before?.personId === personId && before.ogrn === ogrn ? before : null;
    const values = own ? { ...typedOfCard(own.card), ...typedPowers(own.powers) } : {};
    return showForm(context, request, reply, { ogrn, values, errors: [], refusal: own?.reason ?? null });
  });

  app.post(`${APPLICATIONS}/new`, sending, async (request, reply) => {
    const body = typed(request.body);
    const ogrn = body.ogrn ?? '';
    try {
      const application = readApplication(body, ogrn, await readNames(context));
      const applicationId = await sendApplication(context, request.actor, application);
      return reply.redirect(`${APPLICATIONS}/${applicationId}`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showForm(context, request, reply.code(error.status), {
        ...{ ogrn, values: body, errors: error.fields, refusal: null },
      });
    }
  });

  app.get(`${APPLICATIONS}/:applicationId`, looking, async (request, reply) => {
    const application = await selectApplication(context.db, idParam<ApplicationId>(request.params, 'applicationId'));
    if (application?.personId !== personOf(request.actor).personId) throw new NotFound();
    return sendPage(
      request,
      reply,
      { title: 'Заявка на регистрацию', breadcrumbs: [CRUMB, { label: application.card.short_name }] },
      <OwnApplicationPage application={application} names={await readNames(context)} />,
    );
  });
}

/** @throws NotFound unless the person is named the head of an organisation that is not here */
async function showForm(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  form: { ogrn: string; values: Typed; errors: readonly FieldError[]; refusal: string | null },
) {
  const claims = await listUnregistered(context.db, personOf(request.actor).personId);
  if (!claims.some(({ ogrn, role }) => ogrn === form.ogrn && role === 'head'))
    throw new NotFound('Сервис входа не называет вас руководителем такой организации, или она уже зарегистрирована.');
  return sendPage(
    request,
    reply,
    { title: 'Регистрация организации', breadcrumbs: [CRUMB, { label: 'Карточка' }] },
    <ApplicationFormPage {...form} {...(await readNames(context))} token={formToken(request, reply)} />,
  );
}
