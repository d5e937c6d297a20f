import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReadingId } from '../../platform/ids.ts';
import { addMonths, type Day, day, type Month, month } from '../../platform/month.ts';
import { measure, type Point, planConsumption } from './consumption.ts';
import { estimateVolume, type Used } from './estimate.ts';
import type { UnfitSpan } from './fitness.ts';
import { parseReading, verifyByOf } from './meter.ts';
import { looksSwapped, questionsOf } from './questions.ts';
import { type Counting, volumeOf } from './volume.ts';
import { daysLeft, formatTaking, formatWindow, isOpen, parseWindow, takingOf, takingOn } from './window.ts';

const counting: Counting = { ratio: '1', digits: 5, givesVolume: false, resource: '1', unit: '113' };
const at = (t1: string, t2: string | null = null, t3: string | null = null) => ({ t1, t2, t3 });

describe('values as people type them', () => {
  test.each([
    ['00123,4500', '123.45'],
    ['1 234', '1234'],
    ['0', '0'],
    ['7.', null],
    ['-1', null],
    ['1,23456789', null],
    ['1e3', null],
    ['', null],
  ])('%s', (text, value) => expect(parseReading(text)).toBe(value));
});

describe('windows', () => {
  test('a month and its days; the 31st of a short month is its last', () => {
    expect(takingOf(parseWindow('15..25'), month('2026-11'))).toEqual({
      period: '2026-11',
      from: '2026-11-15',
      to: '2026-11-25',
    });
    expect(takingOf(parseWindow('23..+3'), month('2026-12'))).toMatchObject({ from: '2026-12-23', to: '2027-01-03' });
    expect(takingOf(parseWindow('20..-1'), month('2027-02'))).toMatchObject({ from: '2027-02-20', to: '2027-02-28' });
    expect(takingOf(parseWindow('31..+5'), month('2026-11'))).toMatchObject({ from: '2026-11-30', to: '2026-12-05' });
  });

  test('the 25th is this month, the 26th the next', () => {
    const window = parseWindow('15..25');
    expect(takingOn(window, day('2026-11-25')).period).toBe('2026-11');
    expect(takingOn(window, day('2026-11-26')).period).toBe('2026-12');
    expect(takingOn(parseWindow('23..+3'), day('2026-12-03')).period).toBe('2026-11');
    expect(takingOn(parseWindow('23..+3'), day('2026-12-04')).period).toBe('2026-12');
  });

  test('open days and days left, the last one counted', () => {
    const taking = takingOf(parseWindow('15..25'), month('2026-11'));
    expect(isOpen(taking, day('2026-11-14'))).toBe(false);
    expect(daysLeft(taking, day('2026-11-14'))).toBe(0);
    expect(daysLeft(taking, day('2026-11-15'))).toBe(11);
    expect(daysLeft(taking, day('2026-11-25'))).toBe(1);
    expect(daysLeft(taking, day('2026-11-26'))).toBe(0);
  });

  test.each([
    ['2026-11-15', '2026-11-25', 'с 15 по 25 ноября'],
    ['2026-11-23', '2026-12-03', 'с 23 ноября по 3 декабря'],
  ])('%s to %s reads «%s…»', (from, to, words) => {
    expect(formatTaking({ from: from as Day, to: to as Day }).replaceAll('\u00a0', ' ')).toBe(words);
  });

  test.each(['', '25..15', '+3..25', '0..5', '1..32', '1-25', '15..25..30'])('%s is no window', (text) => {
    expect(() => parseWindow(text)).toThrow(RangeError);
  });

  const dayNumber = fc.oneof(fc.constant(-1), fc.integer({ min: 1, max: 31 }));
  test('a window is written as it is read, and every day goes to exactly one month', () => {
    fc.assert(
      fc.property(dayNumber, dayNumber, fc.boolean(), fc.integer({ min: 0, max: 900 }), (start, end, next, offset) => {
        let window: ReturnType<typeof parseWindow>;
        try {
          window = parseWindow(`${start}..${next ? '+' : ''}${end}`);
        } catch {
          return;
        }
        expect(parseWindow(formatWindow(window))).toEqual(window);
        const today = new Date(Date.UTC(2025, 0, 1 + offset)).toISOString().slice(0, 10) as Day;
        const taking = takingOn(window, today);
        expect(taking.to >= today).toBe(true);
        expect(takingOf(window, addMonths(taking.period, -1)).to < today).toBe(true);
      }),
    );
  });
});

