import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import { idParam, parse, type Typed, typed } from '../../../platform/http/forms.ts';
import type { EmployeeId, InvitationId } from '../../../platform/ids.ts';
import { type FieldError, formatNumericDate } from '../../../ui/index.ts';
import { fullName, readPerson } from '../../identity/index.ts';
import { access } from '../access.ts';
import { countHousesOf, selectInvitation, selectOpenInvitations } from '../queries/invitations.ts';
import { PATH, todayAt } from '../staff.ts';
import { changeEmployee, dismissEmployee } from './change-employee.ts';
import { dismissalForm, invitationForm, workForm } from './employee-form.ts';
import { DismissPage, EmployeePage, InvitationPage } from './employee-page.tsx';
import { EmployeesPage } from './employees-page.tsx';
import { registerEmployeeHouses } from './houses.tsx';
import { inviteEmployee, resendInvitation, revokeInvitation } from './invite-employee.ts';
import { partOf, readEmployees } from './read-employees.ts';

const ROOT = { href: PATH, label: 'Сотрудники' };

/** «Сотрудники»: who works for the organisation, invitations, and ending somebody's access. */
export function registerEmployees(app: FastifyInstance, context: Context): void {
  const head = { config: { access: access.manageEmployees, sensitive: true } };

  app.get(PATH, head, (request, reply) => showList(context, request, reply, {}, []));

  app.post(PATH, head, async (request, reply) => {
    try {
      const form = parse(invitationForm, request.body);
      const invitationId = await inviteEmployee(context, request.actor, form);
      return reply.redirect(
        form.houses === 'some' ? `${PATH}/invitations/${invitationId}/houses?invited=1` : `${PATH}?done=invited`,
        303,
      );
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showList(context, request, reply.code(error.status), typed(request.body), error.fields);
    }
  });

  app.get(`${PATH}/:employeeId`, head, (request, reply) => showEmployee(context, request, reply, null, []));

  app.post(`${PATH}/:employeeId`, head, async (request, reply) => {
    const employeeId = idParam<EmployeeId>(request.params, 'employeeId');
    try {
      const form = parse(workForm, request.body);
      await changeEmployee(context, request.actor, employeeId, form);
      return reply.redirect(form.houses === 'some' ? `${PATH}/${employeeId}/houses` : `${PATH}?done=changed`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showEmployee(context, request, reply.code(error.status), typed(request.body), error.fields);
    }
  });

  app.get(`${PATH}/:employeeId/dismiss`, head, (request, reply) => showDismissal(context, request, reply, '', []));

  app.post(`${PATH}/:employeeId/dismiss`, head, async (request, reply) => {
    const employeeId = idParam<EmployeeId>(request.params, 'employeeId');
    try {
      await dismissEmployee(context, request.actor, employeeId, parse(dismissalForm, request.body).reason);
      return reply.redirect(`${PATH}?done=dismissed`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showDismissal(context, request, reply.code(error.status), typed(request.body).reason, error.fields);
    }
  });
  registerInvitations(app, context);
  registerEmployeeHouses(app, context);
}

function registerInvitations(app: FastifyInstance, context: Context): void {
  const head = { config: { access: access.manageEmployees, sensitive: true } };
  const path = `${PATH}/invitations/:invitationId`;
  const idOf = (request: FastifyRequest) => idParam<InvitationId>(request.params, 'invitationId');

  app.get(path, head, async (request, reply) => {
    const { organisationId } = actingFor(request.actor).acting;
    const invitation = await selectInvitation(context.db, organisationId, idOf(request));
    if (!invitation || invitation.acceptedAt || invitation.revokedAt) throw new NotFound();
    const [inviter, houses] = await Promise.all([
      readPerson(context.db, invitation.invitedBy),
      countHousesOf(context.db, invitation),
    ]);
    return sendPage(
      request,
      reply,
      { title: 'Приглашение', active: PATH, breadcrumbs: [ROOT, { label: 'Приглашение' }] },
      <InvitationPage
        {...{ invitation, houses }}
        inviter={inviter ? fullName(inviter) : ''}
        base={PATH}
        now={context.clock()}
        token={formToken(request, reply)}
      />,
    );
  });

  app.post(`${path}/resend`, head, async (request, reply) => {
    await resendInvitation(context, request.actor, idOf(request));
    return reply.redirect(`${PATH}?done=resent`, 303);
  });

  app.post(`${path}/revoke`, head, async (request, reply) => {
    await revokeInvitation(context, request.actor, idOf(request));
    return reply.redirect(`${PATH}?done=revoked`, 303);
  });
}

async function showList(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  values: Typed,
  errors: readonly FieldError[],
) {
  const { personId, acting } = actingFor(request.actor);
  const now = context.clock();
  const [employees, invitations] = await Promise.all([
    readEmployees(context.db, acting.organisationId, todayAt(now)),
    selectOpenInvitations(context.db, acting.organisationId),
  ]);
  return sendPage(
    request,
    reply,
    { title: 'Сотрудники', active: PATH },
    <EmployeesPage
      {...{ invitations, now, values, errors }}
      part={partOf(employees, request.query as { q?: string; after?: string })}
      self={personId}
      powers={acting.powers}
      done={errors.length > 0 ? null : ((request.query as { done?: string }).done ?? null)}
      token={formToken(request, reply)}
    />,
  );
}

/** Somebody who works for the organisation, and is not the one who looks. @throws NotFound */
async function readOther(context: Context, request: FastifyRequest) {
  const { personId, acting } = actingFor(request.actor);
  const employeeId = idParam<EmployeeId>(request.params, 'employeeId');
  const [employee] = await readEmployees(context.db, acting.organisationId, todayAt(context.clock()), employeeId);
  if (!employee?.works || employee.personId === personId) throw new NotFound('Такого сотрудника в организации нет.');
  return { employee, acting };
}

async function showEmployee(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  values: Typed | null,
  errors: readonly FieldError[],
) {
  const { employee, acting } = await readOther(context, request);
  const { role, to, limited } = employee;
  const stored = { role, until: to ? formatNumericDate(to) : '', houses: limited && role !== 'head' ? 'some' : 'all' };
  return sendPage(
    request,
    reply,
    { title: employee.name, active: PATH, breadcrumbs: [ROOT, { label: employee.name }] },
    <EmployeePage
      {...{ employee, errors }}
      powers={acting.powers}
      values={values ?? stored}
      token={formToken(request, reply)}
    />,
  );
}

async function showDismissal(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  reason: string | undefined,
  errors: readonly FieldError[],
) {
  const { employee } = await readOther(context, request);
  return sendPage(
    request,
    reply,
    { title: 'Закрыть доступ', active: PATH, breadcrumbs: [ROOT, { label: employee.name }] },
    <DismissPage {...{ employee, reason, errors }} token={formToken(request, reply)} />,
  );
}
