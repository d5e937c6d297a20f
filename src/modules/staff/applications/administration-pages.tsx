import type { Typed } from '../../../platform/http/forms.ts';
import type { PersonId } from '../../../platform/ids.ts';
import {
  Button,
  Card,
  DefinitionList,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  formatDate,
  formatDateTime,
  Notice,
  Pager,
  PageTitle,
  Stack,
  Status,
  Table,
  Tabs,
} from '../../../ui/index.ts';
import type { Application } from '../queries/applications.ts';
import { ZONE } from '../staff.ts';
import { CardList, type Names, STATES } from './applicant-pages.tsx';
import { APPLICATIONS_DESK } from './paths.ts';

interface QueueProps {
  isDecided: boolean;
  rows: readonly Application[];
  people: ReadonlyMap<PersonId, string>;
  hasMore: boolean;
  done: string | null;
}

export function QueuePage({ isDecided, rows, people, hasMore, done }: QueueProps) {
  const last = rows.at(-1);
  const moment = isDecided ? last?.decidedAt : last?.sentAt;
  const next = new URLSearchParams({
    ...(isDecided && { view: 'decided' }),
    at: moment?.toISOString() ?? '',
    id: last?.applicationId ?? '',
  });
  return (
    <Stack>
      <PageTitle lead="Организации, которые просят зарегистрировать их. До решения их нигде не видно.">
        Заявки организаций
      </PageTitle>
      {done && (
        <Notice tone="good" announce title={done === 'approved' ? 'Организация зарегистрирована' : 'Заявка отклонена'}>
          Заявителю отправлено письмо с вашими словами.
        </Notice>
      )}
      <Tabs
        label="Заявки"
        tabs={[
          { href: APPLICATIONS_DESK, label: 'Ждут решения' },
          { href: `${APPLICATIONS_DESK}?view=decided`, label: 'Решённые' },
        ]}
        active={isDecided ? `${APPLICATIONS_DESK}?view=decided` : APPLICATIONS_DESK}
      />
      <Table
        caption="Заявки"
        captionHidden
        rows={rows}
        rowKey={({ applicationId }) => applicationId}
        empty={
          <EmptyState title={isDecided ? 'Решённых заявок пока нет' : 'Заявок нет'}>
            {isDecided
              ? 'Здесь останется каждая с вашим решением и причиной.'
              : 'Руководитель видит предложение зарегистрировать организацию, когда входит и её карточки здесь ещё нет.'}
          </EmptyState>
        }
        columns={[
          {
            key: 'name',
            title: 'Организация',
            heading: true,
            cell: ({ applicationId, card }) => <a href={`${APPLICATIONS_DESK}/${applicationId}`}>{card.short_name}</a>,
          },
          { key: 'ogrn', title: 'ОГРН', cell: ({ ogrn }) => ogrn },
          { key: 'who', title: 'Заявитель', cell: ({ personId }) => people.get(personId) ?? '' },
          {
            key: 'when',
            title: isDecided ? 'Решена' : 'Отправлена',
            cell: ({ sentAt, decidedAt }) => formatDateTime(decidedAt ?? sentAt, ZONE),
          },
          {
            key: 'state',
            title: 'Состояние',
            cell: ({ state }) => <Status tone={STATES[state][0]}>{STATES[state][1]}</Status>,
          },
        ]}
      />
      <Pager label="Страницы заявок" next={hasMore ? `${APPLICATIONS_DESK}?${next}` : undefined} />
    </Stack>
  );
}

interface ApplicationProps {
  application: Application;
  applicant: { name: string; email: string | null; confirmed: boolean } | null;
  /** The identity provider named the applicant the head at their last sign-in, and there is no card yet. */
  isNamedHead: boolean;
  known: { organisationId: string; name: string; kpp: string } | null;
  before: readonly Application[];
  names: Names;
  values: Typed;
  errors: readonly FieldError[];
  token: string;
}

/** One application with what speaks for and against it, and the decision. */
export function ApplicationPage(props: ApplicationProps) {
  const { application, applicant, isNamedHead, known, before, names, values, errors, token } = props;
  const { applicationId, state, card, sentAt, decidedAt, reason } = application;
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle kicker="Заявка организации" lead={`Отправлена ${formatDateTime(sentAt, ZONE)}`}>
        {card.short_name}
      </PageTitle>
      {state !== 'open' && (
        <Notice
          tone={state === 'approved' ? 'good' : 'danger'}
          title={`${STATES[state][1]} ${formatDate(decidedAt!, ZONE)}`}
        >
          {reason}
        </Notice>
      )}
      {state === 'open' && known && (
        <Notice tone="warn" title="Организация с этим ОГРН уже есть">
          <a href={`/administration/organisations/${known.organisationId}`}>{known.name}</a>, КПП {known.kpp || 'нет'}.
          Руководитель получит доступ к ней при следующем входе, заявка не нужна.
        </Notice>
      )}
      {state === 'open' && !known && !isNamedHead && (
        <Notice tone="warn" title="Сервис входа больше не называет заявителя руководителем">
          Одобрить такую заявку нельзя: при входе он не получил бы прав.
        </Notice>
      )}
      <Card title="Кто просит">
        <DefinitionList
          items={[
            { term: 'Заявитель', value: applicant?.name },
            { term: 'Электронная почта', value: applicant?.email },
            { term: 'Учётная запись', value: applicant?.confirmed ? 'подтверждённая' : 'не подтверждена' },
            { term: 'Руководитель по данным сервиса входа', value: isNamedHead ? 'да' : 'нет' },
          ]}
        />
      </Card>
      <Card title="Карточка и полномочия" note="Контрольные цифры ОГРН и ИНН сходятся; сами номера сверьте с ЕГРЮЛ">
        <CardList {...{ application, names }} />
      </Card>
      {before.length > 0 && <Before rows={before} />}
      {state === 'open' && (
        <Card title="Решение">
          <Form action={`${APPLICATIONS_DESK}/${applicationId}`} csrf={token} marksRequired label="Решение">
            <Field
              kind="choice"
              as="radio"
              name="decision"
              label="Решение"
              required
              value={values.decision}
              error={errorOf(errors, 'decision')}
              options={[
                { value: 'approve', label: 'Зарегистрировать', hint: 'С этими полномочиями; изменить их можно потом' },
                { value: 'refuse', label: 'Отказать', hint: 'Заявитель исправит и отправит снова' },
              ]}
            />
            <Field
              kind="text"
              name="reason"
              label="Почему"
              required
              rows={3}
              maxLength={1000}
              hint="Эти слова получит заявитель"
              value={values.reason}
              error={errorOf(errors, 'reason')}
            />
            <Button>Решить</Button>
          </Form>
        </Card>
      )}
    </Stack>
  );
}

const Before = ({ rows }: { rows: readonly Application[] }) => (
  <Card title="Другие заявки этой организации">
    <Table
      caption="Другие заявки этой организации"
      captionHidden
      rows={rows}
      rowKey={({ applicationId }) => applicationId}
      columns={[
        {
          key: 'when',
          title: 'Отправлена',
          heading: true,
          cell: ({ applicationId, sentAt }) => (
            <a href={`${APPLICATIONS_DESK}/${applicationId}`}>{formatDateTime(sentAt, ZONE)}</a>
          ),
        },
        {
          key: 'state',
          title: 'Состояние',
          cell: ({ state }) => <Status tone={STATES[state][0]}>{STATES[state][1]}</Status>,
        },
        { key: 'why', title: 'Почему', prose: true, cell: ({ reason }) => reason ?? '' },
      ]}
    />
  </Card>
);
