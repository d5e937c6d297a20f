import { Card, type Column, formatMonth, Money, Table } from '../../ui/index.ts';
import { money } from './bill-sections.tsx';
import { explainLine, GROUP_TITLES } from './explain-line.ts';
import { type ChargeLine, GROUPS, penaltyOfLine, wholeOf } from './payment-document.ts';
import type { Document } from './queries/reading.ts';

/** Section 3: the charges, group by group in the order of the form, each line explained. */
export function ChargeSection({
  document,
  showsPaid,
  mayDispute,
}: {
  document: Document;
  showsPaid: boolean;
  mayDispute: boolean;
}) {
  const settled = new Map<number, bigint>();
  for (const due of document.dues)
    for (const { line, settled: amount } of due.lines) settled.set(line, (settled.get(line) ?? 0n) + BigInt(amount));
  const groups = GROUPS.map((group) => ({
    group,
    lines: document.body.lines.filter((line) => line.group === group).sort((a, b) => a.position - b.position),
  })).filter(({ lines }) => lines.length > 0);
  if (groups.length === 0) return null;
  return (
    <Card title="Начисления" note="У каждой услуги сказано, как посчитана сумма.">
      {groups.map(({ group, lines }) => (
        <Table
          key={group}
          caption={GROUP_TITLES[group]}
          columns={chargeColumns(lines, showsPaid ? settled : null)}
          rows={lines}
          rowKey={({ position }) => String(position)}
        />
      ))}
      {mayDispute && <Disputes document={document} lines={groups.flatMap(({ lines }) => lines)} />}
    </Card>
  );
}

/** A line that seems wrong: an appeal to the issuer that names the bill, the line and the sum. */
function Disputes({ document, lines }: { document: Document; lines: readonly ChargeLine[] }) {
  const about = { about: 'charge', house: document.houseId, document: document.documentId };
  return (
    <details>
      <summary>Не согласны с начислением?</summary>
      <p>Выберите строку: обращение в организацию будет уже заполнено, останется отправить.</p>
      <ul>
        {lines.map(({ position, service, payable }) => (
          <li key={position}>
            <a href={`/appeals/new?${new URLSearchParams({ ...about, line: String(position) })}`}>{service}</a>,{' '}
            <Money amount={BigInt(payable)} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function chargeColumns(
  lines: readonly ChargeLine[],
  settled: ReadonlyMap<number, bigint> | null,
): Column<ChargeLine>[] {
  const total = (of: (line: ChargeLine) => number) => money(lines.reduce((sum, line) => sum + of(line), 0));
  const some = (of: (line: ChargeLine) => number) => lines.some((line) => of(line) !== 0);
  const amount = (key: string, title: string, of: (line: ChargeLine) => number): Column<ChargeLine> => ({
    key,
    title,
    numeric: true,
    cell: (line) => money(of(line)),
    total: total(of),
  });
  return [
    {
      key: 'service',
      title: 'Услуга',
      heading: true,
      total: 'Итого',
      cell: (line) => (line.month ? `${line.service}, ${formatMonth(line.month)}` : line.service),
    },
    {
      key: 'how',
      title: 'Как посчитано',
      cell: (line) => {
        const said = [...explainLine(line), ...(line.supplier ? [`Поставщик: ${line.supplier}`] : [])];
        return said.length === 0 ? 'Организация не указала' : said.map((text) => <div key={text}>{text}</div>);
      },
    },
    amount('accrued', 'Начислено', (line) => line.accrued),
    ...(some((line) => line.recalculation)
      ? [amount('recalculation', 'Перерасчёты', (line) => line.recalculation)]
      : []),
    ...(some((line) => line.benefit) ? [amount('benefit', 'Льготы, субсидии', (line) => line.benefit)] : []),
    amount('payable', 'К оплате за период', (line) => line.payable),
    ...(some((line) => line.opening ?? 0)
      ? [amount('opening', 'Долг или аванс (−)', (line) => line.opening ?? 0)]
      : []),
    ...(some(penaltyOfLine) ? [amount('penalty', 'Пени и издержки', penaltyOfLine)] : []),
    ...(some((line) => (line.opening ?? 0) || penaltyOfLine(line))
      ? [amount('total', 'Итого к оплате', (line) => line.total ?? wholeOf(line))]
      : []),
    ...(settled
      ? [
          {
            key: 'settled',
            title: 'Оплачено',
            numeric: true,
            cell: (line: ChargeLine) => <Money amount={settled.get(line.position) ?? 0n} />,
            total: <Money amount={lines.reduce((sum, line) => sum + (settled.get(line.position) ?? 0n), 0n)} />,
          },
        ]
      : []),
  ];
}
