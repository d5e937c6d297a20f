import { type Consumption, planConsumption, unfitSpans } from '../src/modules/meters/index.ts';
import type { ReadingId } from '../src/platform/ids.ts';
import type { Month } from '../src/platform/month.ts';
import { decimal, SCALE } from './amounts.ts';
import type { Correction, Device } from './device.ts';
import type { Span } from './device-stories.ts';

/** The rows of data/rules.json: a test asks the product to reckon all months anew. */
const RULES = { minMonths: 6, leastMonths: 3, maxPeriods: 3, multiplier: '1.5' };

/** Months of a device that has a reading in each of them. */
export function settleEach(device: Device): void {
  const { readings } = device;
  for (let index = 1; index < readings.length; index++) {
    const { period, values } = readings[index]!;
    const before = readings[index - 1]!.values;
    const volumes = values.map((value, tariff) => value - before[tariff]!);
    const [t1, t2] = volumes as [number, number | undefined];
    device.charged.set(period, { volumes, basis: {}, isEstimate: false, corrections: [] });
    device.used.push({
      period,
      volume: decimal(t1 + (t2 ?? 0)),
      t1: decimal(t1),
      t2: t2 === undefined ? null : decimal(t2),
      t3: null,
      method: 'reading',
      estimate: null,
      basis: {},
      reading: index,
    });
  }
}

/** Months by the product's own rules, month by month as the values came: estimates first, and what readings made of them. */
export function settleByRules(device: Device, { months, open }: Span): void {
  let known: Consumption[] = [];
  for (const month of [...months, open]) {
    const isOpen = month === open;
    const until = isOpen ? months.at(-1)! : month;
    const planned = planMonths(device, known, { from: months[0]!, until, last: month });
    if (device.kind !== 'house') charge(device, month, known, planned);
    known = planned;
  }
  device.used = known.map(({ readingId, ...one }) => ({
    ...one,
    reading: readingId === null ? null : Number(readingId),
  }));
}

function planMonths(
  device: Device,
  known: readonly Consumption[],
  { from, until, last }: { from: Month; until: Month; last: Month },
): Consumption[] {
  const { model, readings } = device;
  const points = readings.flatMap(({ kind, period, takenOn, enteredAt, values, declined }, index) =>
    period > last || declined
      ? []
      : [
          {
            // Any name of a reading does: its row is named when it is written.
            readingId: String(index) as ReadingId,
            kind,
            period,
            takenOn,
            enteredAt,
            t1: decimal(values[0]!),
            t2: values[1] === undefined ? null : decimal(values[1]),
            t3: null,
            rolledOver: false,
          },
        ],
  );
  return planConsumption({
    meter: device,
    unfit: unfitSpans(device, []),
    counting: { ...model, givesVolume: false },
    points,
    known,
    from,
    until,
    rules: RULES,
    norm: null,
  });
}

/** What the bill of a month charges, and what it makes good of those before. */
function charge(device: Device, month: Month, known: readonly Consumption[], planned: readonly Consumption[]): void {
  const own = planned.find(({ period }) => period === month);
  if (!own) return;
  const corrections = planned.flatMap(({ period, volume }): Correction[] => {
    const before = known.find((one) => one.period === period);
    return before && before.volume !== volume
      ? [{ month: period, from: scaled(before.volume), to: scaled(volume) }]
      : [];
  });
  device.charged.set(month, {
    volumes:
      own.t1 === null ? [scaled(own.volume)] : [own.t1, own.t2].flatMap((text) => (text === null ? [] : scaled(text))),
    basis: own.basis,
    isEstimate: own.method === 'average' || own.method === 'norm',
    corrections,
  });
}

/** @throws RangeError when ten-thousandths do not hold it */
function scaled(text: string): number {
  const value = Math.round(Number(text) * SCALE);
  if (decimal(value) !== text) throw new RangeError(`${text} has more than four decimals`);
  return value;
}
