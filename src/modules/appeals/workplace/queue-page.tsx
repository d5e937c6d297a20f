import type { Typed } from '../../../platform/http/forms.ts';
import type { PersonId } from '../../../platform/ids.ts';
import {
  Actions,
  ButtonLink,
  counted,
  EmptyState,
  ErrorSummary,
  Field,
  type FieldError,
  Filter,
  formatNumber,
  Notice,
  Pager,
  PageTitle,
  Stack,
  type Tab,
  Tabs,
} from '../../../ui/index.ts';
import { COUNTED_AT_MOST, type DeskLine, NO_FILTER, type QueueCounts, type QueueView } from '../queries/desk.ts';
import type { Assigned } from './assignment.ts';
import type { Employee } from './employees.ts';
import { Keys, KeysHint, QUEUE_KEYS } from './keys.tsx';
import { Lines } from './queue-lines.tsx';
import { countConditions, DESK, type QueueQuery, queuePath } from './queue-query.ts';
import { SearchLine } from './search-line.tsx';

export const APPEALS = ['обращение', 'обращения', 'обращений'] as const;

const VIEW_WORDS: Readonly<Record<QueueView, { label: string; empty: string; about: string }>> = {
  open: {
    label: 'Все открытые',
    empty: 'Открытых обращений нет',
    about: 'Новые появятся здесь сразу, как только их отправят.',
  },
  mine: { label: 'Мои', empty: 'Вам ничего не назначено', about: 'Возьмите обращения на вкладке «Без исполнителя».' },
  overdue: { label: 'Просроченные', empty: 'Просроченных нет', about: 'Все ответы укладываются в срок.' },
  unassigned: { label: 'Без исполнителя', empty: 'У всех обращений есть исполнитель', about: 'Назначать нечего.' },
  requests: {
    label: 'Запросы инспекции',
    empty: 'Запросов нет',
    about: 'Здесь появится то, о чём спрашивает инспекция. Ответ увидит только она.',
  },
  answered: {
    label: 'Рассмотренные',
    empty: 'Рассмотренных обращений ещё нет',
    about: 'Здесь будет всё, что закрыто.',
  },
};

export interface QueuePageProps {
  queue: QueueQuery;
  /** As it stands in the address. */
  after: string;
  lines: readonly DeskLine[];
  counts: QueueCounts;
  /** Groups of topics. */
  topics: readonly { code: string; name: string }[];
  employees: readonly Employee[];
  personId: PersonId;
  now: Date;
  allPicked: boolean;
  next: string | undefined;
  token: string;
  assigned?: Assigned | undefined;
  /** The number of the answer that was sent just now. */
  answered?: string | undefined;
  errors: readonly FieldError[];
  sent: Typed;
}

export function QueuePage(props: QueuePageProps) {
  const { queue, lines, counts, assigned, answered, errors, next } = props;
  const words = VIEW_WORDS[queue.view];
  const conditions = countConditions(queue);
  return (
    <Keys keys={QUEUE_KEYS}>
      <Stack>
        <PageTitle
          lead={<Lead counts={counts} />}
          actions={
            <Actions>
              <KeysHint />
              <ButtonLink kind="secondary" href={`${DESK}/templates`}>
                Шаблоны ответов
              </ButtonLink>
              <ButtonLink kind="secondary" icon="chart-column" href={`${DESK}/statistics`}>
                Статистика
              </ButtonLink>
            </Actions>
          }
        >
          Обращения
        </PageTitle>
        <ErrorSummary errors={errors} />
        {answered && (
          <Notice tone="good" announce title="Ответ отправлен">
            Ответ № {answered} ушёл автору. В этой очереди больше ничего не ждёт.
          </Notice>
        )}
        {assigned && <AssignedNotice assigned={assigned} />}
        <SearchLine />
        <Tabs label="Очередь" tabs={tabsOf(queue, counts)} active={queuePath(queue)} />
        <Conditions {...props} conditions={conditions} />
        {lines.length === 0 ? (
          conditions > 0 ? (
            <EmptyState
              title="По этим условиям ничего нет"
              action={{ href: queuePath({ view: queue.view, filter: NO_FILTER }), label: 'Сбросить условия' }}
            />
          ) : (
            <EmptyState
              title={words.empty}
              action={queue.view === 'open' ? undefined : { href: DESK, label: 'Ко всем открытым' }}
            >
              {words.about}
            </EmptyState>
          )
        ) : (
          <Lines {...props} />
        )}
        <Pager label="Страницы обращений" next={next} />
      </Stack>
    </Keys>
  );
}

