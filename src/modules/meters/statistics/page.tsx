import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sendPage } from '../../../pages/page.tsx';
import type { Context } from '../../../platform/context.ts';
import { csvNumber, csvText } from '../../../platform/csv.ts';
import { parse } from '../../../platform/http/forms.ts';
import { formatDecimal, kopecks } from '../../../platform/money.ts';
import {
  Actions,
  BarChart,
  ButtonLink,
  Card,
  EmptyState,
  formatMonth,
  formatQuantity,
  formatRubles,
  LineChart,
  monthWord,
  PageTitle,
  PrintButton,
  Stack,
  Table,
  Tabs,
} from '../../../ui/index.ts';
import { access } from '../access.ts';
import { METHOD_WORDS, RESOURCE_NAMES } from '../meter.ts';
import { type ResourceStatistics, readStatistics, type Statistics, type StatisticsMonth } from './read-statistics.ts';

const query = z.object({ home: z.uuid().optional().catch(undefined) });

/** «Аналитика и отчёты» (S-SRV-4): consumption and cost of the premises. */
export function registerStatistics(app: FastifyInstance, context: Context): void {
  app.get('/statistics', { config: { access: access.viewMeters } }, async (request, reply) => {
    const { home } = parse(query, request.query);
    return sendPage(
      request,
      reply,
      {
        title: 'Аналитика и отчёты',
        active: '/statistics',
        breadcrumbs: [{ href: '/', label: 'Личный кабинет' }, { label: 'Аналитика и отчёты' }],
      },
      <StatisticsPage {...(await readStatistics(context, request.actor, home ?? null))} />,
    );
  });

  app.get('/statistics.csv', { config: { access: access.viewMeters, sensitive: true } }, async (request, reply) => {
    const { home } = parse(query, request.query);
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="statistics.csv"')
      .send(fileOf(await readStatistics(context, request.actor, home ?? null)));
  });
}

const methodOf = ({ methods, volume }: StatisticsMonth): string =>
  methods ? methods.map((method) => METHOD_WORDS[method]).join(', ') : volume === null ? '' : 'по квитанции';

function fileOf({ home, resources }: Statistics): string {
  const head = [
    'Помещение',
    'Ресурс',
    'Единица',
    'Месяц',
    'Расход',
    'Как определён',
    'Год назад',
    'Норматив',
    'Медиана дома',
    'Начислено, ₽',
  ];
  const lines = resources.flatMap(({ resource, unit, months }) =>
    months.map((month) => [
      home?.title ?? '',
      RESOURCE_NAMES[resource],
      unit,
      month.period,
      csvNumber(month.volume),
      methodOf(month),
      csvNumber(month.lastYear),
      csvNumber(month.norm),
      csvNumber(month.median),
      month.cost === null ? '' : csvNumber(formatDecimal(kopecks(month.cost))),
    ]),
  );
  return csvText([head, ...lines]);
}

function StatisticsPage({ homes, home, minHomes, resources }: Statistics) {
  if (!home)
    return (
      <Stack>
        <PageTitle>Аналитика и отчёты</PageTitle>
        <EmptyState
          title="Пока нечего сравнивать"
          action={{ href: '/accounts/connect', label: 'Подключить лицевой счёт' }}
        >
          Расход и расходы дома появятся здесь, когда вы подключите лицевой счёт.
        </EmptyState>
      </Stack>
    );
  const hrefOf = (key: string) => `/statistics?home=${key}`;
  return (
    <Stack>
      <PageTitle
        lead={`${home.title}: последние двенадцать месяцев рядом с прошлым годом.`}
        actions={
          resources.length > 0 && (
            <Actions>
              <ButtonLink kind="secondary" icon="download" href={`/statistics.csv?home=${home.key}`} download>
                Скачать таблицу
              </ButtonLink>
              <PrintButton />
            </Actions>
          )
        }
      >
        Аналитика и отчёты
      </PageTitle>
      {homes.length > 1 && (
        <Tabs
          label="Помещения"
          active={hrefOf(home.key)}
          tabs={homes.map(({ key, title }) => ({ href: hrefOf(key), label: title }))}
        />
      )}
      {resources.length === 0 ? (
        <EmptyState title="Данных ещё нет" action={{ href: '/readings', label: 'Передать показания' }}>
          Расход появится после двух показаний прибора или первой квитанции за воду, свет или тепло.
        </EmptyState>
      ) : (
        <>
          <CostCard resources={resources} />
          {resources.map((one) => (
            <ResourceCard key={one.resource} statistics={one} minHomes={minHomes} />
          ))}
        </>
      )}
    </Stack>
  );
}

const short = (period: string) => monthWord(period).slice(0, 3);
/** A chart begins at zero: a month that gives something back is drawn empty, and told by its number in the table. */
const drawn = (value: string | null): number | null => (value === null ? null : Math.max(0, Number(value)));

