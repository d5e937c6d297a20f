import type { Day } from '../../../platform/month.ts';
import {
  Actions,
  ButtonLink,
  counted,
  EmptyState,
  Field,
  Filter,
  formatDateTime,
  formatNumericDate,
  Pager,
  PageTitle,
  Stack,
  Status,
  Table,
} from '../../../ui/index.ts';
import { fullName, type Person } from '../../identity/index.ts';
import { DESK } from './desk-path.ts';
import { isWaiting, REQUEST_STATES, type SupportRequest, ZONE } from './request.ts';
import { StateOf } from './request-page.tsx';

interface QueueQuery {
  state: string;
  kind: string;
  performer: string;
  overdue?: '1' | undefined;
  number: string;
}

interface QueuePageProps {
  rows: readonly SupportRequest[];
  hasMore: boolean;
  counts: { waiting: number; overdue: number; unassigned: number };
  kinds: readonly { code: string; name: string; actual: boolean }[];
  performers: readonly Person[];
  query: QueueQuery;
  today: Day;
}

const QUESTIONS = ['вопрос', 'вопроса', 'вопросов'] as const;

/** The desk's queue: what is due first comes first. */
export function QueuePage(props: QueuePageProps) {
  const { rows, hasMore, counts, query, kinds } = props;
  const last = rows.at(-1);
  const next = new URLSearchParams({
    ...given(query),
    at: last ? (query.state === 'waiting' && !query.number ? last.dueOn! : last.createdAt.toISOString()) : '',
    after: last?.requestId ?? '',
  });
  return (
    <Stack>
      <PageTitle
        lead={leadOf(counts)}
        actions={
          <Actions>
            <ButtonLink kind="secondary" icon="file-text" href={`${DESK}/templates`}>
              Шаблоны
            </ButtonLink>
            <ButtonLink kind="secondary" icon="chart-column" href={`${DESK}/statistics`}>
              Статистика
            </ButtonLink>
          </Actions>
        }
      >
        Вопросы в поддержку
      </PageTitle>
      <QueueFilters {...props} />
      <Table
        caption="Вопросы"
        captionHidden
        rows={rows}
        rowKey={(row) => row.requestId}
        empty={<Nothing filtered={Object.keys(given(query)).length > 0} />}
        columns={[
          {
            key: 'subject',
            title: 'Вопрос',
            heading: true,
            cell: (row) => (
              <a class="typed-text" href={`${DESK}/${row.requestId}`}>
                {row.subject}
              </a>
            ),
          },
          { key: 'number', title: 'Номер', cell: (row) => row.number },
          { key: 'kind', title: 'О чём', cell: (row) => kinds.find(({ code }) => code === row.kindCode)?.name },
          { key: 'due', title: 'Срок', cell: (row) => <Term row={row} today={props.today} /> },
          { key: 'performer', title: 'Исполнитель', cell: (row) => row.performerName ?? 'не назначен' },
          { key: 'at', title: 'Поступил', cell: (row) => formatDateTime(row.createdAt, ZONE) },
        ]}
      />
      <Pager label="Страницы вопросов" next={hasMore ? `${DESK}?${next}` : undefined} />
    </Stack>
  );
}

const leadOf = ({ waiting, overdue, unassigned }: QueuePageProps['counts']): string => {
  if (waiting === 0) return 'На все вопросы есть ответ.';
  const late = overdue > 0 ? `срок прошёл у ${overdue}` : 'просроченных нет';
  return `Ждут ответа: ${counted(waiting, QUESTIONS)}; ${late}; без исполнителя ${unassigned}.`;
};

/** The conditions that differ from the queue as it opens. */
const given = ({ state, kind, performer, overdue, number }: QueueQuery): Record<string, string> => ({
  ...(state !== 'waiting' && { state }),
  ...(kind && { kind }),
  ...(performer && { performer }),
  ...(overdue && { overdue }),
  ...(number && { number }),
});

const Nothing = ({ filtered }: { filtered: boolean }) =>
  filtered ? (
    <EmptyState title="Ничего не нашлось" action={{ href: DESK, label: 'Показать все, что ждут' }}>
      Под эти условия вопросов нет.
    </EmptyState>
  ) : (
    <EmptyState title="Вопросов, которые ждут ответа, нет">Новые появятся здесь, самые срочные сверху.</EmptyState>
  );

export function Term({ row, today }: { row: SupportRequest; today: Day }) {
  if (!isWaiting(row.state)) return <StateOf request={row} />;
  const day = formatNumericDate(row.dueOn!);
  if (row.dueOn! < today) return <Status tone="danger">Просрочено: {day}</Status>;
  return row.dueOn === today ? <Status tone="warn">Сегодня</Status> : <>до {day}</>;
}

function QueueFilters({ query, kinds, performers }: QueuePageProps) {
  return (
    <Filter action={DESK} active={Object.keys(given(query)).length} resetHref={DESK}>
      <Field kind="text" type="search" name="number" label="Номер вопроса" value={query.number} />
      <Field
        kind="choice"
        as="select"
        name="state"
        label="Состояние"
        value={query.state}
        options={[
          { value: 'waiting', label: 'Ждут ответа' },
          ...Object.entries(REQUEST_STATES).map(([value, { label }]) => ({ value, label })),
          { value: 'all', label: 'Все' },
        ]}
      />
      <Field
        kind="choice"
        as="select"
        name="kind"
        label="О чём"
        value={query.kind}
        placeholder="Все виды"
        options={kinds.filter(({ actual }) => actual).map(({ code, name }) => ({ value: code, label: name }))}
      />
      <Field
        kind="choice"
        as="select"
        name="performer"
        label="Исполнитель"
        value={query.performer}
        placeholder="Любой"
        options={[
          { value: 'me', label: 'Я' },
          { value: 'none', label: 'Не назначен' },
          ...performers.map((person) => ({ value: person.personId, label: fullName(person) })),
        ]}
      />
      <Field
        kind="choice"
        as="checkbox"
        name="overdue"
        label="Срок"
        value={query.overdue ?? ''}
        options={[{ value: '1', label: 'Только просроченные' }]}
      />
    </Filter>
  );
}
