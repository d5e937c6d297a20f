import { type Day, dayIn } from '../../../../platform/month.ts';
import {
  ButtonLink,
  Card,
  EmptyState,
  Field,
  Filter,
  formatDate,
  formatNumericDate,
  Pager,
  PageTitle,
  Stack,
  Status,
  Table,
} from '../../../../ui/index.ts';
import { AUTHOR_STATES } from '../../appeal.ts';
import { appealPath } from '../../paths.ts';
import type { OwnAppeal } from '../../queries/own-appeals.ts';
import { countConditions, LIST, type ListQuery, listAddress, STATE_CHOICES } from './list-query.ts';
import type { DraftRow, OwnList } from './read-list.ts';
import { daysLeft, isPast, STATE_TONES } from './words.ts';

const WRITE = '/appeals/new';

interface ListPageProps {
  query: ListQuery;
  list: OwnList;
  /** Only who is vouched for by the identity provider may write. */
  mayWrite: boolean;
  now: Date;
}

/** «Собственные обращения» (S-LIST-1…4): drafts, then what was sent, the newest first. */
export function ListPage({ query, list, mayWrite, now }: ListPageProps) {
  const conditions = countConditions(query.filter);
  const { drafts, rows, newer, older } = list;
  return (
    <Stack>
      <PageTitle
        lead="Здесь все ваши обращения, ответы на них и сроки."
        actions={mayWrite && <ButtonLink href={WRITE}>Написать обращение</ButtonLink>}
      >
        Обращения
      </PageTitle>
      <SearchForm query={query} conditions={conditions} />
      {drafts.length > 0 && <Drafts list={list} all={query.filter.state === 'draft'} />}
      {(query.filter.state !== 'draft' || drafts.length === 0) && (
        <Card title={conditions > 0 ? 'Результаты поиска' : 'Отправленные'}>
          <Found {...{ rows, conditions, mayWrite, now }} hasDrafts={drafts.length > 0} isPaged={query.key !== null} />
          <Pager
            label="Страницы обращений"
            previous={newer ? listAddress(query.filter, { before: newer }) : undefined}
            next={older ? listAddress(query.filter, { after: older }) : undefined}
          />
        </Card>
      )}
    </Stack>
  );
}

function SearchForm({ query: { filter, wrongDays }, conditions }: { query: ListQuery; conditions: number }) {
  return (
    <Filter
      action={LIST}
      active={conditions}
      resetHref={LIST}
      label="Поиск обращений"
      openLabel="Свернуть поиск"
      open={Object.keys(wrongDays).length > 0}
    >
      <Field kind="text" name="number" label="Номер обращения:" value={filter.number} autocomplete="off" />
      <Field kind="text" name="topic" label="Тема обращения:" value={filter.topic} autocomplete="off" />
      <Field
        kind="choice"
        as="select"
        name="state"
        label="Статус обращения:"
        placeholder="Все"
        value={filter.state ?? ''}
        options={Object.entries(STATE_CHOICES).map(([value, label]) => ({ value, label }))}
      />
      <Field kind="text" name="address" label="Адрес дома/территории:" value={filter.address} autocomplete="off" />
      <Field
        kind="date"
        name="from"
        label="Дата отправки обращения: с"
        value={wrongDays.from ?? dayText(filter.from)}
        error={wrongDays.from && NO_SUCH_DAY}
      />
      <Field
        kind="date"
        name="until"
        label="Дата отправки обращения: по"
        value={wrongDays.until ?? dayText(filter.until)}
        error={wrongDays.until && NO_SUCH_DAY}
      />
    </Filter>
  );
}

const NO_SUCH_DAY = 'Такого дня нет: показаны обращения за все дни. Напишите, например, 15.11.2026';
const dayText = (day: Day | null): string | undefined => (day ? formatNumericDate(day) : undefined);

function Drafts({ list: { drafts, moreDrafts }, all }: { list: OwnList; all: boolean }) {
  return (
    <Card
      title="Не отправлено"
      note="Черновики видите только вы. Их можно дописать и отправить."
      aside={moreDrafts && !all && <a href={`${LIST}?state=draft`}>Все черновики</a>}
    >
      <Table
        caption="Черновики"
        captionHidden
        rows={drafts}
        rowKey={({ draftId }) => draftId}
        columns={[
          {
            key: 'topic',
            title: 'Тема обращения',
            heading: true,
            cell: (draft) => <a href={`/appeals/drafts/${draft.draftId}`}>{draftTitle(draft)}</a>,
          },
          {
            key: 'updated',
            title: 'Изменён',
            cell: ({ updatedAt }) => formatNumericDate(updatedAt, 'Europe/Moscow'),
          },
          { key: 'address', title: 'Адрес дома/территории', cell: ({ address }) => address || 'Не выбран' },
        ]}
      />
    </Card>
  );
}

