import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { personOf } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import { idParam, type Typed, typed } from '../../../platform/http/forms.ts';
import type { ApplicationId } from '../../../platform/ids.ts';
import type { FieldError } from '../../../ui/index.ts';
import { listItems, listRegions } from '../../classifiers/index.ts';
import { listUnregistered, typedOfCard } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { selectApplication, selectApplicationsOf } from '../queries/applications.ts';
import {
  ApplicationFormPage,
  ApplicationsPage,
  lastRefused,
  type Names,
  OwnApplicationPage,
} from './applicant-pages.tsx';
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
    const { ogrn = '' } = request.query as Typed;
    return showForm(context, request, reply, { ogrn, values: null, errors: [] });
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
        ...{ ogrn, values: body, errors: error.fields },
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

/**
 * The form, as it was typed or as the application that was refused had it, with what was wrong there.
 * @throws NotFound unless the person is named the head of an organisation that is not here
 */
async function showForm(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  form: { ogrn: string; values: Typed | null; errors: readonly FieldError[] },
) {
  const { personId } = personOf(request.actor);
  const [claims, applications] = await Promise.all([
    listUnregistered(context.db, personId),
    selectApplicationsOf(context.db, personId),
  ]);
  if (!claims.some(({ ogrn, role }) => ogrn === form.ogrn && role === 'head'))
    throw new NotFound('Сервис входа не называет вас руководителем такой организации, или она уже зарегистрирована.');
  const refused = lastRefused(applications, form.ogrn);
  const before = refused ? { ...typedOfCard(refused.card), ...typedPowers(refused.powers) } : {};
  return sendPage(
    request,
    reply,
    { title: 'Регистрация организации', breadcrumbs: [CRUMB, { label: 'Карточка' }] },
    <ApplicationFormPage
      {...form}
      values={form.values ?? before}
      refusal={refused?.reason ?? null}
      {...(await readNames(context))}
      token={formToken(request, reply)}
    />,
  );
}
