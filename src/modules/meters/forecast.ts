import Big from 'big.js';
import type { Kopecks } from '../../platform/money.ts';
import type { Month } from '../../platform/month.ts';
import { type Estimate, type EstimateCause, type EstimateRules, estimateVolume, type Norm } from './estimate.ts';
import type { Resource } from './meter.ts';
import { priceOfTotal, type Tariff } from './price.ts';
import type { MonthOfMeter } from './queries/consumption.ts';
import { rounded } from './volume.ts';

/** What is known of one resource of a device, to say what is charged without its readings. */
export interface Known {
  resource: Resource;
  months: readonly MonthOfMeter[];
  norm: Norm | null;
  tariff: Tariff | null;
}

export interface Forecast {
  method: Estimate['method'];
  volume: string;
  price: Kopecks | null;
}

const HEAT: Resource = '5';

const isMeasured = ({ method }: MonthOfMeter) => method === 'reading' || method === 'shared';

/** The average of the last six measured months before `period`, as recording compares with; null when fewer than three are known. */
export function averageOf(months: readonly MonthOfMeter[], period: Month): string | null {
  const measured = months.filter((month) => month.period < period && isMeasured(month)).slice(-6);
  if (measured.length < 3) return null;
  return rounded(measured.reduce((sum, { volume }) => sum.plus(volume), new Big(0)).div(measured.length));
}

const present = (estimate: Estimate | null, tariff: Tariff | null): Forecast | null =>
  estimate && {
    method: estimate.method,
    volume: estimate.volume,
    price: priceOfTotal(tariff, estimate.volume),
  };

/** What a month is charged when no reading comes (354, п. 59–60). Null when neither an average nor a norm is known. */
export function forecastMissing(
  { resource, months, norm, tariff }: Known,
  period: Month,
  rules: EstimateRules,
): Forecast | null {
  return present(estimateVolume({ period, cause: 'not_sent', resource, used: months, rules, norm }), tariff);
}

export interface LapseForecast {
  /** For at most `periods` months. */
  average: Forecast | null;
  periods: number;
  /** After them; `multiplier` where the norm is raised. */
  norm: Forecast | null;
  multiplier: string | null;
}

/** What is charged a month once readings do not count: the device failed or its verification ended. */
export function forecastUnfit(
  { resource, months, norm, tariff }: Known,
  period: Month,
  rules: EstimateRules,
  cause: EstimateCause,
): LapseForecast {
  const estimate = (used: readonly MonthOfMeter[]) => estimateVolume({ period, cause, resource, used, rules, norm });
  const [first, later] = [estimate(months.filter(isMeasured)), estimate([])];
  return {
    average: first?.method === 'average' ? present(first, tariff) : null,
    periods: rules.maxPeriods,
    norm: present(later, tariff),
    multiplier: cause === 'not_sent' || resource === HEAT ? null : rules.multiplier,
  };
}
