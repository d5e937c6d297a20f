import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../../pages/page.tsx';
import { type Actor, actingFor, may } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { BYTE_ORDER_MARK, csvLine, csvNumber } from '../../../platform/csv.ts';
import { contentDisposition } from '../../../platform/http/content-disposition.ts';
import type { Typed } from '../../../platform/http/forms.ts';
import { limitsOf } from '../../../platform/http/limits.ts';
import { addMonths, dayIn, type Month, monthOf, parseMonth } from '../../../platform/month.ts';
import { access } from '../access.ts';
import { listTopics } from '../list-topics.ts';
import {
  type Cell,
  type StatisticsOf,
  selectByHouse,
  selectByMonth,
  selectByTopic,
  selectCells,
  selectTotals,
} from '../queries/statistics.ts';
import { compareCodes } from '../topics.ts';
import { DESK } from './queue-query.ts';
import { StatisticsPage } from './statistics-page.tsx';

export const STATISTICS = `${DESK}/statistics`;
const ZONE = 'Europe/Moscow';
/** Months that one may choose, and those shown at first. */
const MONTHS = 36;
const SHOWN = 12;
const HOUSES = 100;

/** What a desk has done in a period, from its roll-up. */
export function registerDeskStatistics(app: FastifyInstance, context: Context): void {
  const staff = { config: { access: access.viewStatistics, sensitive: true } };

  app.get(STATISTICS, staff, async (request, reply) => {
    const { db } = context;
    const { of, last } = readPeriod(context, request.actor, request.query as Typed);
    const [totals, months, topics, houses, groups] = await Promise.all([
      selectTotals(db, of),
      selectByMonth(db, of),
      selectByTopic(db, of),
      selectByHouse(db, of, HOUSES),
      listTopics(db),
    ]);
    const names = new Map(groups.flatMap((group) => [group, ...group.topics]).map(({ code, name }) => [code, name]));
    return sendPage(
      request,
      reply,
      {
        title: 'Статистика обращений',
        active: DESK,
        breadcrumbs: may(request.actor, access.workDesk)
          ? [{ href: DESK, label: 'Обращения' }, { label: 'Статистика' }]
          : [{ href: '/work', label: 'Рабочий стол' }, { label: 'Статистика' }],
      },
      <StatisticsPage
        {...{ of, totals, months, houses, names }}
        topics={topics.toSorted((a, b) => compareCodes(a.key, b.key))}
        choices={Array.from({ length: MONTHS }, (_, back) => addMonths(last, -back))}
        mostHouses={HOUSES}
        organisation={actingFor(request.actor).acting.name}
      />,
    );
  });

  const making = { config: { ...staff.config, rateLimit: limitsOf(context.config).heavy } };
  app.get(`${STATISTICS}.csv`, making, async (request, reply) => {
    const { of } = readPeriod(context, request.actor, request.query as Typed);
    const groups = await listTopics(context.db);
    const names = new Map(groups.flatMap((group) => [group, ...group.topics]).map(({ code, name }) => [code, name]));
    const name = `Обращения ${of.from} – ${of.to}.csv`;
    return reply
      .header('content-disposition', contentDisposition('attachment', name, `appeals-${of.from}-${of.to}.csv`))
      .header('x-content-type-options', 'nosniff')
      .type('text/csv; charset=utf-8')
      .send(Readable.from(linesOf(context, of, names)));
  });
}

function readPeriod(
  context: Context,
  actor: Actor,
  { from: fromText = '', to: toText = '' }: Typed,
): { of: StatisticsOf; last: Month } {
  const last = monthOf(dayIn(ZONE, context.clock()));
  const first = addMonths(last, 1 - MONTHS);
  const within = (month: Month | null): Month | null => (month && month >= first && month <= last ? month : null);
  const to = within(parseMonth(toText)) ?? last;
  const from = within(parseMonth(fromText)) ?? addMonths(to, 1 - SHOWN);
  const { organisationId, houses } = actingFor(actor).acting;
  const [early, late] = from <= to ? [from, to] : [to, from];
  return { of: { organisationId, houses, kind: 'appeal', from: early, to: late }, last };
}

const CSV_COLUMNS = [
  'Месяц поступления',
  'Код темы',
  'Тема',
  'Адрес',
  'Поступило',
  'В работе',
  'Рассмотрено',
  'Просрочено сейчас',
  'Рассмотрено с опозданием',
  'Среднее число дней до ответа',
  'Ответ принят автором',
  'Принят частично',
  'Не принят',
];
const CSV_PAGE = 2000;

async function* linesOf({ db }: Context, of: StatisticsOf, names: ReadonlyMap<string, string>) {
  yield BYTE_ORDER_MARK + csvLine(CSV_COLUMNS);
  for (let after: Parameters<typeof selectCells>[2] = null; ; ) {
    const cells = await selectCells(db, of, after, CSV_PAGE);
    yield cells.map((cell) => csvLine(csvCells(cell, names.get(cell.topicCode) ?? ''))).join('');
    after = cells.at(-1) ?? null;
    if (cells.length < CSV_PAGE) return;
  }
}

const csvCells = (cell: Cell, topic: string): string[] => [
  cell.month,
  cell.topicCode,
  topic,
  cell.address,
  ...[cell.received, cell.open, cell.executed, cell.overdue, cell.late].map(String),
  csvNumber(cell.executed > 0 ? (cell.days / cell.executed).toFixed(1) : null),
  ...[cell.satisfied, cell.partly, cell.unsatisfied].map(String),
];
