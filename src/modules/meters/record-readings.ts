import Big from 'big.js';
import type { Transaction } from '../../platform/database/database.ts';
import type { ReadingId } from '../../platform/ids.ts';
import { addMonths, type Day, daysBetween, type Month, monthOf } from '../../platform/month.ts';
import type { RulesInForce } from '../../platform/rules/rules.ts';
import type { Meter, Reading } from './meter.ts';
import { monthsFrom, newest } from './plan-months.ts';
import { selectUnfit } from './queries/changes.ts';
import { type MonthOfMeter, selectConsumption } from './queries/consumption.ts';
import { lockMeters } from './queries/meters.ts';
import { selectReadingsAround } from './queries/readings.ts';
import { type Asked, impliedVolume, looksSwapped, type Question, questionsOf, SWAPPED } from './questions.ts';
import { type HousePlace, loadMeterRules, type OwnTaking, providersOf, takingsOf, todayAt } from './windows.ts';
import {
  type Author,
  type Delivered,
  type Draft,
  isEqual,
  keyOf,
  type NewReading,
  TARIFFS,
  Writing,
} from './write-readings.ts';

export type { Author, NewReading };

export interface ReadingError {
  field: 'meter' | 't1' | 't2' | 't3' | 'takenOn' | 'period';
  message: string;
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
  const rules = await loadMeterRules(trx, [house], providersOf(meters));
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
  await writing.flush(trx, used, rules, today, await selectUnfit(trx, house.houseId, meters));
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
