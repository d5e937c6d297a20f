import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../../pages/page.tsx';
import type { Context } from '../../../platform/context.ts';
import { addMonths, dayIn, firstDay, type Month, monthOf } from '../../../platform/month.ts';
import {
  BarChart,
  Card,
  EmptyState,
  formatMonth,
  formatNumber,
  monthWord,
  PageTitle,
  Stack,
  Table,
} from '../../../ui/index.ts';
import { listItems } from '../../classifiers/index.ts';
import { atDesk, DESK } from './desk-path.ts';
import { type KindMonth, selectStatistics } from './queries.ts';
import { KINDS_LIST, ZONE } from './request.ts';

const MONTHS = 12;

/** Questions of a year by kind: how many, and whether they were answered in their term. */
export function registerSupportStatistics(app: FastifyInstance, context: Context): void {
  app.get(`${DESK}/statistics`, atDesk, async (request, reply) => {
    const now = monthOf(dayIn(ZONE, context.clock()));
    const first = addMonths(now, 1 - MONTHS);
    const [rows, kinds] = await Promise.all([
      selectStatistics(context.db, new Date(`${firstDay(first)}T00:00:00+03:00`), ZONE),
      listItems(context.db, KINDS_LIST),
    ]);
    const title = 'Статистика вопросов';
    return sendPage(
      request,
      reply,
      { title, active: DESK, breadcrumbs: [{ href: DESK, label: 'Вопросы в поддержку' }, { label: title }] },
      <StatisticsPage
        rows={rows}
        months={Array.from({ length: MONTHS }, (_, index) => addMonths(first, index))}
        nameOf={(code) => kinds.find((kind) => kind.code === code)?.name ?? code}
      />,
    );
  });
}

interface StatisticsProps {
  rows: readonly KindMonth[];
  months: readonly Month[];
  nameOf: (code: string) => string;
}

const sum = (rows: readonly KindMonth[], of: (row: KindMonth) => number) =>
  rows.reduce((total, row) => total + of(row), 0);
const share = (part: number, whole: number) => (whole === 0 ? '—' : `${formatNumber((part / whole) * 100, 0)} %`);

function StatisticsPage({ rows, months, nameOf }: StatisticsProps) {
  const codes = [...new Set(rows.map(({ kindCode }) => kindCode))];
  const kinds = codes
    .map((code) => ({ code, of: rows.filter(({ kindCode }) => kindCode === code) }))
    .sort((a, b) => sum(b.of, ({ received }) => received) - sum(a.of, ({ received }) => received));
  const number = (title: string, key: string, of: (row: KindMonth) => number) => ({
    key,
    title,
    numeric: true,
    cell: (kind: (typeof kinds)[number]) => formatNumber(sum(kind.of, of), 0),
    total: formatNumber(sum(rows, of), 0),
  });
  return (
    <Stack>
      <PageTitle lead="Вопросы за год по видам. «В срок» считается по первому ответу.">Статистика вопросов</PageTitle>
      {rows.length === 0 ? (
        <EmptyState title="Считать пока нечего">За год вопросов не было.</EmptyState>
      ) : (
        <>
          <Card title="По видам">
            <Table
              caption="По видам"
              captionHidden
              rows={kinds}
              rowKey={({ code }) => code}
              columns={[
                { key: 'kind', title: 'Вид', heading: true, cell: ({ code }) => nameOf(code), total: 'Всего' },
                number('Поступило', 'received', ({ received }) => received),
                number('Отвечено', 'answered', ({ answered }) => answered),
                {
                  key: 'term',
                  title: 'В срок',
                  numeric: true,
                  cell: ({ of }) =>
                    share(
                      sum(of, ({ inTerm }) => inTerm),
                      sum(of, ({ answered }) => answered),
                    ),
                  total: share(
                    sum(rows, ({ inTerm }) => inTerm),
                    sum(rows, ({ answered }) => answered),
                  ),
                },
                number('Ждут', 'waiting', ({ waiting }) => waiting),
              ]}
            />
          </Card>
          <Card title="По месяцам">
            <BarChart
              id="questions"
              title="Вопросы по месяцам"
              desc="Сколько вопросов поступило в каждом месяце"
              headings={['Месяц', 'Вопросов']}
              format={(value) => formatNumber(value, 0)}
              bars={months.map((month) => ({
                label: monthWord(month).slice(0, 3),
                name: formatMonth(month),
                value: sum(
                  rows.filter((row) => row.month === month),
                  ({ received }) => received,
                ),
              }))}
            />
          </Card>
        </>
      )}
    </Stack>
  );
}
