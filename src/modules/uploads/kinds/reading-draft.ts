import { type Day, lastDay, monthOf } from '../../../platform/month.ts';
import { type Meter, type NewReading, RESOURCE_NAMES, type Reading, type Resource } from '../../meters/index.ts';
import { HOUSE_READINGS, READINGS, type ReadingRow } from '../layouts/readings.ts';
import { cellNotes, type Entry, type Note, rowsOf } from '../work.ts';
import { inCell } from './meter-fields.ts';
import { deviceOf, type ReadingLook } from './reading-look.ts';
import type { Candidate } from './reading-outcomes.ts';

export interface ReadingPlan extends Candidate {
  row: ReadingRow;
}

/** A value on its way: what its rows say, or why they cannot be taken. */
export interface Draft {
  entry: Entry;
  title: string;
  notes: Note[];
  /** Null: there is nothing to record. */
  plan: ReadingPlan | null;
  /** What the organisation had entered for the month before. */
  former: Reading | null;
}

export const rowsOfReading = (entry: Entry): readonly ReadingRow[] => [
  ...rowsOf(entry, READINGS),
  ...rowsOf(entry, HOUSE_READINGS),
];

/** Reads values out of the rows of a file; remembers them, to find one that stands there twice. */
export class ReadingDrafts {
  readonly #seen = new Map<string, number>();

  draft(entry: Entry, look: ReadingLook): Draft {
    const [row, ...others] = rowsOfReading(entry);
    const notes = cellNotes(entry);
    const draft: Draft = { entry, title: titleOf(row!, null), notes, plan: null, former: null };
    if (notes.length > 0) return draft;
    const found = deviceOf(row!, look, notes);
    if (!found) return draft;
    draft.title = titleOf(row!, found);
    const values = valuesOf([row!, ...others], notes);
    if (values.t1 === null && values.t2 === null && values.t3 === null) {
      if (notes.length === 0)
        notes.push({ ...inCell(row!, 't1', 'показание не указано, строка пропущена'), wrong: false });
      return draft;
    }
    const item: NewReading = {
      ...values,
      // A value that is missing is told of by the check of the device's tariffs.
      t1: values.t1 as string,
      meterId: found.meter.meterId,
      resource: found.resource,
      kind: row!.values.kind ?? 'current',
      takenOn: row!.values.takenOn ?? dayWithout(row!, look.today),
      period: row!.values.period,
      confirmed: [],
    };
    this.#noteTwin(row!, item, look.today, notes);
    if (notes.length === 0) draft.plan = { item, row: row!, explained: row!.values.reason !== null };
    return draft;
  }

  #noteTwin(row: ReadingRow, item: NewReading, today: Day, notes: Note[]): void {
    const key = `${item.meterId} ${item.resource} ${item.kind} ${periodOf(item, today)}`;
    const twin = this.#seen.get(key);
    if (twin !== undefined && twin !== row.row)
      notes.push(inCell(row, 't1', `показание этого прибора за тот же месяц уже есть в строке ${twin}`));
    else this.#seen.set(key, row.row);
  }
}

export const titleOf = ({ values }: ReadingRow, found: { meter: Meter; resource: Resource } | null): string => {
  const resource = found?.resource ?? values.resource;
  const number = found?.meter.serial ?? values.serial ?? values.number ?? '—';
  return `ПУ № ${number}${resource ? `, ${RESOURCE_NAMES[resource].toLowerCase()}` : ''}`;
};

export const periodOf = (item: NewReading, today: Day) => item.period ?? monthOf(item.takenOn ?? today);

/** A value of a month that has passed was not taken today. */
const dayWithout = ({ values }: ReadingRow, today: Day): Day | null =>
  values.period && values.period < monthOf(today) ? lastDay(values.period) : null;

type Tariff = 't1' | 't2' | 't3';

/** The values of a device: of one row, or a tariff a row. */
function valuesOf(rows: readonly ReadingRow[], notes: Note[]): Record<Tariff, string | null> {
  const values: Record<Tariff, string | null> = { t1: null, t2: null, t3: null };
  for (const row of rows) {
    const { tariff } = row.values;
    const given: [Tariff, string | null][] =
      tariff === null
        ? [
            ['t1', row.values.t1],
            ['t2', row.values.t2],
            ['t3', row.values.t3],
          ]
        : [[`t${tariff}`, row.values.t1]];
    for (const [key, value] of given) {
      if (value !== null && values[key] !== null)
        notes.push(
          inCell(row, 't1', `показание ${key.replace('t', 'Т')} этого прибора уже есть в строке ${rows[0]!.row}`),
        );
      values[key] ??= value;
    }
  }
  return values;
}
