import {
  Actions,
  BarChart,
  ButtonLink,
  Card,
  EmptyState,
  Field,
  Filter,
  formatMonth,
  formatNumber,
  monthWord,
  PrintButton,
  Table,
} from '../../../ui/index.ts';
import type { TerritoryCounts, TerritoryFigures, TerritoryPeriod } from '../queries/territory.ts';
import { STATISTICS, TerritoryFrame } from './frame.tsx';

type Named = TerritoryFigures & { key: string; name: string };

/** One way to look at the same figures. */
export interface Side {
  key: string;
  title: string;
  heading: string;
  rows: readonly Named[];
}

interface StatisticsPageProps {
  sides: readonly Side[];
  period: TerritoryPeriod;
  addressees: readonly { value: string; label: string }[];
  counts: TerritoryCounts;
}

/** Of those answered that had a term, how many kept it, in whole percent. */
export const shareInTerm = ({ inTerm, termed }: Pick<TerritoryFigures, 'inTerm' | 'termed'>): number =>
  termed === 0 ? 0 : Math.round((inTerm / termed) * 100);

export function StatisticsPage({ sides, period, addressees, counts }: StatisticsPageProps) {
  const fields = {
    from: period.from,
    to: period.to,
    ...(period.addresseeId && { organisation: period.addresseeId }),
  };
  const months = sides.find(({ key }) => key === 'month')!.rows;
  return (
    <TerritoryFrame
      title="Статистика обращений"
      lead={`Обращения, которые поступили с ${formatMonth(period.from, 'genitive')} по ${formatMonth(period.to)}. Считаются по мере событий, с задержкой до минуты.`}
      active={STATISTICS}
      counts={counts}
      actions={<PrintButton />}
    >
      <Filter
        action={STATISTICS}
        active={period.addresseeId ? 1 : 0}
        resetHref={STATISTICS}
        label="Период и организация"
      >
        <Field kind="text" name="from" label="С месяца" hint="ММ.ГГГГ" value={shown(period.from)} short />
        <Field kind="text" name="to" label="По месяц" hint="ММ.ГГГГ" value={shown(period.to)} short />
        <Field
          kind="choice"
          as="select"
          name="organisation"
          label="Организация"
          placeholder="Все"
          value={period.addresseeId ?? ''}
          options={addressees}
        />
      </Filter>
      {months.length === 0 ? (
        <EmptyState title="Считать пока нечего">За этот период обращений на вашей территории не было.</EmptyState>
      ) : (
        <>
          <Card title="Сколько поступает">
            <BarChart
              id="received"
              title="Обращения по месяцам"
              desc="Сколько обращений поступило в каждом месяце"
              headings={['Месяц', 'Обращений']}
              format={(value) => formatNumber(value, 0)}
              bars={months.map((row) => ({
                label: monthWord(row.key).slice(0, 3),
                name: row.name,
                value: row.received,
              }))}
            />
          </Card>
          {sides.map((side) => (
            <SideCard key={side.key} side={side} fields={fields} />
          ))}
        </>
      )}
    </TerritoryFrame>
  );
}

const shown = (month: string) => `${month.slice(5)}.${month.slice(0, 4)}`;

function SideCard({ side, fields }: { side: Side; fields: Record<string, string> }) {
  const number = (key: string, title: string, of: (row: Named) => number) => ({
    key,
    title,
    numeric: true,
    cell: (row: Named) => formatNumber(of(row), 0),
  });
  return (
    <Card title={side.title}>
      <Table
        caption={side.title}
        captionHidden
        rows={side.rows}
        rowKey={(row) => row.key}
        columns={[
          { key: 'name', title: side.heading, heading: true, cell: (row) => row.name },
          number('received', 'Поступило', ({ received }) => received),
          number('open', 'Ждут ответа', ({ open }) => open),
          number('executed', 'Исполнено', ({ executed }) => executed),
          {
            key: 'term',
            title: 'В срок',
            numeric: true,
            cell: (row) => (row.termed === 0 ? '—' : `${shareInTerm(row)} %`),
          },
          number('overdue', 'С опозданием', ({ overdue }) => overdue),
          number('unsatisfied', 'Не удовлетворены', ({ unsatisfied }) => unsatisfied),
        ]}
      />
      <Actions>
        <ButtonLink
          kind="secondary"
          icon="download"
          href={`${STATISTICS}.csv?${new URLSearchParams({ ...fields, by: side.key })}`}
          download
        >
          Скачать таблицу CSV
        </ButtonLink>
      </Actions>
    </Card>
  );
}
