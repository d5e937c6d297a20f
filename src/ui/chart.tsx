/** Charts drawn on the server: an SVG with a title and a description, and the same numbers in a table. They print. */
import type { ComponentChildren, VNode } from 'preact';
import { type Column, Table } from './table.tsx';

/** A chart is drawn twice, for wide and for narrow places, so that its letters stay readable on a phone. */
export interface Plot {
  width: number;
  height: number;
  /** Room at the bottom for the labels of the axis, at the left for the steps, at the right for half a label. */
  foot: number;
  left: number;
  right: number;
  /** Every n-th label of the axis is written. */
  every: number;
}

export const TOP = 26;
const LETTER = 7.6;
const sizes = (points: number, steps: readonly string[]): Record<'wide' | 'narrow', Plot> => {
  const left = round(Math.max(...steps.map((step) => step.length)) * LETTER + 10);
  return {
    wide: { width: 720, height: 280, foot: 30, left, right: 12, every: Math.ceil(points / 13) },
    narrow: { width: 340, height: 230, foot: 30, left, right: 14, every: Math.ceil(points / 4) },
  };
};

/** Three or four round steps from zero to at least the highest value. */
export function ticks(highest: number): number[] {
  if (highest <= 0) return [0, 1];
  const rough = highest / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  const count = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

export const round = (value: number): number => Math.round(value * 10) / 10;

/** Where the middle of a point's slot stands across. */
export const acrossOf = (plot: Plot, points: number, index: number): number =>
  round(plot.left + slotOf(plot, points) * (index + 0.5));

export const slotOf = (plot: Plot, points: number): number =>
  (plot.width - plot.left - plot.right) / Math.max(points, 1);

/** The height on the plot where a value stands. */
export const heightOf = (plot: Plot, top: number, value: number): number =>
  round(TOP + (plot.height - TOP - plot.foot) * (1 - value / top));

interface FigureProps<Row> {
  /** Unique on the page. */
  id: string;
  title: string;
  /** What the chart shows, in a sentence: for those who do not see it. */
  desc: string;
  points: number;
  /** The steps of the axis as they are written. */
  steps: readonly string[];
  draw: (plot: Plot) => VNode;
  legend?: ComponentChildren;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}

export function ChartFigure<Row>(props: FigureProps<Row>) {
  const { id, title, desc, points, steps, draw, legend, columns, rows, rowKey } = props;
  return (
    <figure class="chart">
      <figcaption class="chart__title">{title}</figcaption>
      {legend}
      {Object.entries(sizes(points, steps)).map(([size, plot]) => (
        <svg
          key={size}
          class={`chart__plot chart__plot--${size}`}
          viewBox={`0 0 ${plot.width} ${plot.height}`}
          role="img"
          aria-labelledby={`${id}-${size}-title ${id}-${size}-desc`}
        >
          <title id={`${id}-${size}-title`}>{title}</title>
          <desc id={`${id}-${size}-desc`}>{desc}</desc>
          {draw(plot)}
        </svg>
      ))}
      <details class="chart__numbers">
        <summary>Показать таблицей</summary>
        <Table caption={title} captionHidden columns={columns} rows={rows} rowKey={rowKey} />
      </details>
    </figure>
  );
}

/** Lines across the plot with their values, and the labels below it. */
export function Axes({ plot, steps, labels, at, format }: AxesProps) {
  const top = steps.at(-1) ?? 1;
  return (
    <>
      {steps.map((step) => {
        const y = heightOf(plot, top, step);
        return (
          <g key={step}>
            <path class={step === 0 ? 'chart__base' : 'chart__grid'} d={`M${plot.left} ${y}H${plot.width}`} />
            <text class="chart__step" x={plot.left - 8} y={y + 4}>
              {format(step)}
            </text>
          </g>
        );
      })}
      {labels.map((label, index) =>
        // Counted from the end: the newest point always has its label.
        (labels.length - 1 - index) % plot.every === 0 ? (
          <text key={label} class="chart__label" x={at(index)} y={plot.height - 8}>
            {label}
          </text>
        ) : null,
      )}
    </>
  );
}

interface AxesProps {
  plot: Plot;
  steps: readonly number[];
  labels: readonly string[];
  /** Where a point stands across. */
  at: (index: number) => number;
  format: (value: number) => string;
}
