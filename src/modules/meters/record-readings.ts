import Big from 'big.js';
import type { Transaction } from '../../platform/database/database.ts';
import {
  type FileId,
  type MeterId,
  newId,
  type OrganisationId,
  type PersonId,
  type ReadingId,
  type UploadId,
} from '../../platform/ids.ts';
import { addMonths, type Day, daysBetween, type Month, monthOf } from '../../platform/month.ts';
import type { RulesInForce } from '../../platform/rules/rules.ts';
import { compareShown, type Point, planConsumption } from './consumption.ts';
import type { DeliveryState, Meter, Reading, ReadingSource, Resource, Values } from './meter.ts';
import { deleteConsumption, type MonthOfMeter, selectConsumption, upsertConsumption } from './queries/consumption.ts';
import { lockMeters } from './queries/meters.ts';
import {
  beginReadings,
  correctReadings,
  insertDeliveries,
  insertReadings,
  type NewDelivery,
  type PastDelivery,
  replaceDeliveries,
  selectReadingsAround,
} from './queries/readings.ts';
import {
  type Asked,
  impliedVolume,
  looksSwapped,
  type Question,
  type QuestionKind,
  questionsOf,
  SWAPPED,
} from './questions.ts';
import { addSummary } from './summarise-house.ts';
import { type HousePlace, loadMeterRules, type OwnTaking, takingsOf, todayAt } from './windows.ts';

/** A value as somebody brings it. */
export interface NewReading extends Values {
  meterId: MeterId;
  resource: Resource;
  kind: 'current' | 'control';
  /** The house's own day; null: today. */
  takenOn: Day | null;
  /** The month that takes it, where an organisation says so; else by the window (residents) or the day it was taken. */
  period?: Month | null;
  /** Unusual things about it that were answered «да, всё верно». */
  confirmed: readonly QuestionKind[];
  photoId?: FileId | null;
}

export interface Author {
  source: ReadingSource;
  organisationId: OrganisationId | null;
  personId: PersonId | null;
  uploadId?: UploadId | null;
}

export interface ReadingError {
  field: 'meter' | 't1' | 't2' | 't3' | 'takenOn' | 'period';
  message: string;
}

/** Where a value went: each provider by its own window. */
export interface Delivered {
  providerId: OrganisationId;
  period: Month;
  state: DeliveryState;
}

export type Recorded =
  | {
      /** `same`: this very value stood already; nothing was written. */
      state: 'saved' | 'same';
      readingId: ReadingId;
      period: Month;
      /** Since the value before, in the default unit; null without one. */
      volume: string | null;
      deliveries: Delivered[];
    }
  | { state: 'asks'; questions: Question[] }
  | { state: 'wrong'; errors: ReadingError[] };

/** An item on its way: what is known of its device, and what is to be written. */
interface Draft {
  item: NewReading;
  index: number;
  meter: Meter;
  unit: string;
  takings: OwnTaking[];
  takenOn: Day;
  period: Month;
  asked: Asked;
  replaces: Reading | null;
}

/** How far back months are read for averages. */
const MEMORY = 15;

/** Since when months are needed to count anew from a month on: for averages, and all that the count will write over. */
export function monthsFrom(known: readonly Pick<Reading, 'period'>[], month: Month): Month {
  const opening = known.map(({ period }) => addMonths(period, 1));
  return [addMonths(month, -MEMORY), ...opening].sort()[0]!;
}

/**
 * Records values of devices of one house, many at once, in the order of `items`: what is good is written, what is unusual is asked
 * about, what is wrong is said; one bad value holds up no other. A new value of the same source and month corrects the former one, and
 * its months are counted anew. The devices are held until the transaction ends, so that two tabs, a resident and a clerk, or a
 * replacement come one after the other.
 * @param at the moment that decides about windows, in the house's own zone
 */
