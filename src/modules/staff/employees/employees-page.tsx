import type { JSX } from 'preact';
import { ROLE_NAMES } from '../../../platform/access.ts';
import type { Typed } from '../../../platform/http/forms.ts';
import {
  Button,
  ButtonLink,
  Card,
  type Column,
  counted,
  DoneNotice,
  EmptyState,
  ErrorSummary,
  Field,
  type FieldError,
  Filter,
  Form,
  formatDate,
  formatNumber,
  formatNumericDate,
  Pager,
  PageTitle,
  Stack,
  Status,
  Table,
} from '../../../ui/index.ts';
import type { Invitation } from '../queries/invitations.ts';
import { PATH, ZONE } from '../staff.ts';
import { NameFields, WorkFields } from './employee-fields.tsx';
import type { EmployeesPart, ListedEmployee } from './read-employees.ts';

export interface EmployeesPageProps {
  part: EmployeesPart;
  invitations: readonly Invitation[];
  /** The one who looks changes others, not themselves. */
  self: string;
  powers: readonly string[];
  now: Date;
  done: string | null;
  values: Typed;
  errors: readonly FieldError[];
  token: string;
}

const DONE: Readonly<Record<string, string>> = {
  invited: 'Приглашение отправлено',
  resent: 'Приглашение отправлено ещё раз: прежняя ссылка больше не действует',
  revoked: 'Приглашение отозвано',
  changed: 'Права изменены, они действуют уже сейчас',
  dismissed: 'Доступ закрыт',
};

/** «Сотрудники», for the head. */
export function EmployeesPage(props: EmployeesPageProps) {
  const { part, invitations, self, powers, now, done, values, errors, token } = props;
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Кто работает от имени организации, что может делать и до какого дня.">Сотрудники</PageTitle>
      <DoneNotice words={DONE} done={done} />
      {part.isLong && (
        <ButtonLink kind="secondary" icon="mail" href="#invite">
          Пригласить сотрудника
        </ButtonLink>
      )}
      <EmployeeList
        part={part}
        path={PATH}
        columns={columns(self)}
        empty={<EmptyState title="Никто пока не работает">Пригласите первого сотрудника ниже.</EmptyState>}
      />
      <Invitations {...{ invitations, now }} />
      <Card
        id="invite"
        title="Пригласить сотрудника"
        note="Он получит письмо со ссылкой и войдёт своей учётной записью"
      >
        <Form action={PATH} csrf={token} marksRequired label="Пригласить сотрудника">
          <NameFields {...{ values, errors }} />
          <WorkFields {...{ values, errors, powers }} />
          <Button icon="mail">Отправить приглашение</Button>
        </Form>
      </Card>
      {part.former.length > 0 && <Former rows={part.former} total={part.formerTotal} />}
    </Stack>
  );
}

/** Those who work, a page of them, with a search where there are more. */
export function EmployeeList({
  part: { search, working, next, previous, isLong },
  path,
  columns,
  empty,
}: {
  part: EmployeesPart;
  path: string;
  columns: readonly Column<ListedEmployee>[];
  empty: JSX.Element;
}) {
  const pageAfter = (after: string | null) => {
    const query = new URLSearchParams({ ...(search && { q: search }), ...(after && { after }) });
    return query.size > 0 ? `${path}?${query}` : path;
  };
  return (
    <>
      {isLong && (
        <Filter action={path} active={search ? 1 : 0} resetHref={path} label="Поиск сотрудника">
          <Field kind="text" type="search" name="q" label="Имя, должность или роль" value={search} maxLength={100} />
        </Filter>
      )}
      <Table
        caption="Сотрудники"
        captionHidden
        rows={working}
        rowKey={(row) => row.employeeId}
        columns={columns}
        empty={
          search ? <EmptyState title="Никого не нашлось" action={{ href: path, label: 'Показать всех' }} /> : empty
        }
      />
      <Pager
        label="Страницы сотрудников"
        previous={previous === undefined ? undefined : pageAfter(previous)}
        next={next ? pageAfter(next) : undefined}
      />
    </>
  );
}

const howCame = ({ claimed, invited }: ListedEmployee): string =>
  invited ? 'по приглашению' : claimed ? 'называет сервис входа' : 'записан раньше';

