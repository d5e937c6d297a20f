import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../../pages/page.tsx';
import type { Context } from '../../../platform/context.ts';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import { idParam, parse, requiredText, type Typed, typed } from '../../../platform/http/forms.ts';
import { type ApplicationId, isUuid } from '../../../platform/ids.ts';
import type { FieldError } from '../../../ui/index.ts';
import { fullName, readNames as readPeopleNames, readPerson } from '../../identity/index.ts';
import { findOrganisationByOgrn, listUnregistered } from '../../organisations/index.ts';
import { access } from '../access.ts';
import {
  type Application,
  type QueueKey,
  selectApplication,
  selectApplicationsAbout,
  selectDecidedApplications,
  selectOpenApplications,
} from '../queries/applications.ts';
import { ApplicationPage, QueuePage } from './administration-pages.tsx';
import { decideApplication } from './decide-application.ts';
import { APPLICATIONS_DESK } from './paths.ts';
import { readNames } from './public.tsx';

const PAGE = 50;
const CRUMBS = [
  { href: '/administration/organisations', label: 'Организации' },
  { href: APPLICATIONS_DESK, label: 'Заявки' },
];

const decision = z.object({
  decision: z.enum(['approve', 'refuse'], { error: 'Выберите решение' }),
  reason: requiredText('Напишите, почему: это прочтёт заявитель', 1000),
});

function readKey({ at = '', id = '' }: Typed): QueueKey | null {
  const moment = new Date(at);
  return isUuid(id) && !Number.isNaN(moment.getTime()) ? { at: moment, applicationId: id as ApplicationId } : null;
}

/** The administrator's queue of organisations that ask to be registered. */
export function registerApplicationsDesk(app: FastifyInstance, context: Context): void {
  const administrator = { config: { access: access.decideApplications, sensitive: true } };

  app.get(APPLICATIONS_DESK, administrator, async (request, reply) => {
    const query = request.query as Typed;
    const isDecided = query.view === 'decided';
    const read = isDecided ? selectDecidedApplications : selectOpenApplications;
    const rows = await read(context.db, readKey(query), PAGE + 1);
    const shown = rows.slice(0, PAGE);
    const people = await readPeopleNames(context.db, [...new Set(shown.map(({ personId }) => personId))]);
    return sendPage(
      request,
      reply,
      {
        title: 'Заявки организаций',
        active: '/administration/organisations',
        breadcrumbs: [CRUMBS[0]!, { label: 'Заявки' }],
      },
      <QueuePage
        {...{ isDecided, people }}
        rows={shown}
        hasMore={rows.length > PAGE}
        done={['approved', 'refused'].find((word) => word === query.done) ?? null}
      />,
    );
  });

  app.get(`${APPLICATIONS_DESK}/:applicationId`, administrator, (request, reply) =>
    show(context, request, reply, {}, []),
  );

  app.post(`${APPLICATIONS_DESK}/:applicationId`, administrator, async (request, reply) => {
    const applicationId = idParam<ApplicationId>(request.params, 'applicationId');
    try {
      const given = parse(decision, request.body);
      const approve = given.decision === 'approve';
      await decideApplication(context, request.actor, applicationId, { approve, reason: given.reason });
      return reply.redirect(`${APPLICATIONS_DESK}?done=${approve ? 'approved' : 'refused'}`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(context, request, reply.code(error.status), typed(request.body), error.fields);
    }
  });
}

async function show(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  values: Typed,
  errors: readonly FieldError[],
) {
  const { db } = context;
  const application = await selectApplication(db, idParam<ApplicationId>(request.params, 'applicationId'));
  if (!application) throw new NotFound();
  const { personId, ogrn, applicationId } = application;
  const [person, claims, known, before, names] = await Promise.all([
    readPerson(db, personId),
    listUnregistered(db, personId),
    findOrganisationByOgrn(db, ogrn),
    selectApplicationsAbout(db, ogrn, applicationId),
    readNames(context),
  ]);
  return sendPage(
    request,
    reply,
    {
      title: `Заявка: ${application.card.short_name}`,
      active: '/administration/organisations',
      breadcrumbs: [...CRUMBS, { label: application.card.short_name }],
    },
    <ApplicationPage
      {...{ application, before, names, values, errors }}
      applicant={person ? { name: fullName(person), email: person.email, confirmed: person.confirmed } : null}
      isNamedHead={isNamedHead(application, claims)}
      known={known ? { organisationId: known.organisation_id, name: known.short_name, kpp: known.kpp } : null}
      token={formToken(request, reply)}
    />,
  );
}

const isNamedHead = ({ ogrn }: Application, claims: readonly { ogrn: string; role: string }[]): boolean =>
  claims.some((claim) => claim.ogrn === ogrn && claim.role === 'head');