export async function recordReadings(
  trx: Transaction,
  house: HousePlace,
  items: readonly NewReading[],
  author: Author,
  at: Date,
): Promise<Recorded[]> {
  const today = todayAt(house, at);
  const meters = await lockMeters(trx, house.houseId, [...new Set(items.map(({ meterId }) => meterId))]);
  const byId = new Map(meters.map((meter) => [meter.meterId, meter]));
  const providers = [...new Set(meters.flatMap(({ accounts }) => accounts.map(({ providerId }) => providerId)))];
  const rules = await loadMeterRules(trx, [house], providers);
  const results: (Recorded | null)[] = items.map(() => null);
  const placed = items.flatMap((item, index) => {
    const meter = byId.get(item.meterId);
    const errors = errorsOf(item, meter, today);
    if (errors.length > 0 || !meter) {
      results[index] = { state: 'wrong', errors };
      return [];
    }
    // Windows bind residents; an organisation's value is of the month that it names.
    const takings = author.source === 'organisation' ? [] : takingsOf(rules, house, meter, today);
    const takenOn = item.takenOn ?? today;
    const period = periodOf(item, author, takings, takenOn);
    if (period > addMonths(monthOf(today), 1)) {
      results[index] = { state: 'wrong', errors: [{ field: 'period', message: 'Этот месяц ещё не наступил' }] };
      return [];
    }
    const unit = meter.resources.find(({ resource }) => resource === item.resource)!.unit;
    return [{ item, index, meter, unit, takings, takenOn, period }];
  });
  const first = placed.map(({ period }) => period).sort()[0];
  if (!first) return results as Recorded[];
  const ids = [...new Set(placed.map(({ meter }) => meter.meterId))];
  const known = await selectReadingsAround(trx, house.houseId, ids, first);
  const months = await selectConsumption(trx, house.houseId, ids, monthsFrom(known, first));
  const points = Map.groupBy(beginInTime(known, placed), keyOf);
  const used = Map.groupBy(months, keyOf);
  const writing = new Writing(house, author, at, points);
  const drafts = placed.map((one): Draft => {
    const own = points.get(keyOf(one.item)) ?? [];
    const replaces = own.find((reading) => isSameEntry(reading, one.item, one.period, author)) ?? null;
    return { ...one, replaces, asked: askedOf(one, own, replaces, used.get(keyOf(one.item)) ?? [], rules, today) };
  });
  for (const draft of drafts) results[draft.index] = judge(draft, drafts, writing);
  await writing.flush(trx, used, rules, today);
  return results as Recorded[];
}

/**
 * A window may end in the month after its own: a device that was put up then, and read before the window closed, begins in the month
 * that takes its first value, not after it.
 */
function beginInTime(
  known: readonly Reading[],
  placed: readonly Pick<Draft, 'item' | 'period' | 'takenOn'>[],
): Reading[] {
  return known.map((reading) => {
    if (reading.kind !== 'base') return reading;
    const earlier = placed
      .filter(({ item, takenOn }) => keyOf(item) === keyOf(reading) && reading.takenOn <= takenOn)
      .map(({ period }) => period);
    return { ...reading, period: [reading.period, ...earlier].sort()[0]! };
  });
}

const keyOf = ({ meterId, resource }: { meterId: MeterId; resource: Resource }): string => `${meterId} ${resource}`;

const TARIFFS = ['t1', 't2', 't3'] as const;