describe('volume', () => {
  test('the difference by the ratio and the unit', () => {
    expect(volumeOf(counting, at('100'), at('104.25'), false).total).toBe('4.25');
    expect(volumeOf({ ...counting, ratio: '30', resource: '3', unit: '245' }, at('10'), at('12'), false).total).toBe(
      '60',
    );
    // МВт·ч of heat are billed in Гкал (НСИ 333).
    expect(volumeOf({ ...counting, resource: '5', unit: '246' }, at('1'), at('3'), false).total).toBe('1.72');
    expect(volumeOf({ ...counting, unit: '112' }, at('1000'), at('5250'), false).total).toBe('4.25');
  });

  test('a dial of five digits past its end', () => {
    expect(volumeOf(counting, at('99998.5'), at('3.2'), true).total).toBe('4.7');
    // The card lost its digits after the value was taken.
    expect(volumeOf({ ...counting, digits: null }, at('99998.5'), at('3.2'), true).total).toBe('4.7');
  });

  test('each tariff by itself', () => {
    const volume = volumeOf({ ...counting, resource: '3', unit: '245' }, at('10', '20'), at('15', '27'), false);
    expect(volume).toEqual({ t1: '5', t2: '7', t3: null, total: '12' });
  });

  test('a device that gives volumes has no value before', () => {
    expect(volumeOf({ ...counting, givesVolume: true }, at('0'), at('3.5'), false).total).toBe('3.5');
  });

  const value = fc.bigInt({ min: 0n, max: 999_999_999_999n }).map((whole) => new Big(whole.toString()).div(10_000_000));
  test('exact; around when it fell by more than half of the dial, below zero when by less', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const volume = new Big(volumeOf(counting, at(a.toFixed()), at(b.toFixed()), b.lt(a)).total);
        const isAround = a.minus(b).gt(50_000);
        expect(volume.eq(isAround ? b.minus(a).plus(100_000) : b.minus(a))).toBe(true);
      }),
    );
  });

  test('one tariff went around, the other fell: a slip of one figure is not a whole dial', () => {
    const two = { ...counting, resource: '3', unit: '245' } as const;
    expect(volumeOf(two, at('99990', '5000'), at('10', '4999'), true)).toMatchObject({ t1: '20', t2: '-1' });
  });
});

describe('questions', () => {
  const asked = { counting, last: at('100'), value: at('104'), average: '4', months: 1, jumpFactor: '3' };
  const kinds = (changes: Partial<typeof asked>) => questionsOf({ ...asked, ...changes }).map(({ kind }) => kind);

  test('what is usual is not asked about', () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ value: at('112') })).toEqual([]);
    expect(questionsOf({ ...asked, last: null })).toEqual([]);
  });

  test('zero, a fall, a jump over three averages, a dial that went around', () => {
    expect(kinds({ value: at('100') })).toEqual(['zero']);
    expect(kinds({ value: at('99') })).toEqual(['fall']);
    expect(kinds({ value: at('112.001') })).toEqual(['jump']);
    expect(kinds({ last: at('99998.5'), value: at('3.2') })).toEqual(['rollover']);
    expect(kinds({ counting: { ...counting, digits: null! }, last: at('99998.5'), value: at('3.2') })).toEqual([
      'fall',
    ]);
  });

  test('of two tariffs one that went around and one that fell are asked about both, with their own figures', () => {
    const two = { ...asked, last: at('5000', '99990'), value: at('4999', '10') };
    expect(questionsOf(two)).toMatchObject([
      { kind: 'rollover', text: expect.stringMatching(/^Т2: прошлое показание 99\u202f990, новое 10:/) },
      { kind: 'fall', text: expect.stringMatching(/^Т1: новое показание 4\u202f999 меньше прошлого 5\u202f000\./) },
    ]);
  });

  test.each([
    ['121.6', 'в 5,4 раза'],
    ['356', 'в 64 раза'],
    ['184', 'в 21 раз'],
    ['5048', 'в 1\u202f237 раз'],
  ])('a jump to %s is said as «%s»', (value, words) => {
    expect(questionsOf({ ...asked, value: at(value) })[0]?.text).toContain(`больше обычного (4) ${words}.`);
  });

  test('several months are compared with several averages', () => {
    expect(kinds({ value: at('130'), months: 3 })).toEqual([]);
    expect(kinds({ value: at('130'), average: null! })).toEqual([]);
  });

  test('one tariff that fell is asked about', () => {
    const two = { ...asked, last: at('100', '50'), value: at('104', '49') };
    expect(questionsOf(two)[0]?.kind).toBe('fall');
  });

  test('cold and hot in each other’s place', () => {
    const cold = { ...asked, last: at('100'), value: at('53') };
    const hot = { ...asked, last: at('50'), value: at('104') };
    expect(looksSwapped(cold, hot)).toBe(true);
    expect(looksSwapped({ ...cold, value: at('104') }, { ...hot, value: at('53') })).toBe(false);
  });
});

