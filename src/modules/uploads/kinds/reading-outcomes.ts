import type { Transaction } from '../../../platform/database/database.ts';
import {
  type Author,
  type NewReading,
  type Question,
  type QuestionKind,
  type Recorded,
  recordReadings,
} from '../../meters/index.ts';

export interface Candidate {
  item: NewReading;
  /** The file says why the value is unusual. */
  explained: boolean;
}

export interface Outcome {
  recorded: Recorded;
  /** Unusual things that were accepted. */
  accepted: Question[];
}

/** What is taken with a remark: people go away and come back, pipes burst, dials pass through zero. */
const USUAL_ENOUGH: readonly QuestionKind[] = ['zero', 'jump', 'rollover'];

/** A reading answers at most these one after another: swapped, then a fall or a jump behind it. */
const ROUNDS = 3;

/**
 * Records the values of a file: what may be accepted with a remark is recorded, confirmed by the organisation; a fall or swapped waters
 * need a reason in the row. Where the organisation is strict every unusual value does.
 */
export async function recordFile(
  trx: Transaction,
  house: Parameters<typeof recordReadings>[1],
  candidates: readonly Candidate[],
  { strict, ...author }: Author & { strict: boolean },
  at: Date,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = (
    await recordReadings(
      trx,
      house,
      candidates.map(({ item }) => item),
      author,
      at,
    )
  ).map((recorded) => ({ recorded, accepted: [] }));
  const accepts = (index: number, { kind }: Question) =>
    candidates[index]!.explained || (!strict && USUAL_ENOUGH.includes(kind));
  for (let round = 0; round < ROUNDS; round += 1) {
    const again = outcomes.flatMap(({ recorded }, index) =>
      recorded.state === 'asks' && recorded.questions.every((question) => accepts(index, question)) ? [index] : [],
    );
    if (again.length === 0) break;
    for (const index of again) {
      const { recorded, accepted } = outcomes[index]!;
      if (recorded.state === 'asks') accepted.push(...recorded.questions);
    }
    const items = again.map((index) => ({
      ...candidates[index]!.item,
      confirmed: outcomes[index]!.accepted.map(({ kind }) => kind),
    }));
    const recorded = await recordReadings(trx, house, items, author, at);
    for (const [place, index] of again.entries()) outcomes[index]!.recorded = recorded[place]!;
  }
  return outcomes;
}

/** The figures of a question without what it asks of a resident. */
const figures = ({ text }: Question): string => {
  const first = text.split(/[.?](?:\s|$)/)[0]!;
  return /^Т\d/.test(first) ? first : `${first.charAt(0).toLowerCase()}${first.slice(1)}`;
};

const ADVICE: Readonly<Record<QuestionKind, string>> = {
  fall: 'проверьте цифры или укажите причину в столбце «Причина»',
  swapped: 'проверьте, где какой прибор, или укажите причину в столбце «Причина»',
  zero: 'объясните в столбце «Причина»: ваша организация не принимает необычное без объяснения',
  jump: 'объясните в столбце «Причина»: ваша организация не принимает необычное без объяснения',
  rollover: 'объясните в столбце «Причина»: ваша организация не принимает необычное без объяснения',
};

export const refusalOf = (question: Question): string => `${figures(question)}: ${ADVICE[question.kind]}`;

export const remarkOf = (question: Question, reason: string | null): string =>
  `${figures(question)}${reason === null ? '' : `, причина: ${reason}`}`;
