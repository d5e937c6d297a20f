import { ROLE_NAMES } from '../../../platform/access.ts';
import type { Typed } from '../../../platform/http/forms.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  DefinitionList,
  DialogPage,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  formatDate,
  formatDateTime,
  Notice,
  PageTitle,
  Stack,
  Status,
} from '../../../ui/index.ts';
import type { Invitation } from '../queries/invitations.ts';
import { PATH, ZONE } from '../staff.ts';
import { WorkFields } from './employee-fields.tsx';
import { BackLink, housesWord } from './employees-page.tsx';
import type { ListedEmployee } from './read-employees.ts';

interface EmployeePageProps {
  employee: ListedEmployee;
  powers: readonly string[];
  values: Typed;
  errors: readonly FieldError[];
  token: string;
}

/** What one employee may do. */
export function EmployeePage({ employee, powers, values, errors, token }: EmployeePageProps) {
  const path = `${PATH}/${employee.employeeId}`;
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle
        kicker="Сотрудник"
        lead={`Сейчас: ${ROLE_NAMES[employee.role]}, дома — ${housesWord(employee.limited, employee.houses)}.`}
      >
        {employee.name}
      </PageTitle>
      {employee.claimedHead && (
        <Notice tone="warn" title="Руководителем его называет сервис входа">
          Пока это так, при следующем входе он снова станет руководителем. Сначала снимите полномочия там, где
          зарегистрирована организация.
        </Notice>
      )}
      {employee.limited && employee.role !== 'head' && (
        <Card title="Открытые дома" note={housesWord(true, employee.houses)}>
          <ButtonLink kind="secondary" icon="building-2" href={`${path}/houses`}>
            Выбрать дома
          </ButtonLink>
        </Card>
      )}
      <Card title="Права">
        <Form action={path} csrf={token} marksRequired label="Права сотрудника">
          <WorkFields {...{ values, errors, powers }} />
          <Button>Сохранить</Button>
        </Form>
      </Card>
      <Actions>
        <ButtonLink kind="danger" href={`${path}/dismiss`}>
          Закрыть доступ…
        </ButtonLink>
        <BackLink />
      </Actions>
    </Stack>
  );
}

interface DismissPageProps {
  employee: ListedEmployee;
  reason: string | undefined;
  errors: readonly FieldError[];
  token: string;
}

/** Asks before somebody's access is ended. */
export function DismissPage({ employee, reason, errors, token }: DismissPageProps) {
  return (
    <DialogPage title={`Закрыть доступ: ${employee.name}?`} closeHref={`${PATH}/${employee.employeeId}`}>
      <ErrorSummary errors={errors} />
      <p>
        Он перестанет действовать от имени организации сразу, в том числе там, где сейчас открыт кабинет. Ключи для
        программ, которые он выпустил, тоже перестанут работать. Вернуть его можно новым приглашением.
      </p>
      {employee.claimedHead && (
        <p>Сервис входа называет его руководителем: если так и останется, при следующем входе доступ вернётся.</p>
      )}
      <Form action={`${PATH}/${employee.employeeId}/dismiss`} csrf={token} label="Закрыть доступ">
        <Field
          kind="text"
          name="reason"
          label="Причина"
          required
          maxLength={500}
          rows={2}
          hint="Её прочтёт сотрудник в письме; она останется в журнале"
          value={reason}
          error={errorOf(errors, 'reason')}
        />
        <Button kind="danger">Закрыть доступ</Button>
      </Form>
    </DialogPage>
  );
}

interface InvitationPageProps {
  invitation: Invitation;
  inviter: string;
  houses: number;
  base: string;
  now: Date;
  token: string;
}

/** An invitation that waits: sent again, its houses, revoked. */
export function InvitationPage({ invitation, inviter, houses, base, now, token }: InvitationPageProps) {
  const path = `${base}/invitations/${invitation.invitationId}`;
  return (
    <Stack>
      <PageTitle kicker="Приглашение">
        {invitation.familyName} {invitation.givenName}
      </PageTitle>
      <Card
        title="Что предложено"
        aside={
          invitation.expiresAt <= now ? (
            <Status tone="warn">Срок ссылки прошёл</Status>
          ) : (
            <Status tone="waiting">Ждёт ответа</Status>
          )
        }
      >
        <DefinitionList
          items={[
            { term: 'Почта', value: invitation.email },
            { term: 'Роль', value: ROLE_NAMES[invitation.role] },
            { term: 'Последний день работы', value: invitation.until ? formatDate(invitation.until) : 'без срока' },
            { term: 'Дома', value: housesWord(invitation.limited, houses) },
            { term: 'Кто пригласил', value: inviter },
            { term: 'Письмо отправлено', value: formatDateTime(invitation.sentAt, ZONE) },
            { term: 'Ссылка действует до', value: formatDateTime(invitation.expiresAt, ZONE) },
          ]}
        />
        <Actions>
          {invitation.limited && (
            <ButtonLink kind="secondary" icon="building-2" href={`${path}/houses`}>
              Выбрать дома
            </ButtonLink>
          )}
          <Form action={`${path}/resend`} csrf={token} label="Отправить ещё раз">
            <Button kind="secondary" icon="mail">
              Отправить ещё раз
            </Button>
          </Form>
          <Form action={`${path}/revoke`} csrf={token} label="Отозвать">
            <Button kind="danger">Отозвать приглашение</Button>
          </Form>
        </Actions>
      </Card>
      <BackLink href={base} />
    </Stack>
  );
}