const RULES = { minMonths: 6, leastMonths: 3, maxPeriods: 3, multiplier: '1.5' };
const norm = { each: '4.745', count: '2', source: 'норматив' };
const used = (from: string, volumes: readonly number[], method: Used['method'] = 'reading'): Used[] =>
  volumes.map((volume, index) => ({ period: addMonths(month(from), index), volume: String(volume), method }));

describe('estimation without a reading (354, п. 59–60)', () => {
  const base = { cause: 'not_sent', resource: '1', rules: RULES, norm } as const;

  test('the average of the last six months', () => {
    const estimate = estimateVolume({
      ...base,
      period: month('2026-10'),
      used: used('2026-01', [9, 9, 9, 1, 2, 3, 4, 5, 6]),
    });
    expect(estimate).toMatchObject({ method: 'average', volume: '3.5' });
    expect(estimate?.basis.months).toEqual(['2026-04', '2026-05', '2026-06', '2026-07', '2026-08', '2026-09']);
  });

  test('three months are enough, two are not', () => {
    expect(estimateVolume({ ...base, period: month('2026-04'), used: used('2026-01', [1, 2, 3]) })?.volume).toBe('2');
    expect(estimateVolume({ ...base, period: month('2026-03'), used: used('2026-01', [1, 2]) })).toMatchObject({
      method: 'norm',
      volume: '9.49',
    });
  });

  test('three periods by average, the fourth by the norm, without a multiplier where only nobody sent', () => {
    const known = [...used('2026-01', [2, 2, 2, 2, 2, 2]), ...used('2026-07', [2, 2, 2], 'average')];
    expect(estimateVolume({ ...base, period: month('2026-09'), used: known })?.method).toBe('average');
    const fourth = estimateVolume({ ...base, period: month('2026-10'), used: known });
    expect(fourth).toMatchObject({ method: 'norm', volume: '9.49' });
    expect(fourth?.basis.multiplier).toBeUndefined();
    expect(estimateVolume({ ...base, cause: 'verification', period: month('2026-10'), used: known })).toMatchObject({
      volume: '14.235',
      basis: { multiplier: '1.5' },
    });
  });

  test('a month for which nothing was known is a period by no reading too: the three do not begin anew', () => {
    const known = [...used('2026-01', [2, 2, 2]), ...used('2026-04', [2, 2, 2], 'average')];
    expect(estimateVolume({ ...base, norm: null, period: month('2026-07'), used: known })).toBeNull();
    expect(estimateVolume({ ...base, norm: null, period: month('2026-08'), used: known })).toBeNull();
  });

  test('heating: the average of the season, never a multiplier', () => {
    const season = used('2026-01', [1, 1, 1, 0, 0, 0, 0, 0, 0]);
    const heat = { ...base, resource: '5', cause: 'failed', used: season } as const;
    expect(estimateVolume({ ...heat, period: month('2026-10') })?.volume).toBe('1');
    expect(estimateVolume({ ...heat, period: month('2026-10'), used: [] })?.volume).toBe('9.49');
  });

  test('nothing known, nothing said', () => {
    expect(estimateVolume({ ...base, norm: null, period: month('2026-10'), used: [] })).toBeNull();
  });
});

