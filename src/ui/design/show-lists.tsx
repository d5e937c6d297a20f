import { BarChart } from '../bar-chart.tsx';
import { formatMonth, formatNumericDate, formatQuantity, formatRubles, monthWord } from '../format.ts';
import { LineChart } from '../line-chart.tsx';
import { Money } from '../money.tsx';
import { EmptyState } from '../notice.tsx';
import { Status } from '../status.tsx';
import { type Column, Table } from '../table.tsx';
import { Pager, Steps, Tabs } from '../ways.tsx';
import { Section } from './section.tsx';

interface Charge {
  name: string;
  volume: string;
  amount: bigint;
  until: string;
  paid: boolean;
}

const CHARGES: readonly Charge[] = [
  { name: 'Холодное водоснабжение', volume: '4,2 м³', amount: 23814n, until: '2026-11-15', paid: true },
  {
    name: 'Содержание и текущий ремонт общего имущества в многоквартирном доме',
    volume: '49,5 м²',
    amount: 178_200n,
    until: '2026-11-15',
    paid: false,
  },
  { name: 'Перерасчёт отопления', volume: '', amount: -104_550n, until: '2026-11-15', paid: true },
];

const columns: readonly Column<Charge>[] = [
  { key: 'name', title: 'Услуга', cell: (row) => row.name, heading: true, total: 'Итого' },
  { key: 'volume', title: 'Объём', cell: (row) => row.volume, numeric: true },
  { key: 'until', title: 'Оплатить до', cell: (row) => formatNumericDate(row.until) },
  {
    key: 'state',
    title: 'Состояние',
    cell: (row) => (row.paid ? <Status tone="good">Оплачено</Status> : <Status tone="waiting">Ждёт оплаты</Status>),
  },
  {
    key: 'amount',
    title: 'Сумма',
    cell: (row) => <Money amount={row.amount} />,
    numeric: true,
    total: <Money amount={97_464n} />,
  },
];

export function TableSamples() {
  return (
    <Section id="tables" title="Таблицы">
      <Table caption="Начисления за октябрь" columns={columns} rows={CHARGES} rowKey={(row) => row.name} />
      <Table
        caption="Платежи"
        columns={columns}
        rows={[]}
        rowKey={(row) => row.name}
        empty={
          <EmptyState title="За последний год платежей не было">
            Когда вы заплатите здесь, платёж появится в этом списке.
          </EmptyState>
        }
      />
    </Section>
  );
}

export function WaySamples() {
  return (
    <Section id="tabs" title="Пути">
      <Tabs
        label="Обращение"
        active="#answers"
        tabs={[
          { href: '#answers', label: 'Ответы на обращение', count: 2 },
          { href: '#changes', label: 'Изменения по обращению' },
        ]}
      />
      <Steps
        current={1}
        steps={[
          { label: 'Адрес', href: '#tabs' },
          { label: 'Тема и адресат' },
          { label: 'Текст и файлы' },
          { label: 'Проверка' },
        ]}
      />
      <Pager label="Страницы обращений" previous="#tabs" next="#tabs" note="Показаны 21–40 из 213" />
      <Pager label="Первая страница" next="#tabs" />
    </Section>
  );
}

const MONTHS = Array.from({ length: 13 }, (_, index) =>
  index < 3 ? `2025-${index + 10}` : `2026-${String(index - 2).padStart(2, '0')}`,
);
const BILLS = [4210, 4890, 6120, 6540, 6380, 5710, 4420, 3380, 3150, 3290, 3310, 4150, 5123];
const COLD = [4.1, 4.4, 4, 3.9, 4.2, null, 4.8, 5.1, 5.6, 5.2, 4.6, 4.3, 4.2];
const HOT = [3.1, 3.4, 3.6, 3.7, 3.2, null, 2.8, 1.1, 0.6, 2.2, 2.6, 3, 3.2];

export function ChartSamples() {
  return (
    <Section id="charts" title="Графики">
      <BarChart
        id="bills"
        title="Сколько начислено за месяц"
        desc="За октябрь 2026 — 5 123 ₽, на 22 % больше, чем за октябрь 2025. Больше всего было в январе: 6 540 ₽."
        headings={['Месяц', 'Начислено']}
        format={(value) => formatRubles(BigInt(value) * 100n).replace(',00', '')}
        bars={MONTHS.map((month, index) => ({
          label: monthWord(month).slice(0, 3),
          name: formatMonth(month),
          value: BILLS[index] ?? 0,
          highlight: index === MONTHS.length - 1,
        }))}
      />
      <BarChart
        id="heat"
        title="Расход тепла, с прошлым годом рядом"
        desc="За октябрь 2026 — 0,4 Гкал, годом раньше 0,5 Гкал. За сентябрь показания не было: расход по среднему."
        headings={['Месяц', 'Расход']}
        pair={['этот год', 'годом раньше']}
        notes="Как посчитано"
        format={(value) => formatQuantity(value, 'Гкал')}
        bars={[
          { label: 'авг', name: 'август 2026', value: 0, before: null, note: 'по показаниям' },
          { label: 'сен', name: 'сентябрь 2026', value: 0.3, before: 0.2, estimated: true, note: 'по среднему' },
          { label: 'окт', name: 'октябрь 2026', value: 0.4, before: 0.5, highlight: true, note: 'по показаниям' },
        ]}
      />
      <LineChart
        id="water"
        title="Расход воды"
        desc="Холодной воды уходит от 3,9 до 5,6 м³ в месяц, горячей от 0,6 до 3,7. За март показаний нет."
        heading="Месяц"
        labels={MONTHS.map((month) => `${monthWord(month).slice(0, 3)} ${month.slice(2, 4)}`)}
        series={[
          { name: 'Холодная вода', values: COLD },
          { name: 'Горячая вода', values: HOT },
        ]}
        format={(value) => formatQuantity(value, 'м³')}
      />
    </Section>
  );
}