function CostCard({ resources }: { resources: readonly ResourceStatistics[] }) {
  const months = resources[0]!.months.map(({ period }, index) => ({
    period,
    cost: resources.reduce((sum, { months: own }) => sum + (own[index]!.cost ?? 0n), 0n),
  }));
  if (months.every(({ cost }) => cost === 0n)) return null;
  const last = months.findLast(({ cost }) => cost > 0n);
  return (
    <Card title="Во что обошлось" note="Вода, свет, газ и тепло по квитанциям, с перерасчётами и льготами.">
      <BarChart
        id="cost"
        title="Начислено за коммунальные ресурсы, ₽"
        desc="Сумма начислений за коммунальные ресурсы по месяцам за последний год."
        headings={['Месяц', 'Начислено']}
        format={(value) => formatRubles(BigInt(Math.round(value * 100)))}
        bars={months.map(({ period, cost }) => ({
          label: short(period),
          name: formatMonth(period),
          value: Math.max(0, Number(cost) / 100),
          highlight: period === last?.period,
        }))}
      />
    </Card>
  );
}

function ResourceCard({ statistics, minHomes }: { statistics: ResourceStatistics; minHomes: number }) {
  const { resource, unit, months, normSource } = statistics;
  const has = (pick: (month: StatisticsMonth) => unknown) => months.some((month) => pick(month) !== null);
  const show = (value: string | null) => (value === null ? '—' : formatQuantity(Number(value).toFixed(3), unit));
  const series = [
    { name: 'Этот год', values: months.map(({ volume }) => drawn(volume)) },
    ...(has(({ lastYear }) => lastYear)
      ? [{ name: 'Год назад', values: months.map(({ lastYear }) => drawn(lastYear)) }]
      : []),
    ...(has(({ median }) => median)
      ? [{ name: 'Обычная квартира дома', values: months.map(({ median }) => drawn(median)) }]
      : []),
  ];
  return (
    <Card title={RESOURCE_NAMES[resource]} note={summaryOf(statistics)}>
      <LineChart
        id={`used-${resource}`}
        title={`Расход, ${unit}`}
        desc={`${RESOURCE_NAMES[resource]}: расход по месяцам за последний год рядом с прошлым годом и домом.`}
        labels={months.map(({ period }) => short(period))}
        series={series}
        format={(value) => formatQuantity(value.toFixed(1), unit)}
        heading="Месяц"
      />
      <details class="chart__numbers">
        <summary>Подробно: как определён расход, норматив, начислено</summary>
        <Table
          caption="Подробно по месяцам"
          captionHidden
          rows={[...months].reverse()}
          rowKey={({ period }) => period}
          columns={[
            { key: 'month', title: 'Месяц', heading: true, cell: ({ period }) => formatMonth(period) },
            { key: 'volume', title: 'Расход', numeric: true, cell: ({ volume }) => show(volume) },
            { key: 'how', title: 'Как определён', cell: (month) => methodOf(month) || '—' },
            { key: 'last', title: 'Год назад', numeric: true, cell: ({ lastYear }) => show(lastYear) },
            ...(has(({ norm }) => norm)
              ? [{ key: 'norm', title: 'Норматив', numeric: true, cell: ({ norm }: StatisticsMonth) => show(norm) }]
              : []),
            ...(has(({ median }) => median)
              ? [
                  {
                    key: 'median',
                    title: 'Медиана дома',
                    numeric: true,
                    cell: ({ median }: StatisticsMonth) => show(median),
                  },
                ]
              : []),
            {
              key: 'cost',
              title: 'Начислено',
              numeric: true,
              cell: ({ cost }) => (cost === null ? '—' : formatRubles(cost)),
            },
          ]}
        />
      </details>
      <p class="quiet">
        {normSource && `Норматив: ${normSource}. `}
        {has(({ median }) => median)
          ? 'Медиана дома: половина квартир с приборами расходует больше, половина меньше.'
          : `Сравнения с домом нет: его показываем, когда приборы стоят не меньше чем в ${minHomes} квартирах.`}
      </p>
      <Actions>
        <a href="/meters">Приборы и история показаний</a>
      </Actions>
    </Card>
  );
}

/** The first thing that people want to know: more or less than a year ago. */
function summaryOf({ months }: ResourceStatistics): string | undefined {
  const both = months.filter(({ volume, lastYear }) => volume !== null && lastYear !== null);
  const [now, then] = [both.map(({ volume }) => Number(volume)), both.map(({ lastYear }) => Number(lastYear))].map(
    (values) => values.reduce((sum, value) => sum + value, 0),
  ) as [number, number];
  if (both.length < 3 || then <= 0) return undefined;
  const percent = Math.round(((now - then) / then) * 100);
  if (percent === 0) return 'Столько же, сколько год назад.';
  return `За ${both.length} мес. на ${Math.abs(percent)} % ${percent > 0 ? 'больше' : 'меньше'}, чем год назад.`;
}