/** The topic, or what was typed first: «Черновик» alone would tell two drafts from one another by nothing. */
function draftTitle({ topic, text }: DraftRow): string {
  if (topic) return topic;
  const start = text.trim().replace(/\s+/g, ' ');
  return start ? `«${start.length > 60 ? `${start.slice(0, 60).toWellFormed()}…` : start}»` : 'Тема не выбрана';
}

interface FoundProps {
  rows: readonly OwnAppeal[];
  conditions: number;
  mayWrite: boolean;
  hasDrafts: boolean;
  isPaged: boolean;
  now: Date;
}

function Found({ rows, conditions, mayWrite, hasDrafts, isPaged, now }: FoundProps) {
  return (
    <Table
      caption="Обращения, новые первыми"
      captionHidden
      rows={rows}
      rowKey={({ appealId }) => appealId}
      empty={<Nothing {...{ conditions, mayWrite, hasDrafts, isPaged }} />}
      columns={[
        { key: 'topic', title: 'Тема обращения', heading: true, cell: (row) => <Topic row={row} /> },
        { key: 'sent', title: 'Дата отправки', cell: ({ sentAt, zone }) => formatNumericDate(sentAt, zone) },
        { key: 'number', title: 'Номер обращения', cell: ({ number }) => <span class="nowrap">{number}</span> },
        { key: 'state', title: 'Статус обращения', prose: true, cell: (row) => <State row={row} now={now} /> },
        { key: 'address', title: 'Адрес дома/территории', prose: true, cell: ({ address }) => address },
      ]}
    />
  );
}

function Topic({ row }: { row: OwnAppeal }) {
  return (
    <div>
      <a href={appealPath(row)}>{row.topic}</a>
      {row.unread && (
        <>
          {' '}
          <span class="badge">новое</span>
        </>
      )}
      {row.role === 'joined' && <small class="quiet-line">Обращение соседа, к которому вы присоединились</small>}
    </div>
  );
}

/** The state, then by when the answer comes: late is said by a word of its own. */
function State({ row: { state, overdue, dueOn, zone }, now }: { row: OwnAppeal; now: Date }) {
  const today = dayIn(zone, now);
  const isLate = overdue || isPast(dueOn, today);
  return (
    <div>
      <Status tone={STATE_TONES[state]}>{AUTHOR_STATES[state]}</Status>
      {isLate && (
        <>
          {' '}
          <Status tone="danger">Просрочено</Status>
        </>
      )}
      {dueOn && (
        <small class="quiet-line">
          ответ до {formatDate(dueOn)}, {daysLeft(dueOn, today)}
        </small>
      )}
    </div>
  );
}

/** Why there is nothing, and what to do. */
function Nothing({ conditions, mayWrite, hasDrafts, isPaged }: Omit<FoundProps, 'rows' | 'now'>) {
  if (isPaged)
    return (
      <EmptyState title="Дальше обращений нет" action={{ href: LIST, label: 'К началу списка' }}>
        Вы дошли до конца списка.
      </EmptyState>
    );
  if (conditions > 0)
    return (
      <EmptyState title="По этим условиям обращений нет" action={{ href: LIST, label: 'Показать все обращения' }}>
        Уберите одно из условий или сократите слова: подойдёт и часть номера, темы или адреса.
      </EmptyState>
    );
  if (hasDrafts)
    return (
      <EmptyState title="Отправленных обращений пока нет">Допишите черновик выше и нажмите «Отправить».</EmptyState>
    );
  return (
    <EmptyState
      title="Вы ещё никому не писали"
      action={
        mayWrite ? { href: WRITE, label: 'Написать обращение' } : { href: '/', label: 'Как подтвердить учётную запись' }
      }
    >
      {mayWrite
        ? 'Протечка, холодные батареи, ошибка в квитанции — напишите, и мы покажем, кто и до какого дня должен ответить.'
        : 'Писать обращения можно с подтверждённой учётной записью: закон требует имя заявителя.'}
    </EmptyState>
  );
}
