import { Axes, acrossOf, ChartFigure, heightOf, type Plot, round, slotOf, ticks } from './chart.tsx';

export interface Bar {
  /** Short, under the bar: «окт». */
  label: string;
  /** In the table: «октябрь 2026». */
  name: string;
  value: number;
  /** The bar the text speaks of: it is darker and carries its number. */
  highlight?: boolean;
  /** The same a year before, beside it; null where nothing is known. */
  before?: number | null;
  /** The value was not measured: its bar has a broken outline, and `note` says how it came about. */
  estimated?: boolean;
  note?: string;
}

interface BarChartProps {
  id: string;
  title: string;
  desc: string;
  bars: readonly Bar[];
  /** How a value reads: «5 123 ₽», «12,5 м³». */
  format: (value: number) => string;
  /** Heading of the table's first and second column. */
  headings: readonly [string, string];
  /** Where bars have the year before beside them: how this one and that one are called. */
  pair?: readonly [string, string];
  /** Heading of the table's column of notes. */
  notes?: string;
}

/** Twelve to twenty-four bars from zero. Values are not negative. */
export function BarChart({ id, title, desc, bars, format, headings, pair, notes }: BarChartProps) {
  const steps = ticks(Math.max(0, ...bars.flatMap((bar) => [bar.value, bar.before ?? 0])));
  const draw = (plot: Plot) => <Bars {...{ plot, bars, steps, format }} paired={pair !== undefined} />;
  return (
    <ChartFigure
      {...{ id, title, desc, draw }}
      steps={steps.map(format)}
      points={bars.length}
      legend={pair && <PairLegend pair={pair} estimated={bars.some((bar) => bar.estimated)} />}
      rows={bars}
      rowKey={(bar) => bar.name}
      columns={[
        { key: 'name', title: headings[0], cell: (bar) => bar.name, heading: true },
        { key: 'value', title: headings[1], cell: (bar) => format(bar.value), numeric: true },
        ...(pair
          ? [
              {
                key: 'before',
                title: pair[1],
                numeric: true,
                cell: (bar: Bar) => (typeof bar.before === 'number' ? format(bar.before) : 'нет данных'),
              },
            ]
          : []),
        ...(notes ? [{ key: 'note', title: notes, cell: (bar: Bar) => bar.note ?? '' }] : []),
      ]}
    />
  );
}

const PairLegend = ({ pair, estimated }: { pair: readonly [string, string]; estimated: boolean }) => (
  <ul class="chart__legend" aria-hidden="true">
    {[
      { words: pair[0], look: 'chart__bar chart__bar--main' },
      { words: pair[1], look: 'chart__bar' },
      ...(estimated ? [{ words: 'не по показаниям', look: 'chart__bar chart__bar--estimated' }] : []),
    ].map(({ words, look }) => (
      <li key={words}>
        <svg viewBox="0 0 40 16" aria-hidden="true">
          <path class={look} d="M12 1h16v14H12z" />
        </svg>
        {words}
      </li>
    ))}
  </ul>
);

type BarsProps = { plot: Plot; bars: readonly Bar[]; steps: number[]; paired: boolean } & Pick<BarChartProps, 'format'>;

function Bars({ plot, bars, steps, format, paired }: BarsProps) {
  const thickness = Math.min(slotOf(plot, bars.length) * 0.64, 44) / (paired ? 2 : 1);
  const at = (index: number) => acrossOf(plot, bars.length, index);
  const top = steps.at(-1) ?? 1;
  return (
    <>
      <Axes {...{ plot, steps, at, format }} labels={bars.map((bar) => bar.label)} />
      {bars.map((bar, index) => {
        const middle = at(index);
        const shape = (value: number, left: number) => shapeOf(plot, top, value, left, thickness);
        const own = shape(bar.value, paired ? middle : middle - thickness / 2);
        const before = typeof bar.before === 'number' && shape(bar.before, middle - thickness);
        const looks = ['chart__bar', (bar.highlight || paired) && 'chart__bar--main'];
        if (bar.estimated) looks.push('chart__bar--estimated');
        return (
          <g key={bar.name}>
            {before && <path class="chart__bar" d={before} />}
            {own && <path class={looks.filter(Boolean).join(' ')} d={own} />}
            {bar.highlight && (
              <text
                class="chart__value"
                x={Math.min(Math.max(middle, 40), plot.width - 44)}
                y={heightOf(plot, top, bar.value) - 8}
              >
                {format(bar.value)}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}

/** A bar with round shoulders; null where it has no height. */
function shapeOf(plot: Plot, top: number, value: number, from: number, thickness: number): string | null {
  const y = heightOf(plot, top, value);
  const height = round(heightOf(plot, top, 0) - y);
  if (height <= 0) return null;
  const left = round(from);
  const radius = Math.min(4, height, thickness / 2);
  return `M${left} ${round(y + height)}v${-round(height - radius)}q0 ${-radius} ${radius} ${-radius}h${round(thickness - 2 * radius)}q${radius} 0 ${radius} ${radius}v${round(height - radius)}z`;
}