function errorsOf(item: NewReading, meter: Meter | undefined, today: Day): ReadingError[] {
  if (!meter?.resources.some(({ resource }) => resource === item.resource))
    return [{ field: 'meter', message: 'Такого прибора нет' }];
  if (meter.state === 'archived')
    return [{ field: 'meter', message: 'Прибор снят с учёта: передайте показания нового прибора' }];
  const errors: ReadingError[] = TARIFFS.flatMap((field, index): ReadingError[] => {
    if (index < meter.tariffs && item[field] === null) return [{ field, message: `Укажите показание Т${index + 1}` }];
    if (index >= meter.tariffs && item[field] !== null)
      return [{ field, message: `У этого прибора нет тарифа Т${index + 1}` }];
    const whole = item[field]?.split('.')[0] ?? '';
    if (meter.digits !== null && whole.length > meter.digits)
      return [{ field, message: `На этом приборе ${meter.digits} знаков до запятой: проверьте, где запятая` }];
    return [];
  });
  if (item.takenOn && item.takenOn > today) errors.push({ field: 'takenOn', message: 'Этот день ещё не наступил' });
  if (item.takenOn && meter.usedFrom && item.takenOn < meter.usedFrom)
    errors.push({ field: 'takenOn', message: 'В этот день прибор ещё не работал' });
  return errors;
}

/** Windows decide for residents and devices that send by themselves; an organisation's value is of the month it was taken in. */
function periodOf(item: NewReading, author: Author, takings: readonly OwnTaking[], takenOn: Day): Month {
  if (author.source === 'organisation') return item.period ?? monthOf(takenOn);
  return takings.map(({ period }) => period).sort()[0]!;
}

const isSameEntry = (reading: Reading, item: NewReading, period: Month, author: Author): boolean =>
  reading.period === period &&
  reading.kind === item.kind &&
  reading.source === author.source &&
  reading.organisationId === author.organisationId;

/** The value before, without the one that is being corrected; the average of the last measured months. */
function askedOf(
  { item, meter, unit, period }: Pick<Draft, 'item' | 'meter' | 'unit' | 'period'>,
  own: readonly Reading[],
  replaces: Reading | null,
  used: readonly MonthOfMeter[],
  rules: RulesInForce,
  today: Day,
): Asked {
  // Another source's current value of the same month is no value before: it says the same month otherwise.
  const last = newest(
    own.filter(
      (reading) =>
        reading !== replaces && (reading.period < period || (reading.period === period && reading.kind !== 'current')),
    ),
  );
  const measured = used
    .filter((month) => month.period < period && (month.method === 'reading' || month.method === 'shared'))
    .slice(-6);
  const average =
    measured.length < 3
      ? null
      : measured
          .reduce((total, { volume }) => total.plus(volume), new Big(0))
          .div(measured.length)
          .toFixed(7);
  return {
    counting: { ...meter, resource: item.resource, unit },
    last,
    value: item,
    average,
    months: last ? Math.max(1, Math.round(daysBetween(last.takenOn, item.takenOn ?? today) / 30)) : 1,
    jumpFactor: rules.get('reading.jump_factor', today).value,
  };
}

export const newest = (readings: readonly Reading[]): Reading | null =>
  readings.reduce<Reading | null>((last, one) => (last === null || compareShown(one, last) > 0 ? one : last), null);

function judge(draft: Draft, all: readonly Draft[], writing: Writing): Recorded {
  const { item, replaces, asked, period } = draft;
  const implied = impliedVolume(asked);
  if (replaces && TARIFFS.every((tariff) => isEqual(replaces[tariff], item[tariff])))
    return {
      state: 'same',
      readingId: replaces.readingId,
      period,
      volume: implied?.volume.total ?? null,
      deliveries: writing.deliveriesOf(draft),
    };
  if (writing.has(draft))
    return { state: 'wrong', errors: [{ field: 'meter', message: 'Показание этого прибора уже есть выше' }] };
  const open = openQuestions(draft, all).filter(({ kind }) => !item.confirmed.includes(kind));
  if (open.length > 0) return { state: 'asks', questions: open };
  return {
    state: 'saved',
    readingId: writing.add(draft, implied?.rolledOver ?? false),
    period,
    volume: implied?.volume.total ?? null,
    deliveries: writing.deliveriesOf(draft),
  };
}

const isEqual = (a: string | null, b: string | null): boolean =>
  a === null || b === null ? a === b : new Big(a).eq(b);

