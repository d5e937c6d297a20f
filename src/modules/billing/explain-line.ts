import { formatNumber, formatRubles, NBSP } from '../../ui/index.ts';
import { type ChargeLine, type DocumentBody, type Group, wholeOf } from './payment-document.ts';

export const GROUP_TITLES: Record<Group, string> = {
  housing: 'Жилищные услуги',
  common_property: 'Ресурсы на содержание общего имущества',
  communal: 'Коммунальные услуги',
  additional: 'Дополнительные услуги',
  capital_repair: 'Капитальный ремонт',
  insurance: 'Страхование',
};

export const PENALTY_NAMES: Record<DocumentBody['penalties'][number]['kind'], string> = {
  '1': 'Пени',
  '2': 'Штрафы',
  '3': 'Государственные пошлины',
  '4': 'Судебные издержки',
};

const METHODS = { N: 'по нормативу', M: 'по прибору учёта', O: 'иным способом' } as const;
const rubles = (amount: number) => formatRubles(BigInt(amount));
const signed = (amount: number) => formatRubles(BigInt(amount), { signed: true });

/** «2,345 м³ по прибору учёта × 43,27 ₽ = 101,47 ₽»: how each figure of a line came about, a sentence each. */
export function explainLine(line: ChargeLine): string[] {
  const said: string[] = [];
  const part = (volume: ChargeLine['individual'], charge: number | null | undefined, of: string) => {
    if (!volume) return;
    const amount = `${formatNumber(volume.amount)}${NBSP}${line.unit ?? ''}`.trim();
    const method = volume.method ? ` ${METHODS[volume.method]}` : '';
    const tariff = line.tariff ? ` × ${formatNumber(line.tariff)}${NBSP}₽` : '';
    said.push(`${of}${amount}${method}${tariff}${typeof charge === 'number' ? ` = ${rubles(charge)}` : ''}`);
  };
  part(line.individual, line.individualCharge ?? (line.common ? null : line.accrued), line.common ? 'Для вас: ' : '');
  part(line.common, line.commonCharge, 'Общее имущество дома: ');
  if (!line.individual && !line.common && line.tariff) said.push(`Тариф ${formatNumber(line.tariff)}${NBSP}₽`);
  if (line.multiplier) {
    const excess = typeof line.excess === 'number' ? `, превышение ${rubles(line.excess)}` : '';
    said.push(`Повышающий коэффициент ${formatNumber(line.multiplier)}${excess}`);
  }
  said.push(...explainWhole(line));
  if (line.voluntary) said.push('Добровольно: если не платить, долга не будет');
  if (line.explanation) said.push(line.explanation);
  return said;
}

/** Columns 12–14: what comes to the charges of the period, and what the line asks in all. */
function explainWhole(line: ChargeLine): string[] {
  const opening = line.opening ?? 0;
  const parts = [
    [opening > 0 ? 'Долг на начало' : 'Аванс на начало', opening, rubles(Math.abs(opening))],
    ...(
      [
        ['Пени', line.penalty],
        ['Штраф исполнителя', line.fine],
        ['Госпошлины', line.duty],
        ['Судебные издержки', line.courtCosts],
      ] as const
    ).map(([name, amount]) => [name, amount, signed(amount)] as const),
  ] as const;
  const named = parts.filter(([, amount]) => amount !== 0);
  if (named.length === 0) return [];
  const terms = named.map(([, amount]) => `${amount < 0 ? '−' : '+'} ${rubles(Math.abs(amount))}`).join(' ');
  const whole = wholeOf(line);
  const total = line.total ?? whole;
  const end =
    total === 0 && whole < 0
      ? ': аванс покрывает всё, платить не нужно'
      : Math.abs(total - whole) > 1
        ? `, а организация указала ${rubles(total)}`
        : '';
  return [
    ...named.map(([name, , shown]) => `${name} ${shown}`),
    `Итого: за период ${rubles(line.payable)} ${terms} = ${rubles(whole)}${end}`,
  ];
}
