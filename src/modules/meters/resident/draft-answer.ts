import type { FieldError } from '../../../platform/errors.ts';
import type { Question } from '../questions.ts';
import type { OwnMeters } from '../read-own-meters.ts';
import type { Recorded } from '../record-readings.ts';
import { dialNames, savedLines } from './words.ts';

export interface DraftOutcome {
  settled: ReadonlySet<string>;
  questions: ReadonlyMap<string, readonly Question[]>;
  errors: readonly FieldError[];
  isSettled: boolean;
}

/** What became of readings that a browser sent by itself, in words for its person: they see it when they come next. */
export function answerDraft({ homes, providers }: OwnMeters, answers: readonly Recorded[], outcome: DraftOutcome) {
  const names = dialNames({ homes });
  const said = (key: string, text: string) => [names.get(key), text].filter(Boolean).join('. ');
  const deliveries = answers.flatMap((one) => (one.state === 'saved' || one.state === 'same' ? one.deliveries : []));
  return {
    isSettled: outcome.isSettled,
    settled: [...outcome.settled],
    lines: [
      ...savedLines(deliveries, providers),
      ...[...outcome.questions].flatMap(([key, questions]) => questions.map(({ text }) => said(key, text))),
      ...outcome.errors.map(({ field, message }) => said(field.slice(field.indexOf('.') + 1), message)),
    ],
  };
}
