import { addMonths, type Month } from '../../../platform/month.ts';
import { BarChart, formatMonth, formatNumber, formatQuantity, monthWord } from '../../../ui/index.ts';
import type { EstimateCause } from '../estimate.ts';
import { METHOD_WORDS, RESOURCE_NAMES, type Resource } from '../meter.ts';
import type { MonthOfMeter } from '../queries/consumption.ts';
import { defaultUnitOf } from './words.ts';

const SHOWN = 12;

const CAUSES: Readonly<Record<EstimateCause, string>> = {
  failed: 'прибор был неисправен',
  verification: 'поверка закончилась',
  not_sent: 'показания не было',
  no_access: 'к прибору не дали доступа',
};

const span = (from: Month, to: Month): string =>
  from === to ? formatMonth(from) : `${monthWord(from)} ${from.slice(0, 4)} – ${formatMonth(to)}`;

/** How the volume of a month came about: «по среднему за май 2026 – октябрь 2026: показания не было». */
export function explainMonth({ method, basis, estimate, resource }: MonthOfMeter): string {
  const unit = defaultUnitOf(resource);
  const parts: string[] = [METHOD_WORDS[method]];
  if (method === 'shared' && basis.from && basis.to)
    parts[0] = `поровну за ${span(basis.from, basis.to)}: показание одно`;
  if (method === 'average' && basis.months?.[0])
    parts[0] = `по среднему за ${span(basis.months[0], basis.months.at(-1)!)}`;
  if (method === 'norm' && basis.norm)
    parts[0] = `по нормативу ${formatNumber(basis.norm.each)} × ${formatNumber(basis.norm.count)}${basis.multiplier ? ` × ${formatNumber(basis.multiplier)}` : ''}`;
  if (basis.cause) parts.push(CAUSES[basis.cause]);
  if (estimate !== null && (method === 'reading' || method === 'shared'))
    parts.push(`до показания было начислено ${formatQuantity(estimate, unit)}`);
  return parts.join('; ');
}

/** Twelve months with the year before beside them; months without a reading stand out and are explained. */
export function ConsumptionChart({
  resource,
  months,
  id,
}: {
  resource: Resource;
  months: readonly MonthOfMeter[];
  id: string;
}) {
  const byPeriod = new Map(months.map((month) => [month.period, month]));
  const newest = months.at(-1)?.period;
  if (!newest) return null;
  const shown = Array.from({ length: SHOWN }, (_, index) => addMonths(newest, index - SHOWN + 1)).filter(
    (period) => period >= months[0]!.period,
  );
  const unit = defaultUnitOf(resource);
  const format = (value: number) => formatQuantity(value, unit);
  const bars = shown.map((period) => {
    const month = byPeriod.get(period);
    const before = byPeriod.get(addMonths(period, -SHOWN));
    return {
      label: monthWord(period).slice(0, 3),
      name: formatMonth(period),
      value: Math.max(0, Number(month?.volume ?? 0)),
      before: before ? Math.max(0, Number(before.volume)) : null,
      highlight: period === newest,
      estimated: month ? month.method === 'average' || month.method === 'norm' : false,
      note: month ? explainMonth(month) : 'нет данных',
    };
  });
  const last = bars.at(-1)!;
  const yearAgo = last.before === null ? '' : `, годом раньше ${format(last.before)}`;
  return (
    <BarChart
      id={id}
      title={`${RESOURCE_NAMES[resource]}: расход по месяцам`}
      desc={`За ${last.name} — ${format(last.value)}${yearAgo}.`}
      bars={bars}
      format={format}
      headings={['Месяц', 'Расход']}
      pair={['этот год', 'годом раньше']}
      notes="Как посчитано"
    />
  );
}
