import { Axes, acrossOf, ChartFigure, heightOf, type Plot, ticks } from './chart.tsx';

export interface Series {
  name: string;
  /** One value a label; null where nothing is known: the line has a gap. */
  values: readonly (number | null)[];
}

interface LineChartProps {
  id: string;
  title: string;
  desc: string;
  /** Short names of the points: «янв». */
  labels: readonly string[];
  /** At most three; they differ by the pattern of the line and by the mark, not by colour alone. */
  series: readonly Series[];
  format: (value: number) => string;
  /** Heading of the table's first column. */
  heading: string;
}

/** Lines from zero. Values are not negative. */
export function LineChart({ id, title, desc, labels, series, format, heading }: LineChartProps) {
  const steps = ticks(Math.max(0, ...series.flatMap((line) => line.values.map((value) => value ?? 0))));
  const draw = (plot: Plot) => <Lines {...{ plot, labels, series, steps, format }} />;
  const value = (line: Series, index: number) => {
    const known = line.values[index];
    return known === null || known === undefined ? 'нет данных' : format(known);
  };
  return (
    <ChartFigure
      {...{ id, title, desc, draw }}
      steps={steps.map(format)}
      points={labels.length}
      legend={series.length > 1 && <Legend series={series} />}
      rows={labels.map((label, index) => ({ label, index }))}
      rowKey={(row) => row.label}
      columns={[
        { key: 'label', title: heading, cell: (row) => row.label, heading: true },
        ...series.map((line) => ({
          key: line.name,
          title: line.name,
          numeric: true,
          cell: (row: { index: number }) => value(line, row.index),
        })),
      ]}
    />
  );
}

const Legend = ({ series }: Pick<LineChartProps, 'series'>) => (
  <ul class="chart__legend" aria-hidden="true">
    {series.map((line, order) => (
      <li key={line.name}>
        <svg viewBox="0 0 40 16" aria-hidden="true">
          <path class={`chart__line chart__line--${order}`} d="M2 8H38" />
          <MarkSign order={order} x={20} y={8} />
        </svg>
        {line.name}
      </li>
    ))}
  </ul>
);

function MarkSign({ order, x, y }: { order: number; x: number; y: number }) {
  const shapes = [
    `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0-8 0`,
    `M${x - 4} ${y - 4}h8v8h-8z`,
    `M${x} ${y - 5}l5 9h-10z`,
  ];
  return <path class={`chart__mark chart__mark--${order}`} d={shapes[order % 3]} />;
}

type LinesProps = { plot: Plot; steps: number[] } & Pick<LineChartProps, 'labels' | 'series' | 'format'>;

function Lines({ plot, labels, series, steps, format }: LinesProps) {
  const at = (index: number) => acrossOf(plot, labels.length, index);
  const top = steps.at(-1) ?? 1;
  const path = (values: Series['values']) =>
    values
      .map((value, index) => {
        if (value === null) return '';
        const starts = index === 0 || values[index - 1] === null;
        return `${starts ? 'M' : 'L'}${at(index)} ${heightOf(plot, top, value)}`;
      })
      .join('');
  return (
    <>
      <Axes {...{ plot, steps, labels, at, format }} />
      {series.map((line, order) => (
        <g key={line.name}>
          <path class={`chart__line chart__line--${order}`} d={path(line.values)} />
          {line.values.map((value, index) =>
            value === null ? null : (
              <MarkSign key={labels[index]} order={order} x={at(index)} y={heightOf(plot, top, value)} />
            ),
          )}
        </g>
      ))}
    </>
  );
}