/** Cold and hot of one home in each other's fields is one question instead of two riddles. */
function openQuestions(draft: Draft, all: readonly Draft[]): Question[] {
  const { item, meter, asked } = draft;
  const twin = all.find(
    (other) =>
      other.meter.premisesId === meter.premisesId &&
      ((item.resource === '1' && other.item.resource === '2') ||
        (item.resource === '2' && other.item.resource === '1')),
  );
  const swapped = twin && (item.resource === '1' ? looksSwapped(asked, twin.asked) : looksSwapped(twin.asked, asked));
  return swapped && !item.confirmed.includes('swapped') ? [SWAPPED] : questionsOf(asked);
}

/** What one call writes, gathered, in few statements. */
class Writing {
  readonly #house: HousePlace;
  readonly #author: Author;
  readonly #at: Date;
  readonly #points: Map<string, Reading[]>;
  readonly #new: (Reading & { uploadId: string | null })[] = [];
  readonly #corrected: { readingId: ReadingId; replacedBy: ReadingId }[] = [];
  readonly #past: PastDelivery[] = [];
  readonly #begun: { readingId: ReadingId; period: Month }[] = [];
  readonly #deliveries: NewDelivery[] = [];
  readonly #touched = new Map<string, { meter: Meter; resource: Resource; unit: string; from: Month }>();

  constructor(house: HousePlace, author: Author, at: Date, points: Map<string, Reading[]>) {
    this.#house = house;
    this.#author = author;
    this.#at = at;
    this.#points = points;
  }

  has({ item, period }: Draft): boolean {
    return this.#new.some((one) => keyOf(one) === keyOf(item) && one.period === period && one.kind === item.kind);
  }

  deliveriesOf({ meter, takings, period }: Draft): Delivered[] {
    const { source, organisationId } = this.#author;
    return [...new Set(meter.accounts.map(({ providerId }) => providerId))].map((providerId) => ({
      providerId,
      period:
        source === 'organisation'
          ? period
          : (takings.find((taking) => taking.providerId === providerId)?.period ?? period),
      // What an organisation enters itself it has accepted.
      state: providerId === organisationId ? 'accepted' : 'received',
    }));
  }

