import type { Db } from '../../platform/database/database.ts';
import type { Kopecks } from '../../platform/money.ts';
import type { Day } from '../../platform/month.ts';
import { findRule } from '../../platform/rules/rules.ts';
import { type Penalty, penaltyOf } from './penalty.ts';

export interface ExplainedPenalty extends Penalty {
  /** Acts that the figures come from, for the reader. */
  sources: string[];
}

/** Decimal texts compared exactly: "9.5" and "16". */
const scaled = (text: string): bigint => {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(6, '0').slice(0, 6));
};

/**
 * «Пени, если заплатить сегодня»: the lower of the key rate and its cap on the day of payment.
 * Null when a rate or a rule is not entered: nothing is guessed.
 */
export async function explainPenalty(
  db: Db,
  {
    base,
    dueDay,
    today,
    regionCode,
    capitalRepair,
  }: {
    base: Kopecks;
    dueDay: Day;
    today: Day;
    regionCode: string;
    capitalRepair: boolean;
  },
): Promise<ExplainedPenalty | null> {
  const rule = (key: string) => findRule(db, key, today, { regionCode });
  const keyRate = await rule('key_rate');
  const cap = await rule('penalty.rate_cap');
  const free = await rule('penalty.free_days');
  const first = await rule(capitalRepair ? 'penalty.capital_repair' : 'penalty.step1');
  const second = capitalRepair ? null : await rule('penalty.step2');
  const secondFrom = capitalRepair ? null : await rule('penalty.step2_from');
  if (!keyRate || !cap || !free || !first || (!capitalRepair && (!second || !secondFrom))) return null;
  const capped = cap.value !== 'none' && scaled(cap.value) < scaled(keyRate.value);
  const penalty = penaltyOf(base, dueDay, today, {
    freeDays: Number(free.value),
    steps: [
      { fromDay: Number(free.value) + 1, divisor: Number(first.value) },
      ...(second && secondFrom ? [{ fromDay: Number(secondFrom.value), divisor: Number(second.value) }] : []),
    ],
    rate: capped ? cap.value : keyRate.value,
    excluded: excludedRanges((await rule('penalty.excluded_ranges'))?.value ?? ''),
  });
  const used = [capped ? cap : keyRate, free, first, ...(second ? [second] : [])];
  return { ...penalty, sources: [...new Set(used.map(({ source }) => source))] };
}

/** "2022-04-01..2022-10-01 …", both ends inclusive. */
function excludedRanges(text: string): { from: Day; to: Day }[] {
  return [...text.matchAll(/(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})/g)].map(([, from, to]) => ({
    from: from as Day,
    to: to as Day,
  }));
}