let order = 0;
const point = (
  period: string,
  takenOn: string,
  t1: string,
  kind: Point['kind'] = 'current',
  rolledOver = false,
): Point => ({
  readingId: `r${++order}` as ReadingId,
  kind,
  period: month(period),
  takenOn: day(takenOn),
  ...at(t1),
  rolledOver,
  enteredAt: new Date(`${takenOn}T10:00:00Z`),
});
const meter = { archivedOn: null };
const volumes = (months: readonly { period: Month; volume: string }[]) =>
  Object.fromEntries(months.map(({ period, volume }) => [period, volume]));

describe('months from readings', () => {
  test('a month each', () => {
    const months = measure(counting, [
      point('2026-08', '2026-08-01', '0', 'base'),
      point('2026-08', '2026-08-20', '3'),
      point('2026-09', '2026-09-21', '7.5'),
    ]);
    expect(volumes(months)).toEqual({ '2026-08': '3', '2026-09': '4.5' });
    expect(months.every(({ method }) => method === 'reading')).toBe(true);
  });

  test('months without a reading share what ran, to the last digit', () => {
    const months = measure(counting, [point('2026-06', '2026-06-20', '10'), point('2026-09', '2026-09-20', '20')]);
    expect(volumes(months)).toEqual({ '2026-07': '3.3333333', '2026-08': '3.3333333', '2026-09': '3.3333334' });
    expect(months[0]).toMatchObject({ method: 'shared', basis: { from: '2026-07', to: '2026-09' } });
  });

  test('what ran while the device was away for verification counts for nothing', () => {
    const months = measure(counting, [
      point('2026-08', '2026-08-20', '10'),
      point('2026-09', '2026-09-02', '12', 'verification_start'),
      point('2026-09', '2026-09-05', '15', 'verification_end'),
      point('2026-09', '2026-09-20', '18'),
    ]);
    expect(volumes(months)).toEqual({ '2026-09': '5' });
  });

  test('a verification on the spot ends after it began, in whatever order its values come', () => {
    const points = [
      point('2026-08', '2026-08-20', '10'),
      point('2026-09', '2026-09-05', '12', 'verification_start'),
      point('2026-09', '2026-09-05', '0', 'verification_end'),
      point('2026-09', '2026-09-20', '3'),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(points, { minLength: points.length }), (shuffled) => {
        expect(volumes(measure(counting, shuffled))).toEqual({ '2026-09': '5' });
      }),
    );
  });

  test('a value that somebody sends while the device is away counts for nothing', () => {
    const months = measure(counting, [
      point('2026-08', '2026-08-20', '10'),
      point('2026-09', '2026-09-02', '12', 'verification_start'),
      point('2026-09', '2026-09-04', '12'),
      point('2026-09', '2026-09-05', '0', 'verification_end'),
      point('2026-09', '2026-09-20', '3'),
    ]);
    expect(volumes(months)).toEqual({ '2026-09': '5' });
  });

  test('a start whose end was declined holds up nothing that comes later', () => {
    const months = measure(counting, [
      point('2026-08', '2026-08-20', '10'),
      point('2026-09', '2026-09-02', '12', 'verification_start'),
      point('2026-09', '2026-09-20', '13'),
      point('2026-10', '2026-10-20', '20'),
    ]);
    expect(volumes(months)).toEqual({ '2026-09': '2', '2026-10': '7' });
  });

  test('of a device that gives volumes two sources of a month are one volume, the later', () => {
    const months = measure({ ...counting, givesVolume: true }, [
      point('2026-08', '2026-08-01', '1', 'base'),
      point('2026-09', '2026-09-20', '10'),
      point('2026-09', '2026-09-20', '11', 'control'),
      point('2026-10', '2026-10-20', '7'),
    ]);
    expect(volumes(months)).toEqual({ '2026-09': '11', '2026-10': '7' });
  });

  test('two sources that saw the dial go around count it once', () => {
    const months = measure(counting, [
      point('2026-08', '2026-08-20', '99990'),
      point('2026-09', '2026-09-20', '5', 'current', true),
      point('2026-09', '2026-09-21', '4', 'current', true),
    ]);
    expect(volumes(months)).toEqual({ '2026-09': '14' });
  });

  test('a control value is the last word of its day', () => {
    const months = measure(counting, [
      point('2026-08', '2026-08-20', '10'),
      point('2026-09', '2026-09-20', '14', 'control'),
      point('2026-09', '2026-09-20', '16'),
    ]);
    expect(volumes(months)).toEqual({ '2026-09': '4' });
  });

  test('the months add up to the last value less the first, whatever is missing', () => {
    const steps = fc.array(
      fc.record({ gap: fc.integer({ min: 0, max: 5 }), used: fc.integer({ min: 0, max: 1_000_000 }) }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        let period = month('2024-01');
        let value = new Big(0);
        const points = [point(period, `${period}-01`, '0', 'base')];
        for (const { gap, used: ran } of all) {
          period = addMonths(period, gap);
          value = value.plus(new Big(ran).div(10_000));
          points.push(point(period, `${period}-20`, value.toFixed()));
        }
        const sum = measure(counting, points).reduce((total, one) => total.plus(one.volume), new Big(0));
        expect(sum.eq(value)).toBe(true);
      }),
    );
  });
});

