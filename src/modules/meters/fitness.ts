import { addDays, type Day } from '../../platform/month.ts';
import type { EstimateCause } from './estimate.ts';
import { type Meter, verifyByOf } from './meter.ts';
import type { MeterChange } from './tables.ts';

/** Days on which what a device shows does not count, both inclusive; without an end they last. */
export interface UnfitSpan {
  from: Day;
  to: Day | null;
  cause: Extract<EstimateCause, 'failed' | 'verification'>;
}

/** What a version of a device says of its fitness. */
export interface FitnessVersion {
  change: MeterChange;
  onDay: Day;
  verifiedOn: Day | null;
  verificationInterval: number | null;
}

type Present = Pick<Meter, 'state' | 'brokenOn' | 'verifiedOn' | 'verifyBy'>;

/**
 * When a device was unfit, in the order in which it became so: from its breakage to the day before its repair, and from the end of one
 * verification to the day before the next. A broken one that was taken down stays broken.
 * @param versions its changes in the order in which they were entered
 */
export const unfitSpans = (meter: Present, versions: readonly FitnessVersion[]): UnfitSpan[] =>
  [...failures(meter, versions), ...lapses(meter, versions)].sort((a, b) => (a.from < b.from ? -1 : 1));

/** The span that a day lies in; of several the one that began first. */
export const unfitOn = (spans: readonly UnfitSpan[], day: Day): UnfitSpan | null =>
  spans.find(({ from, to }) => from <= day && (to === null || day <= to)) ?? null;

function failures({ state, brokenOn }: Present, versions: readonly FitnessVersion[]): UnfitSpan[] {
  const spans: UnfitSpan[] = [];
  let since: Day | null = null;
  for (const { change, onDay } of versions) {
    if (change === 'broken') since = onDay;
    if ((change !== 'repaired' && change !== 'restored') || since === null) continue;
    if (since < onDay) spans.push({ from: since, to: addDays(onDay, -1), cause: 'failed' });
    since = null;
  }
  since ??= state === 'broken' ? brokenOn : null;
  return since === null ? spans : [...spans, { from: since, to: null, cause: 'failed' }];
}

/**
 * A later day of verification is a further verification, whoever entered it and how; an earlier one, or another interval, mends what
 * was entered wrongly. Before the first that is known nothing speaks against the device.
 */
function lapses({ verifiedOn, verifyBy }: Present, versions: readonly FitnessVersion[]): UnfitSpan[] {
  const told = versions.map((one) => ({
    on: one.verifiedOn,
    by: verifyByOf(one.verifiedOn, one.verificationInterval),
  }));
  const terms: { on: Day | null; by: Day | null }[] = [];
  for (const term of [...told, { on: verifiedOn, by: verifyBy }]) {
    const last = terms.at(-1);
    if (last && !(last.on && term.on && term.on > last.on)) terms.pop();
    terms.push(term);
  }
  return terms.flatMap(({ by }, index): UnfitSpan[] => {
    const next = terms[index + 1];
    if (by === null || (next && next.on! <= addDays(by, 1))) return [];
    return [{ from: addDays(by, 1), to: next ? addDays(next.on!, -1) : null, cause: 'verification' }];
  });
}