  add(draft: Draft, rolledOver: boolean): ReadingId {
    const { item, meter, unit, takenOn, period, replaces } = draft;
    const readingId = newId<ReadingId>();
    const { source, organisationId, personId, uploadId } = this.#author;
    const reading: Reading & { uploadId: string | null } = {
      houseId: this.#house.houseId,
      readingId,
      meterId: meter.meterId,
      resource: item.resource,
      kind: item.kind,
      period,
      takenOn,
      t1: item.t1,
      t2: item.t2,
      t3: item.t3,
      rolledOver,
      source,
      organisationId,
      personId,
      enteredAt: this.#at,
      confirmed: [...item.confirmed],
      photoId: item.photoId ?? null,
      state: 'active',
      uploadId: uploadId ?? null,
    };
    const own = this.#points.get(keyOf(item)) ?? [];
    if (replaces) this.#corrected.push({ readingId: replaces.readingId, replacedBy: readingId });
    // Another source's value is the word no more where the new one differs and was taken later, as months are counted; a control value
    // stays. Where windows differ, the value of a month may stand for the next one at a provider.
    const differ = new Set(draft.takings.map(({ rule }) => rule.value)).size > 1;
    const past = own.filter(
      (one) =>
        one === replaces ||
        (one.kind === 'current' &&
          (one.period === period || differ) &&
          one.takenOn <= takenOn &&
          !TARIFFS.every((tariff) => isEqual(one[tariff], item[tariff]))),
    );
    const base = own.find((one) => one.kind === 'base');
    if (base && base.period === period) this.#begun.push({ readingId: base.readingId, period });
    this.#points.set(keyOf(item), [...own.filter((one) => one !== replaces), reading]);
    this.#new.push(reading);
    for (const { providerId, period: taking, state } of this.deliveriesOf(draft)) {
      // A provider whose window has closed keeps the value that it took: the new one is of its next month.
      this.#past.push(...past.map((one) => ({ readingId: one.readingId, providerId, period: taking })));
      this.#deliveries.push({
        houseId: this.#house.houseId,
        readingId,
        providerId,
        accountId: meter.accounts.find((account) => account.providerId === providerId)!.accountId,
        meterId: meter.meterId,
        period: taking,
        state: state === 'accepted' ? 'accepted' : 'received',
        by: state === 'accepted' ? personId : null,
      });
    }
    const known = this.#touched.get(keyOf(item));
    const from = known && known.from < period ? known.from : period;
    this.#touched.set(keyOf(item), { meter, resource: item.resource, unit, from });
    return readingId;
  }

  async flush(
    trx: Transaction,
    used: ReadonlyMap<string, readonly MonthOfMeter[]>,
    rules: RulesInForce,
    today: Day,
  ): Promise<void> {
    if (this.#new.length === 0) return;
    const { houseId } = this.#house;
    await correctReadings(trx, houseId, this.#corrected);
    await beginReadings(trx, houseId, this.#begun);
    await insertReadings(trx, this.#new);
    await replaceDeliveries(trx, houseId, this.#past, this.#at);
    await insertDeliveries(trx, this.#deliveries, this.#at);
    const plans = [...this.#touched].map(([key, { meter, resource, unit, from }]) =>
      planMonths({
        meter,
        resource,
        unit,
        points: this.#points.get(key) ?? [],
        known: used.get(key) ?? [],
        from,
        rules,
        today,
      }),
    );
    await upsertConsumption(
      trx,
      houseId,
      plans.flatMap(({ months }) => months),
      this.#at,
    );
    await deleteConsumption(
      trx,
      houseId,
      plans.flatMap(({ gone }) => gone),
    );
    await addSummary(trx, houseId, this.#at);
  }
}

/** The months that new readings of a device change; estimates are the nightly job's. */
export function planMonths(input: {
  meter: Meter;
  resource: Resource;
  unit: string;
  points: readonly Reading[];
  known: readonly MonthOfMeter[];
  from: Month;
  rules: RulesInForce;
  today: Day;
}): { months: (MonthOfMeter & { premisesId: Meter['premisesId'] })[]; gone: MonthOfMeter[] } {
  const { meter, resource, unit, points, known, rules, today } = input;
  const { from, counted } = countFrom(points, input.from);
  const months = planConsumption({
    meter,
    counting: { ...meter, resource, unit },
    points: counted,
    known,
    from,
    until: addMonths(from, -1),
    rules: estimateRules(rules, today),
    norm: null,
  }).map((month) => ({ ...month, meterId: meter.meterId, resource, premisesId: meter.premisesId }));
  const planned = new Set(months.map(({ period }) => period));
  // An estimate of a month that no reading covers stands until the job makes it anew.
  const gone = known.filter(
    ({ period, method }) => period >= from && !planned.has(period) && (method === 'reading' || method === 'shared'),
  );
  return { months, gone };
}

/** The count opens with the last value before the month; the months between belong to the new value. */
export function countFrom(points: readonly Reading[], month: Month): { from: Month; counted: readonly Point[] } {
  const before = newest(points.filter(({ period }) => period < month));
  const counted = [...(before ? [before] : []), ...points.filter(({ period }) => period >= month)];
  return { from: before ? addMonths(before.period, 1) : month, counted };
}

export const estimateRules = (rules: RulesInForce, today: Day) => ({
  minMonths: Number(rules.get('estimate.min_months', today).value),
  leastMonths: Number(rules.get('estimate.least_months', today).value),
  maxPeriods: Number(rules.get('estimate.max_periods', today).value),
  multiplier: rules.get('estimate.multiplier', today).value,
});
