import Big from 'big.js';
import { addMonths, type Month } from '../../platform/month.ts';
import type { ConsumptionMethod, Resource } from './meter.ts';
import { rounded } from './volume.ts';

/**
 * Why a volume is estimated (354, п. 59): а) the device failed, was lost or its verification ended; б) no reading was sent;
 * в) access for a check was refused, after an act.
 */
export type EstimateCause = 'failed' | 'verification' | 'not_sent' | 'no_access';

/** Dated rows: `estimate.min_months`, `estimate.least_months`, `estimate.max_periods`, `estimate.multiplier`. */
export interface EstimateRules {
  /** Months that the average is taken over. */
  minMonths: number;
  /** With less history, at least so many. */
  leastMonths: number;
  /** Billing periods in a row that may go by average. */
  maxPeriods: number;
  /** On the norm for causes а and в. */
  multiplier: string;
}

export interface Norm {
  /** Of a person and month (of a m² and month for heating), exact decimal text. */
  each: string;
  /** People, or m². */
  count: string;
  /** The row of the rules or the bill that says so, for the explanation. */
  source: string;
}

export interface Used {
  period: Month;
  volume: string;
  method: ConsumptionMethod;
}

export interface Estimate {
  method: 'average' | 'norm';
  /** In the default unit of the resource. */
  volume: string;
  basis: {
    cause: EstimateCause;
    /** The months of the average. */
    months?: Month[];
    average?: string;
    norm?: Norm;
    multiplier?: string;
  };
}

const HEAT: Resource = '5';

/**
 * What a month is charged without a reading that counts (354, п. 59–60): the average of at least `minMonths` (with less history
 * `leastMonths`), at most `maxPeriods` months in a row; then the norm, raised for causes а and в, never for heating. Null when neither
 * an average nor a norm is known.
 * @param used earlier months of the device, in any order; only those before `period` count
 */
export function estimateVolume(input: {
  period: Month;
  cause: EstimateCause;
  resource: Resource;
  used: readonly Used[];
  rules: EstimateRules;
  norm: Norm | null;
}): Estimate | null {
  const { period, cause, resource, rules, norm } = input;
  const before = input.used.filter((one) => one.period < period).sort((a, b) => (a.period < b.period ? 1 : -1));
  const measured = before.filter(
    ({ method, volume }) =>
      (method === 'reading' || method === 'shared') &&
      new Big(volume).gte(0) &&
      // Heating is averaged over the heating season.
      (resource !== HEAT || new Big(volume).gt(0)),
  );
  const months = measured.slice(0, rules.minMonths);
  if (months.length >= rules.leastMonths && runOfEstimates(before, period) < rules.maxPeriods) {
    const sum = months.reduce((total, { volume }) => total.plus(volume), new Big(0));
    const average = rounded(sum.div(months.length));
    return {
      method: 'average',
      volume: average,
      basis: { cause, months: months.map((one) => one.period).reverse(), average },
    };
  }
  if (!norm) return null;
  const raised = cause !== 'not_sent' && resource !== HEAT;
  const plain = new Big(norm.each).times(norm.count);
  return {
    method: 'norm',
    volume: rounded(raised ? plain.times(rules.multiplier) : plain),
    basis: { cause, norm, ...(raised ? { multiplier: rules.multiplier } : {}) },
  };
}

/** Months just before `period` that no reading gives: estimated ones, and those for which neither average nor norm was known. */
function runOfEstimates(before: readonly Used[], period: Month): number {
  const last = before.find(({ method }) => method === 'reading' || method === 'shared');
  let run = 0;
  for (let month = addMonths(period, -1); last && month > last.period; month = addMonths(month, -1)) run++;
  return run;
}