export const housesWord = (limited: boolean, houses: number): string =>
  limited ? (houses === 0 ? 'ни одного: выберите' : counted(houses, ['дом', 'дома', 'домов'])) : 'все';

const columns = (self: string): readonly Column<ListedEmployee>[] => [
  {
    key: 'name',
    title: 'Кто',
    heading: true,
    cell: (row) => (
      <span>
        {row.name}
        <br />
        <small class="quiet">{row.post || howCame(row)}</small>
      </span>
    ),
  },
  { key: 'role', title: 'Роль', cell: ({ role }) => ROLE_NAMES[role] },
  {
    key: 'houses',
    title: 'Дома',
    cell: ({ limited, houses, role }) =>
      limited && role !== 'head' && houses === 0 ? (
        <Status tone="warn">{housesWord(true, 0)}</Status>
      ) : (
        housesWord(limited && role !== 'head', houses)
      ),
  },
  { key: 'until', title: 'Работает до', cell: ({ to }) => (to ? formatNumericDate(to) : 'без срока') },
  {
    key: 'act',
    title: 'Действие',
    cell: (row) =>
      row.personId === self ? (
        'это вы'
      ) : (
        <a href={`${PATH}/${row.employeeId}`}>
          Изменить<span class="visually-hidden">: {row.name}</span>
        </a>
      ),
  },
];

export function Invitations({
  invitations,
  now,
  base = PATH,
}: Pick<EmployeesPageProps, 'invitations' | 'now'> & { base?: string }) {
  if (invitations.length === 0) return null;
  return (
    <Card title="Приглашения без ответа">
      <Table
        caption="Приглашения без ответа"
        captionHidden
        rows={invitations}
        rowKey={(row) => row.invitationId}
        columns={[
          {
            key: 'who',
            title: 'Кого',
            heading: true,
            cell: (row) => (
              <span>
                {row.familyName} {row.givenName}
                <br />
                <small class="quiet">{row.email}</small>
              </span>
            ),
          },
          { key: 'role', title: 'Роль', cell: ({ role }) => ROLE_NAMES[role] },
          { key: 'sent', title: 'Отправлено', cell: ({ sentAt }) => formatDate(sentAt, ZONE) },
          {
            key: 'state',
            title: 'Ссылка',
            cell: ({ expiresAt }) =>
              expiresAt <= now ? (
                <Status tone="warn">срок прошёл {formatDate(expiresAt, ZONE)}</Status>
              ) : (
                <Status tone="waiting">до {formatDate(expiresAt, ZONE)}</Status>
              ),
          },
          {
            key: 'act',
            title: 'Действие',
            cell: (row) => (
              <a href={`${base}/invitations/${row.invitationId}`}>
                Открыть<span class="visually-hidden"> приглашение: {row.familyName}</span>
              </a>
            ),
          },
        ]}
      />
    </Card>
  );
}

const Former = ({ rows, total }: { rows: readonly ListedEmployee[]; total: number }) => (
  <details class="card">
    <summary>Больше не работают: {formatNumber(total)}</summary>
    {total > rows.length && <p>Показаны последние {formatNumber(rows.length)}. Остальных найдёт поиск.</p>}
    <Table
      caption="Больше не работают"
      captionHidden
      rows={rows}
      rowKey={(row) => row.employeeId}
      columns={[
        { key: 'name', title: 'Кто', heading: true, cell: ({ name }) => name },
        { key: 'role', title: 'Роль', cell: ({ role }) => ROLE_NAMES[role] },
        {
          key: 'end',
          title: 'Закончил(а)',
          cell: ({ dismissedAt, to }) =>
            dismissedAt ? formatDate(dismissedAt, ZONE) : to ? formatNumericDate(to) : 'ещё не начинал(а)',
        },
        {
          key: 'why',
          title: 'Почему',
          prose: true,
          cell: ({ dismissal, dismissedByName }) =>
            dismissal
              ? `${dismissal}${dismissedByName ? ` (${dismissedByName})` : ''}`
              : 'закончился срок, или сервис входа его больше не называет',
        },
      ]}
    />
  </details>
);

export const BackLink = ({ href = PATH }: { href?: string }) => (
  <ButtonLink kind="quiet" href={href}>
    К сотрудникам
  </ButtonLink>
);
