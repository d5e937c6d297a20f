import Big from 'big.js';
import { type Kopecks, kopecks } from '../../platform/money.ts';
import type { Month } from '../../platform/month.ts';
import type { LastCharges } from '../billing/index.ts';
import { DEFAULT_UNITS, type Resource, SERVICES_OF, UNITS } from './meter.ts';
import { rounded, type Volume } from './volume.ts';

/** What a default unit of a resource cost by the last bill. */
export interface Tariff {
  /** The month of that bill. */
  period: Month;
  /** Rubles a unit of each tariff of the device, exact decimal text. */
  each: readonly string[];
}

type Line = LastCharges['lines'][number];

/** Units as issuers write them: «куб.м», «м3», «кВт*ч». */
const bare = (unit: string): string =>
  unit
    .toLowerCase()
    .replaceAll('³', '3')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/^(кубм|куб|кубическийметр|м3)$/, 'м3');

/** How lines of zones of the day name themselves. The half-peak goes first: its name holds the peak's. */
const ZONES: readonly [RegExp, 't1' | 't2' | 't3'][] = [
  [/полупик|т\s*3|t\s*3/iu, 't3'],
  [/ноч|т\s*2|t\s*2/iu, 't2'],
  [/д(ень|нев)|пик|т\s*1|t\s*1/iu, 't1'],
];
const zoneOf = ({ service }: Line) => ZONES.find(([pattern]) => pattern.test(service))?.[1] ?? null;

/**
 * What a unit costs by the lines of a service; null where the bills leave it open. Water that is heated has two lines, one in m³ and one
 * in Gcal: the heat of a m³ is what the same bill took for it.
 */
function tariffsOfLines(lines: readonly Line[], unit: string, tariffs: number): string[] | null {
  const direct = lines.filter((line) => line.unit && bare(line.unit) === bare(unit));
  const further = lines.filter((line) => !direct.includes(line));
  const different = [...new Set(direct.map(({ tariff }) => new Big(tariff).toFixed()))];
  if (further.length === 0 && different.length === 1) return Array.from({ length: tariffs }, () => different[0]!);
  if (further.length === 0 && tariffs > 1) {
    const zones = new Map(direct.map((line) => [zoneOf(line), line.tariff]));
    const each = (['t1', 't2', 't3'] as const).slice(0, tariffs).map((zone) => zones.get(zone) ?? null);
    return direct.length === tariffs && each.every((one) => one !== null) ? each : null;
  }
  const [base] = direct;
  if (direct.length !== 1 || !base || tariffs > 1 || further.some(({ volume }) => volume === null)) return null;
  const used = new Big(base.volume ?? 0);
  if (used.lte(0)) return null;
  const more = further.reduce((sum, { tariff, volume }) => sum.plus(new Big(tariff).times(volume!)), new Big(0));
  return [rounded(new Big(base.tariff).plus(more.div(used)))];
}

/** The tariff by the last bill that has lines of the service; null where there is none or it says several things. */
export function tariffOf(resource: Resource, tariffs: number, bills: readonly LastCharges[]): Tariff | null {
  const newest = [...bills].sort((a, b) => (a.period < b.period ? 1 : -1));
  for (const { period, lines } of newest) {
    const own = lines.filter(({ serviceCode }) => serviceCode && SERVICES_OF[resource].includes(serviceCode));
    const each = own.length > 0 ? tariffsOfLines(own, UNITS[DEFAULT_UNITS[resource]]!, tariffs) : null;
    if (each) return { period, each };
  }
  return null;
}

/** The price of a volume in the default unit, to a whole kopeck, half up. Null below zero: nobody is promised money back. */
export function priceOf({ each }: Tariff, volume: Pick<Volume, 't1' | 't2' | 't3'>): Kopecks | null {
  const parts = [volume.t1, volume.t2, volume.t3].map((part, index) => new Big(part ?? 0).times(each[index] ?? 0));
  const rubles = parts.reduce((sum, part) => sum.plus(part), new Big(0));
  if (rubles.lt(0)) return null;
  return kopecks(BigInt(rubles.times(100).round(0, Big.roundHalfUp).toFixed()));
}

/** The price of a volume that is not divided by tariffs; of several tariffs there is none. */
export const priceOfTotal = (tariff: Tariff | null, total: string): Kopecks | null =>
  tariff && new Set(tariff.each).size === 1 ? priceOf(tariff, { t1: total, t2: null, t3: null }) : null;
