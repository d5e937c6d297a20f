import Big from 'big.js';
import type { Meter, Resource, Values } from './meter.ts';
import { UNIT_FACTORS } from './meter.ts';

/** A volume by tariff and in all, exact decimal text of at most 7 decimals, in the default unit of the resource (НСИ 333). */
export interface Volume {
  t1: string;
  t2: string | null;
  t3: string | null;
  total: string;
}

export type Counting = Pick<Meter, 'ratio' | 'digits' | 'givesVolume'> & { resource: Resource; unit: string };

const DECIMALS = 7;
/** The product of two decimals, every digit of it. */
export const timesExactly = (a: string, b: string): string => new Big(a).times(b).toFixed();
export const rounded = (value: Big): string => value.round(DECIMALS, Big.roundHalfUp).toFixed();

/**
 * (current − previous) × ratio × factor of the unit (354, приложение 2). A dial that rolled over has gone past its last digit: its span
 * is added to what fell by more than half of it; a tariff that fell by less beside it has fallen. A device that gives volumes has no
 * previous value. Below zero when a value fell.
 */
export function volumeOf(counting: Counting, before: Values, after: Values, rolledOver: boolean): Volume {
  const factor = new Big(counting.ratio).times(UNIT_FACTORS[counting.resource][counting.unit] ?? '1');
  const differ = (from: string | null, to: string | null): Big | null => {
    if (to === null) return null;
    if (counting.givesVolume) return new Big(to).times(factor);
    const difference = new Big(to).minus(from ?? 0);
    if (!rolledOver || difference.gte(0)) return difference.times(factor);
    // A card may lose its digits after a value was taken so. The dial stood in its last tenth then: its digits are those of the value.
    const span = new Big(10).pow(counting.digits ?? new Big(from ?? 0).round(0, Big.roundDown).toFixed().length);
    return (difference.times(2).lt(span.neg()) ? difference.plus(span) : difference).times(factor);
  };
  const [t1, t2, t3] = [differ(before.t1, after.t1)!, differ(before.t2, after.t2), differ(before.t3, after.t3)];
  const total = t1.plus(t2 ?? 0).plus(t3 ?? 0);
  return { t1: rounded(t1), t2: t2 && rounded(t2), t3: t3 && rounded(t3), total: rounded(total) };
}
