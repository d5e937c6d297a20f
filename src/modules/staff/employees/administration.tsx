import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { ROLE_NAMES } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import { idParam, parse, type Typed, typed } from '../../../platform/http/forms.ts';
import type { InvitationId, OrganisationId } from '../../../platform/ids.ts';
import {
  Button,
  Card,
  DoneNotice,
  EmptyState,
  ErrorSummary,
  type FieldError,
  Form,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import { fullName, readPerson } from '../../identity/index.ts';
import { readOrganisation } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { type Invitation, selectInvitation, selectOpenInvitations } from '../queries/invitations.ts';
import { administrationPath, todayAt } from '../staff.ts';
import { NameFields } from './employee-fields.tsx';
import { invitationForm } from './employee-form.ts';
import { InvitationPage } from './employee-page.tsx';
import { EmployeeList, Invitations } from './employees-page.tsx';
import { inviteEmployee, resendInvitation, revokeInvitation } from './invite-employee.ts';
import { type EmployeesPart, partOf, readEmployees } from './read-employees.ts';

const PATH = '/administration/organisations/:organisationId/employees';
const LIST = '/administration/organisations';
const idOf = (request: FastifyRequest) => idParam<OrganisationId>(request.params, 'organisationId');
const invitationOf = (request: FastifyRequest) => idParam<InvitationId>(request.params, 'invitationId');

/** Where the identity provider names no head, the administrator invites the first one; the head does the rest. */
export function registerHeads(app: FastifyInstance, context: Context): void {
  const administrator = { config: { access: access.inviteHead, sensitive: true } };

  app.get(PATH, administrator, (request, reply) => show(context, request, reply, {}, []));

  app.post(PATH, administrator, async (request, reply) => {
    const organisationId = idOf(request);
    try {
      const form = parse(invitationForm, { ...(request.body as Typed), role: 'head', houses: 'all', until: '' });
      await inviteEmployee(context, request.actor, form, organisationId);
      return reply.redirect(`${administrationPath(organisationId)}?done=invited`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(context, request, reply.code(error.status), typed(request.body), error.fields);
    }
  });

  app.get(`${PATH}/invitations/:invitationId`, administrator, async (request, reply) => {
    const organisationId = idOf(request);
    const invitation = await selectInvitation(context.db, organisationId, invitationOf(request));
    if (!invitation || invitation.acceptedAt || invitation.revokedAt || invitation.role !== 'head')
      throw new NotFound();
    const inviter = await readPerson(context.db, invitation.invitedBy);
    const base = administrationPath(organisationId);
    return sendPage(
      request,
      reply,
      {
        title: 'Приглашение',
        active: LIST,
        breadcrumbs: [
          { href: LIST, label: 'Организации' },
          { href: base, label: 'Руководители' },
          { label: 'Приглашение' },
        ],
      },
      <InvitationPage
        {...{ invitation, base }}
        houses={0}
        inviter={inviter ? fullName(inviter) : ''}
        now={context.clock()}
        token={formToken(request, reply)}
      />,
    );
  });

  for (const [action, use] of [
    ['resend', resendInvitation],
    ['revoke', revokeInvitation],
  ] as const)
    app.post(`${PATH}/invitations/:invitationId/${action}`, administrator, async (request, reply) => {
      const organisationId = idOf(request);
      await use(context, request.actor, invitationOf(request), organisationId);
      return reply.redirect(`${administrationPath(organisationId)}?done=${action}`, 303);
    });
}

async function show(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  values: Typed,
  errors: readonly FieldError[],
) {
  const organisationId = idOf(request);
  const now = context.clock();
  const [card, employees, invitations] = await Promise.all([
    readOrganisation(context.db, organisationId),
    readEmployees(context.db, organisationId, todayAt(now)),
    selectOpenInvitations(context.db, organisationId),
  ]);
  if (!card) throw new NotFound();
  const { done } = request.query as { done?: string };
  return sendPage(
    request,
    reply,
    {
      title: `Руководители, ${card.short_name}`,
      active: LIST,
      breadcrumbs: [
        { href: LIST, label: 'Организации' },
        { href: `${LIST}/${organisationId}`, label: card.short_name },
        { label: 'Руководители' },
      ],
    },
    <HeadsPage
      name={card.short_name}
      base={administrationPath(organisationId)}
      part={partOf(
        employees.filter(({ role }) => role === 'head'),
        request.query as { q?: string; after?: string },
      )}
      invitations={invitations.filter(({ role }) => role === 'head')}
      {...{ now, values, errors }}
      done={errors.length > 0 ? null : (done ?? null)}
      token={formToken(request, reply)}
    />,
  );
}

interface HeadsPageProps {
  name: string;
  base: string;
  part: EmployeesPart;
  invitations: readonly Invitation[];
  now: Date;
  values: Typed;
  errors: readonly FieldError[];
  done: string | null;
  token: string;
}

const DONE: Readonly<Record<string, string>> = {
  invited: 'Приглашение отправлено',
  resend: 'Приглашение отправлено ещё раз',
  revoke: 'Приглашение отозвано',
};

function HeadsPage({ name, base, part, invitations, now, values, errors, done, token }: HeadsPageProps) {
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle
        kicker="Руководители"
        lead="Сотрудников приглашает руководитель. Вы приглашаете руководителя, если его не называет сервис входа."
      >
        {name}
      </PageTitle>
      <DoneNotice words={DONE} done={done} />
      <EmployeeList
        part={part}
        path={base}
        empty={<EmptyState title="Руководителя пока нет">Пригласите руководителя: дальше он справится сам.</EmptyState>}
        columns={[
          { key: 'name', title: 'Кто', heading: true, cell: ({ name }) => name },
          { key: 'role', title: 'Роль', cell: ({ role }) => ROLE_NAMES[role] },
        ]}
      />
      <Invitations {...{ invitations, now, base }} />
      <Card title="Пригласить руководителя" note="Он получит письмо со ссылкой и войдёт своей учётной записью">
        <Form action={base} csrf={token} marksRequired label="Пригласить руководителя">
          <NameFields {...{ values, errors }} />
          <Button icon="mail">Отправить приглашение</Button>
        </Form>
      </Card>
    </Stack>
  );
}