const capped = (count: number): number | string => (count >= COUNTED_AT_MOST ? `${COUNTED_AT_MOST}+` : count);

function Lead({ counts }: { counts: QueueCounts }) {
  if (counts.open === 0) return <>Ничего не ждёт ответа.</>;
  const parts = [
    `${counts.open >= COUNTED_AT_MOST ? 'больше ' : ''}${counted(counts.open, APPEALS)} ждут ответа`,
    counts.emergency > 0 && `аварийных ${formatNumber(counts.emergency)}`,
    counts.overdue > 0 && `просрочено ${formatNumber(counts.overdue)}`,
  ].filter(Boolean);
  const first = counts.emergency > 0 ? 'аварии, за которые ещё не взялись, за ними ' : '';
  return (
    <>
      {parts.join(', ')}. Первыми стоят {first}те, у которых срок ближе.
    </>
  );
}

const tabsOf = (queue: QueueQuery, counts: QueueCounts): Tab[] =>
  (Object.keys(VIEW_WORDS) as QueueView[]).map((view) => ({
    href: queuePath({ ...queue, view }),
    label: VIEW_WORDS[view].label,
    ...(view !== 'answered' && { count: capped(counts[view]) }),
  }));

function Conditions({ queue, topics, employees, conditions }: QueuePageProps & { conditions: number }) {
  const { filter, view } = queue;
  const marks = [
    { value: 'emergency', label: 'Аварийные', on: filter.emergency },
    { value: 'escalated', label: 'Жалобы на прежний ответ', on: filter.escalated },
    { value: 'joint', label: 'Совместные', on: filter.joint },
    { value: 'reopened', label: 'Автор не согласен', on: filter.reopened },
  ];
  return (
    <Filter
      action={DESK}
      active={conditions}
      resetHref={view === 'open' ? DESK : `${DESK}?view=${view}`}
      label="Условия"
    >
      <input type="hidden" name="view" value={view} />
      <Field
        kind="choice"
        as="select"
        name="topic"
        label="Тема"
        placeholder="Все темы"
        options={topics.map(({ code, name }) => ({ value: code, label: `${code}. ${name}` }))}
        value={filter.topicGroup ?? ''}
      />
      <Field kind="text" type="search" name="house" label="Улица и дом" value={filter.address} maxLength={200} />
      {view !== 'mine' && view !== 'unassigned' && (
        <Field
          kind="choice"
          as="select"
          name="performer"
          label="Исполнитель"
          placeholder="Любой"
          options={employees.map(({ personId, name }) => ({ value: personId, label: name }))}
          value={filter.performerId ?? ''}
        />
      )}
      {marks.map(({ value, label, on }) => (
        <Field
          key={value}
          kind="choice"
          as="checkbox"
          name={value}
          label={label}
          options={[{ value: '1', label }]}
          value={on ? '1' : ''}
        />
      ))}
    </Filter>
  );
}

const AssignedNotice = ({ assigned: { done, refused } }: { assigned: Assigned }) => (
  <Notice
    tone={refused.length === 0 ? 'good' : 'warn'}
    announce
    title={`Исполнитель назначен: ${counted(done, APPEALS)}${refused.length > 0 ? `, не назначен: ${counted(refused.length, APPEALS)}` : ''}`}
  >
    {refused.length > 0 && (
      <ul>
        {refused.map(({ number, sentence }) => (
          <li key={number}>
            № {number}: {sentence}
          </li>
        ))}
      </ul>
    )}
  </Notice>
);
