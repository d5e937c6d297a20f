import { formatMonth } from '../../../ui/format.ts';
import type { NewReading, Reading } from '../../meters/index.ts';
import type { ReadingRow } from '../layouts/readings.ts';
import { badJudgement, type Change, type Judgement, type Note } from '../work.ts';
import { inCell, inSentence } from './meter-fields.ts';
import type { Draft, ReadingPlan } from './reading-draft.ts';
import { type Outcome, refusalOf, remarkOf } from './reading-outcomes.ts';

/** Why a value is not recorded, in the cells that are meant. */
export function wrongOf(row: ReadingRow, { recorded }: Outcome): Note[] {
  if (recorded.state === 'asks') return recorded.questions.map((question) => inCell(row, 't1', refusalOf(question)));
  if (recorded.state !== 'wrong') return [];
  const named = row.values.number === null ? 'serial' : 'number';
  return recorded.errors.map(({ field, message }) =>
    inCell(row, field === 'meter' ? named : field, inSentence(message)),
  );
}

export function judgementOf(draft: Draft, outcome: Outcome | null): Judgement<ReadingPlan> {
  const { entry, title, plan, former } = draft;
  const wrong = outcome && plan ? wrongOf(plan.row, outcome) : [];
  const remarks =
    outcome && plan
      ? outcome.accepted.map((one) => ({
          ...inCell(plan.row, 't1', remarkOf(one, plan.row.values.reason)),
          wrong: false,
        }))
      : [];
  const notes = [...draft.notes, ...wrong, ...(wrong.length > 0 ? [] : remarks)];
  if (notes.some((note) => note.wrong)) return badJudgement(entry, title, notes);
  const same = plan === null || outcome?.recorded.state === 'same';
  return {
    entry,
    title,
    verdict: same ? 'same' : former ? 'changed' : 'new',
    notes,
    changes: former && plan && !same ? changesOf(former, plan.item) : [],
    fills: [],
    plan,
  };
}

const changesOf = (former: Reading, item: NewReading): Change[] =>
  (['t1', 't2', 't3'] as const).flatMap((tariff) =>
    former[tariff] === item[tariff]
      ? []
      : [
          {
            what: `Показание ${tariff.replace('t', 'Т')} за ${formatMonth(former.period)}`,
            before: former[tariff] ?? 'не указано',
            after: item[tariff] ?? 'не указано',
          },
        ],
  );
