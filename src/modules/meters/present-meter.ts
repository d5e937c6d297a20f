import type { AccountId, HouseId } from '../../platform/ids.ts';
import type { Day, Month } from '../../platform/month.ts';
import type { RulesInForce } from '../../platform/rules/rules.ts';
import type { AccountCard } from '../accounts/index.ts';
import type { LastCharges } from '../billing/index.ts';
import type { HouseCard } from '../houses/index.ts';
import type { Norm } from './estimate.ts';
import { averageOf, type Known } from './forecast.ts';
import type { Delivery, Meter, Reading, Resource } from './meter.ts';
import { normFor } from './norm.ts';
import { newest } from './plan-months.ts';
import { type Tariff, tariffOf } from './price.ts';
import type { MonthOfMeter } from './queries/consumption.ts';
import type { DeclinedReading } from './queries/readings.ts';
import { type Counting, type Volume, volumeOf } from './volume.ts';
import { type OwnTaking, takingsOf } from './windows.ts';

/** One resource of a device as its resident sees it. */
export interface OwnResource extends Known {
  resource: Resource;
  counting: Counting;
  /** What a new value of the resident is compared with: the newest value but their own of this month. */
  previous: Reading | null;
  /** The newest value of all. */
  last: Reading | null;
  /** The value that stands for the month being taken, of whatever source, and the one that this resident's home has sent. */
  current: Reading | null;
  own: Reading | null;
  /** What `current` means since the value before it. */
  used: Volume | null;
  deliveries: Delivery[];
  /** The last value of the month, when it was declined and none has come since. */
  declined: DeclinedReading | null;
  /** Of a month; null when fewer than three are measured. */
  average: string | null;
  months: MonthOfMeter[];
  tariff: Tariff | null;
  norm: Norm | null;
}

export interface OwnMeter {
  meter: Meter;
  houseId: HouseId;
  takings: OwnTaking[];
  /** The month that a reading of today goes to: the earliest of the providers'. */
  period: Month;
  resources: OwnResource[];
}

/** What was read of a house that bears on its devices. */
export interface FoundHouse {
  row: { accounts: readonly AccountCard[]; bills: readonly LastCharges[] };
  values: {
    readings: ReadonlyMap<string, Reading[]>;
    declined: ReadonlyMap<string, DeclinedReading[]>;
    months: ReadonlyMap<string, MonthOfMeter[]>;
  };
  house: HouseCard;
  today: Day;
}

export const keyOf = ({ meterId, resource }: { meterId: Meter['meterId']; resource: Resource }): string =>
  `${meterId} ${resource}`;

/** A device with all that bears on it, by the rules of today. */
export function presentMeter(meter: Meter, { row, values, house, today }: FoundHouse, rules: RulesInForce): OwnMeter {
  const takings = takingsOf(rules, house, meter, today);
  const period = takings.map((taking) => taking.period).sort()[0]!;
  const charged = new Set<AccountId>(meter.accounts.map(({ accountId }) => accountId));
  const bills = row.bills.filter(({ accountId }) => charged.has(accountId));
  const accounts = row.accounts.filter(({ accountId }) => charged.has(accountId));
  const resources = meter.resources.map(({ resource, unit }) => {
    const key = keyOf({ meterId: meter.meterId, resource });
    const counting = { ...meter, resource, unit };
    const months = values.months.get(key) ?? [];
    const stands = standing(values.readings.get(key) ?? [], period, counting);
    const [refused] = (values.declined.get(key) ?? []).filter(({ reading }) => reading.period === period);
    return {
      ...stands,
      resource,
      counting,
      deliveries: [],
      declined: refused && !(stands.current && stands.current.enteredAt >= refused.reading.enteredAt) ? refused : null,
      months,
      average: averageOf(months, period),
      tariff: tariffOf(resource, meter.tariffs, bills),
      norm: normOf(meter, resource, today, house, rules, accounts, bills),
    };
  });
  return { meter, houseId: house.houseId, takings, period, resources };
}

/** The values of a device that matter now, of all that are active. */
function standing(readings: readonly Reading[], period: Month, counting: Counting) {
  const until = readings.filter((one) => one.period <= period);
  const ofMonth = until.filter((one) => one.period === period && one.kind === 'current');
  const own = ofMonth.find(({ source }) => source === 'resident') ?? null;
  const current = newest(ofMonth);
  const before = newest(until.filter((one) => one !== current && (one.kind !== 'current' || one.period < period)));
  const opening = before ?? (counting.givesVolume ? { t1: '0', t2: null, t3: null } : null);
  return {
    previous: newest(until.filter((one) => one !== own)),
    last: newest(readings),
    current,
    own,
    used: current && opening && volumeOf(counting, opening, current, current.rolledOver),
  };
}

/** Of a home's own device: that of the house, or of a communal flat, has no norm of its own. */
function normOf(
  meter: Meter,
  resource: Resource,
  on: Day,
  house: HouseCard,
  rules: RulesInForce,
  accounts: readonly AccountCard[],
  bills: readonly LastCharges[],
): Norm | null {
  if (meter.kind === 'house' || meter.kind === 'common_flat') return null;
  for (const account of accounts) {
    const bill = bills.find(({ accountId }) => accountId === account.accountId) ?? null;
    const norm = normFor({ resource, on, house, rules, account, bill });
    if (norm) return norm;
  }
  return null;
}
