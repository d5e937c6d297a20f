import { Axes, acrossOf, ChartFigure, heightOf, type Plot, round, slotOf, ticks } from './chart.tsx';

export interface Bar {
  /** Short, under the bar: «окт». */
  label: string;
  /** In the table: «октябрь 2026». */
  name: string;
  value: number;
  /** The bar the text speaks of: it is darker and carries its number. */
  highlight?: boolean;
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
}

/** Twelve to twenty-four bars from zero. Values are not negative. */
export function BarChart({ id, title, desc, bars, format, headings }: BarChartProps) {
  const steps = ticks(Math.max(0, ...bars.map((bar) => bar.value)));
  const draw = (plot: Plot) => <Bars {...{ plot, bars, steps, format }} />;
  return (
    <ChartFigure
      {...{ id, title, desc, draw }}
      steps={steps.map(format)}
      points={bars.length}
      rows={bars}
      rowKey={(bar) => bar.name}
      columns={[
        { key: 'name', title: headings[0], cell: (bar) => bar.name, heading: true },
        { key: 'value', title: headings[1], cell: (bar) => format(bar.value), numeric: true },
      ]}
    />
  );
}

function Bars({
  plot,
  bars,
  steps,
  format,
}: { plot: Plot; bars: readonly Bar[]; steps: number[] } & Pick<BarChartProps, 'format'>) {
  const thickness = Math.min(slotOf(plot, bars.length) * 0.64, 44);
  const at = (index: number) => acrossOf(plot, bars.length, index);
  const top = steps.at(-1) ?? 1;
  return (
    <>
      <Axes {...{ plot, steps, at, format }} labels={bars.map((bar) => bar.label)} />
      {bars.map((bar, index) => {
        const y = heightOf(plot, top, bar.value);
        const height = round(heightOf(plot, top, 0) - y);
        const left = round(at(index) - thickness / 2);
        const radius = Math.min(4, height, thickness / 2);
        const shape = `M${left} ${round(y + height)}v${-round(height - radius)}q0 ${-radius} ${radius} ${-radius}h${round(thickness - 2 * radius)}q${radius} 0 ${radius} ${radius}v${round(height - radius)}z`;
        return (
          <g key={bar.name}>
            {height > 0 && <path class={bar.highlight ? 'chart__bar chart__bar--main' : 'chart__bar'} d={shape} />}
            {bar.highlight && (
              <text class="chart__value" x={Math.min(Math.max(at(index), 40), plot.width - 44)} y={y - 8}>
                {format(bar.value)}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}