const lapsed = (from: string, to: string | null = null): UnfitSpan[] => [
  { from: day(from), to: to === null ? null : day(to), cause: 'verification' },
];

describe('the plan of months', () => {
  const plan = (changes: Partial<Parameters<typeof planConsumption>[0]>) =>
    planConsumption({
      meter,
      unfit: [],
      counting,
      points: [],
      known: [],
      from: month('2026-09'),
      until: month('2026-10'),
      rules: RULES,
      norm,
      ...changes,
    });
  const history = used('2026-03', [2, 2, 2, 2, 2, 2]).map((one) => ({ ...one, estimate: null }));

  test('a closed month without a reading is estimated', () => {
    const months = plan({ points: [point('2026-08', '2026-08-20', '100')], known: history });
    expect(months.map(({ period, method, volume }) => [period, method, volume])).toEqual([
      ['2026-09', 'average', '2'],
      ['2026-10', 'average', '2'],
    ]);
    expect(months[0]?.basis.cause).toBe('not_sent');
  });

  test('a reading replaces the estimates and keeps them beside it', () => {
    const estimated = used('2026-09', [2, 2], 'average').map((one) => ({ ...one, estimate: null }));
    const months = plan({
      points: [point('2026-08', '2026-08-20', '100'), point('2026-11', '2026-11-20', '109')],
      known: [...history, ...estimated],
    });
    expect(months.map(({ period, method, volume, estimate }) => [period, method, volume, estimate])).toEqual([
      ['2026-09', 'shared', '3', '2'],
      ['2026-10', 'shared', '3', '2'],
      ['2026-11', 'shared', '3', null],
    ]);
  });

  test('what was charged because the device did not count stands', () => {
    const charged = used('2026-09', [3.5, 2], 'average').map((one, index) => ({
      ...one,
      estimate: null,
      basis: { cause: index === 0 ? ('verification' as const) : ('not_sent' as const) },
    }));
    const months = plan({
      unfit: lapsed('2026-09-11', '2026-10-01'),
      points: [point('2026-08', '2026-08-20', '100'), point('2026-11', '2026-11-20', '109')],
      known: [...history, ...charged],
    });
    expect(volumes(months)).toEqual({ '2026-09': '3.5', '2026-10': '3', '2026-11': '3' });
    expect(months.map(({ method }) => method)).toEqual(['average', 'shared', 'shared']);
  });

  test('after the verification has ended readings do not count', () => {
    const months = plan({
      unfit: lapsed('2026-09-11'),
      points: [point('2026-08', '2026-08-20', '100'), point('2026-09', '2026-09-20', '150')],
      known: history,
    });
    expect(months.map(({ method, basis }) => [method, basis.cause])).toEqual([
      ['average', 'verification'],
      ['average', 'verification'],
    ]);
  });

  test('before the first value there is nothing to estimate', () => {
    expect(plan({ points: [] })).toEqual([]);
    expect(plan({ points: [point('2026-10', '2026-10-05', '0', 'base')] })).toEqual([]);
  });
});

test('a verification is good until the same date', () => {
  expect(verifyByOf(day('2020-02-29'), 6)).toBe('2026-02-28');
  expect(verifyByOf(day('2020-11-05'), 6)).toBe('2026-11-05');
  expect(verifyByOf(null, 6)).toBeNull();
});
