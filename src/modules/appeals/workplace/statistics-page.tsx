import { useMay } from '../../../pages/doors.tsx';
import type { HouseId } from '../../../platform/ids.ts';
import type { Month } from '../../../platform/month.ts';
import {
  Actions,
  BarChart,
  Button,
  ButtonLink,
  Card,
  type Column,
  DefinitionList,
  EmptyState,
  Field,
  formatMonth,
  formatNumber,
  monthWord,
  NBSP,
  PageTitle,
  PrintButton,
  Stack,
  Table,
} from '../../../ui/index.ts';
import { access } from '../access.ts';
import type { Figures, StatisticsOf } from '../queries/statistics.ts';
import { DESK } from './queue-query.ts';

const STATISTICS = `${DESK}/statistics`;

interface StatisticsPageProps {
  of: StatisticsOf;
  organisation: string;
  totals: Figures | null;
  months: readonly (Figures & { key: Month })[];
  topics: readonly (Figures & { key: string })[];
  houses: readonly (Figures & { key: HouseId; address: string })[];
  mostHouses: number;
  /** Topics and groups by code. */
  names: ReadonlyMap<string, string>;
  /** Months of which one may choose, the newest first. */
  choices: readonly Month[];
}

/** What came and how it was answered: by month, by topic, by house, by term. */
export function StatisticsPage(props: StatisticsPageProps) {
  const { of, organisation, totals, months, topics, houses, mostHouses, names, choices } = props;
  const mayWork = useMay(access.workDesk);
  const period = `${formatMonth(of.from)} – ${formatMonth(of.to)}`;
  const file = `${STATISTICS}.csv?${new URLSearchParams({ from: of.from, to: of.to })}`;
  return (
    <Stack>
      <PageTitle
        kicker={organisation}
        lead={`Обращения, поступившие за период: ${period}. Цифры отстают от очереди на несколько секунд.`}
        actions={
          <Actions>
            <ButtonLink kind="secondary" icon="download" href={file}>
              Скачать CSV
            </ButtonLink>
            <PrintButton />
          </Actions>
        }
      >
        Статистика обращений
      </PageTitle>
      <Period of={of} choices={choices} />
      {totals === null ? (
        <EmptyState
          title="За этот период обращений не было"
          {...(mayWork && { action: { href: DESK, label: 'К очереди' } })}
        >
          Выберите другие месяцы.
        </EmptyState>
      ) : (
        <>
          <Totals totals={totals} />
          <Card title="По месяцам поступления">
            <BarChart
              id="received"
              title="Поступило и рассмотрено обращений"
              desc={`Число обращений по месяцам, ${period}: сколько поступило и сколько из них рассмотрено`}
              bars={months.map((one) => ({
                label: monthWord(one.key).slice(0, 3),
                name: formatMonth(one.key),
                value: one.received,
                before: one.executed,
              }))}
              format={(value) => formatNumber(value, 0)}
              headings={['Месяц', 'Поступило']}
              pair={['Поступило', 'Рассмотрено']}
            />
            <Table
              caption="Сроки по месяцам"
              rows={months}
              rowKey={({ key }) => key}
              columns={[
                { key: 'month', title: 'Месяц', heading: true, cell: ({ key }) => formatMonth(key) },
                ...COLUMNS,
              ]}
            />
          </Card>
          <Card title="По темам">
            <Table
              caption="По темам"
              captionHidden
              rows={topics}
              rowKey={({ key }) => key}
              columns={[
                {
                  key: 'topic',
                  title: 'Тема',
                  heading: true,
                  cell: ({ key }) => `${key}. ${names.get(key) ?? 'Другая тема'}`,
                },
                ...COLUMNS,
              ]}
            />
          </Card>
          <Card
            title="По домам"
            note={
              houses.length === mostHouses
                ? `Показаны ${mostHouses} домов, о которых пишут чаще всего. Все дома есть в файле CSV.`
                : undefined
            }
          >
            <Table
              caption="По домам"
              captionHidden
              rows={houses}
              rowKey={({ key }) => key}
              columns={[{ key: 'house', title: 'Дом', heading: true, cell: ({ address }) => address }, ...COLUMNS]}
            />
          </Card>
        </>
      )}
    </Stack>
  );
}

function Period({ of, choices }: Pick<StatisticsPageProps, 'of' | 'choices'>) {
  const options = choices.map((month) => ({ value: month, label: formatMonth(month) }));
  return (
    <search class="search-line filter-line">
      <form action={STATISTICS} method="get">
        <Field kind="choice" as="select" name="from" label="С месяца" options={options} value={of.from} />
        <Field kind="choice" as="select" name="to" label="По месяц" options={options} value={of.to} />
        <Button kind="secondary">Показать</Button>
      </form>
    </search>
  );
}

const days = (value: number | null): string => (value === null ? '—' : formatNumber(value, 1));
/** Of the answers, how many came in term. */
const inTerm = ({ executed, late }: Figures): string =>
  executed === 0 ? '—' : `${Math.round(((executed - late) / executed) * 100)}${NBSP}%`;

function Totals({ totals }: { totals: Figures }) {
  const assessed = totals.satisfied + totals.partly + totals.unsatisfied;
  return (
    <Card title="Итоги">
      <DefinitionList
        compact
        items={[
          { term: 'Поступило', value: formatNumber(totals.received) },
          { term: 'Рассмотрено', value: formatNumber(totals.executed) },
          { term: 'В работе', value: formatNumber(totals.open) },
          { term: 'Просрочено сейчас', value: formatNumber(totals.overdue) },
          { term: 'Ответов в срок', value: inTerm(totals) },
          { term: 'Дней до ответа, медиана', value: days(totals.median) },
          { term: 'Дней до ответа, среднее', value: days(totals.mean) },
          { term: 'Оценили ответ', value: formatNumber(assessed) },
          { term: 'Информация получена', value: formatNumber(totals.satisfied) },
          { term: 'Получена частично', value: formatNumber(totals.partly) },
          { term: 'Не удовлетворены', value: formatNumber(totals.unsatisfied) },
        ]}
      />
    </Card>
  );
}

const COLUMNS: readonly Column<Figures>[] = [
  { key: 'received', title: 'Поступило', numeric: true, cell: (row) => formatNumber(row.received) },
  { key: 'open', title: 'В работе', numeric: true, cell: (row) => formatNumber(row.open) },
  { key: 'overdue', title: 'Просрочено', numeric: true, cell: (row) => formatNumber(row.overdue) },
  { key: 'executed', title: 'Рассмотрено', numeric: true, cell: (row) => formatNumber(row.executed) },
  { key: 'term', title: 'В срок', numeric: true, cell: inTerm },
  { key: 'median', title: 'Дней, медиана', numeric: true, cell: (row) => days(row.median) },
  { key: 'mean', title: 'Дней, среднее', numeric: true, cell: (row) => days(row.mean) },
  {
    key: 'assessed',
    title: 'Оценки: да / частично / нет',
    numeric: true,
    cell: (row) => `${row.satisfied} / ${row.partly} / ${row.unsatisfied}`,
  },
];
