import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Day, dayIn } from '../../platform/month.ts';
import type { DatedRule } from '../../platform/rules/rules.ts';
import { calendarOf, rulesOf } from '../../platform/rules/rules.ts';
import { canMove, PART_MOVES, type PartState, stateOf } from './appeal.ts';
import { extensionLimit, regimeOf, TERM_KEYS, type TermQuestion, termOf } from './term.ts';
import { compareCodes, topicOf } from './topics.ts';

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../../data/${name}`, import.meta.url), 'utf8'));
const FILE: DatedRule[] = read('rules.json');
const days: { day: Day; working: boolean }[] = read('calendar.json');
const calendar = calendarOf(new Map(days.map(({ day, working }) => [day, working])));
const rules = rulesOf(FILE);
/** The same with other values for some keys. */
const withRules = (values: Record<string, string>) =>
  rulesOf(FILE.map((rule) => (rule.key in values ? { ...rule, value: values[rule.key]! } : rule)));

const moscow = (text: string) => new Date(`${text}+03:00`);
const ask = (given: Partial<TermQuestion>): TermQuestion => ({
  powerCode: '1',
  matter: 'other',
  emergency: false,
  receivedAt: moscow('2026-03-06T12:00'),
  registeredOn: null,
  zone: 'Europe/Moscow',
  place: {},
  ...given,
});
const term = (given: Partial<TermQuestion>, other = rules) => termOf(ask(given), other, calendar);

describe('terms', () => {
  test('an inspectorate answers within 30 calendar days of the registration (59-ФЗ)', () => {
    const asked = { powerCode: '4', registeredOn: '2026-03-10' as Day };
    expect(term(asked)).toMatchObject({ dueOn: '2026-04-09', dueAt: null, key: 'appeal.state.answer_days' });
    expect(term(asked).source).toContain('59-ФЗ');
  });

  test('until it is registered the latest lawful registration counts', () => {
    // 6 March + 3 days for the registration + 30 days = 8 April.
    expect(term({ powerCode: '4' }).dueOn).toBe('2026-04-08');
  });

  test('a body that registers late gains no time by it', () => {
    // The third day, Monday 9 March, is off: the last lawful day is the tenth.
    const of = (day: string) => term({ powerCode: '4', registeredOn: day as Day }).dueOn;
    expect(of('2026-03-10')).toBe('2026-04-09');
    for (const late of ['2026-03-11', '2026-04-20', '2027-01-15']) expect(of(late)).toBe('2026-04-09');
  });

  const limitOf = (powerCode: string, termKey: string) =>
    extensionLimit({ powerCode, dueOn: '2026-04-09' as Day, termKey, place: {} }, rules, calendar);
  test('only the answer to an appeal is extended: no repair, no check of a charge, no complaint on quality', () => {
    const asked: Partial<TermQuestion>[] = [
      { matter: 'upkeep', emergency: true },
      ...(['charges', 'quality', 'meter', 'information'] as const).flatMap((matter) => [
        { matter },
        { matter, powerCode: '2' },
      ]),
    ];
    for (const one of asked) expect(limitOf(one.powerCode ?? '1', term(one).key), JSON.stringify(one)).toBeNull();
    for (const powerCode of ['1', '2', '4', '14']) expect(limitOf(powerCode, term({ powerCode }).key)).not.toBeNull();
  });

  test.each([
    ['none', '2026-05-09'],
    ['previous', '2026-05-08'],
    ['next', '2026-05-12'],
  ])('an extension by 30 days ends on a holiday; the last day is %s', (shift, expected) => {
    const other = withRules({ 'appeal.state.last_day_shift': shift });
    const asked = { powerCode: '4', dueOn: '2026-04-09' as Day, termKey: 'appeal.state.answer_days', place: {} };
    expect(extensionLimit(asked, other, calendar)).toBe(expected);
  });

  test('information of a manager: five working days past the holidays of May (491, п. 40 «а»)', () => {
    const asked = { matter: 'information', receivedAt: moscow('2026-04-30T10:00') } as const;
    expect(term(asked)).toMatchObject({ dueOn: '2026-05-08', key: 'appeal.manager.information_days' });
  });

  test('the check of a charge: the same day', () => {
    expect(term({ matter: 'charges', receivedAt: moscow('2026-03-07T23:30') }).dueOn).toBe('2026-03-07');
  });

  test('a complaint on quality: inspection in two hours, the answer in three working days', () => {
    const receivedAt = moscow('2026-03-06T12:00');
    // 7, 8 and 9 March are off.
    expect(term({ matter: 'quality', receivedAt })).toMatchObject({
      dueAt: moscow('2026-03-06T14:00'),
      dueOn: '2026-03-12',
    });
  });

  test('an emergency: localised in half an hour, repaired in three days, days off or not', () => {
    expect(term({ matter: 'upkeep', emergency: true })).toMatchObject({
      dueAt: moscow('2026-03-06T12:30'),
      dueOn: '2026-03-09',
    });
  });

  test('the chair of a council has no term', () => {
    expect(term({ powerCode: '31' })).toMatchObject({ dueOn: null, dueAt: null });
    expect(limitOf('31', term({ powerCode: '31' }).key)).toBeNull();
  });

  test("days are those of the house's zone", () => {
    const receivedAt = new Date('2026-03-03T20:00:00Z');
    const asked = { matter: 'charges', receivedAt } as const;
    expect([term(asked).dueOn, term({ ...asked, zone: 'Asia/Vladivostok' }).dueOn]).toEqual([
      '2026-03-03',
      '2026-03-04',
    ]);
  });

  test('after hours counts from the next working day, only where days are working days', () => {
    const late = withRules({ 'appeal.after_hours': '18:00' });
    const receivedAt = moscow('2026-03-05T18:00');
    expect([term({ receivedAt }).dueOn, term({ receivedAt }, late).dueOn]).toEqual(['2026-03-20', '2026-03-23']);
    expect(term({ powerCode: '4', receivedAt }, late).dueOn).toBe(term({ powerCode: '4', receivedAt }).dueOn);
  });

  test('the holidays of a year whose calendar is not decided yet are no working days', () => {
    // 31 December is moved to by the calendar of 2026; that of 2027 is not there.
    expect(term({ receivedAt: moscow('2026-12-25T12:00') }).dueOn).toBe('2027-01-19');
    expect(term({ matter: 'quality', receivedAt: moscow('2026-12-30T12:00') }).dueOn).toBe('2027-01-13');
    expect(calendar.isWorking('2027-02-23' as Day)).toBe(false);
  });

  test('a term is never before the receipt, and never ends on a day off unless it is at once or an emergency', () => {
    const powers = fc.constantFrom('1', '2', '4', '8', '14', '18', '19', '36');
    const matters = fc.constantFrom(
      'quality',
      'upkeep',
      'charges',
      'information',
      'meter',
      'violation',
      'other' as const,
    );
    fc.assert(
      fc.property(powers, matters, fc.integer({ min: 0, max: 500_000 }), (powerCode, matter, minute) => {
        const receivedAt = new Date(Date.parse('2026-01-01T00:00:00Z') + minute * 60_000);
        const { dueOn } = term({ powerCode, matter, receivedAt });
        expect(dueOn! >= dayIn('Europe/Moscow', receivedAt)).toBe(true);
        if (matter !== 'charges') expect(calendar.isWorking(dueOn!)).toBe(true);
      }),
    );
  });

  test('every key that is asked has a row and a source', () => {
    for (const key of TERM_KEYS) expect(rules.get(key, '2026-06-01' as Day).source.length).toBeGreaterThan(10);
  });

  test('59-ФЗ binds bodies of power alone', () => {
    expect(['4', '5', '8', '41', '42'].map(regimeOf)).toEqual(Array(5).fill('state'));
    expect(['1', '19', '20', '21', '22', '34', '36'].map(regimeOf)).toEqual(Array(7).fill('manager'));
    expect(['2', '18', '14', '31'].map(regimeOf)).toEqual(['supplier', 'supplier', 'capital_repair', 'council']);
  });
});

describe('states', () => {
  test('what is redirected or withdrawn never moves again', () => {
    for (const to of Object.keys(PART_MOVES) as PartState[])
      expect([canMove('redirected', to), canMove('withdrawn', to)]).toEqual([false, false]);
  });

  const state = (...states: PartState[]) => stateOf(states.map((one) => ({ kind: 'appeal' as const, state: one })));
  test('an appeal follows its parts', () => {
    expect(state('received')).toBe('sent');
    expect(state('redirected', 'received')).toBe('sent');
    expect(state('redirected', 'received', 'in_work')).toBe('in_work');
    expect(state('executed', 'received')).toBe('in_work');
    expect(state('executed', 'redirected')).toBe('executed');
    expect(state('redirected', 'redirected')).toBe('outside');
    expect(state('executed', 'withdrawn')).toBe('withdrawn');
  });
  test("another body's request does not hold an executed appeal open", () => {
    expect(
      stateOf([
        { kind: 'appeal', state: 'executed' },
        { kind: 'request', state: 'in_work' },
      ]),
    ).toBe('executed');
  });
});

describe('topics', () => {
  const elements: { code: string; children?: { code: string }[] }[] = read('nsi/nsi.json').find(
    ({ registry }: { registry: number }) => registry === 220,
  ).elements;
  const codes = elements.flatMap(({ code, children = [] }) => [code, ...children.map((child) => child.code)]);

  test('each of the 109 topics is read', () => {
    expect(codes).toHaveLength(109);
    for (const code of codes) expect(topicOf(code).powers.length).toBeGreaterThan(0);
  });
  test('codes sort by their numbers', () => {
    expect(['1.10', '10', '2', '1.9', '1'].sort(compareCodes)).toEqual(['1', '1.9', '1.10', '2', '10']);
  });
  test('what cannot wait shows the phone first', () => {
    expect(codes.filter((code) => topicOf(code).emergency)).toEqual(
      expect.arrayContaining(['2.1', '2.2', '2.15', '2.16', '2.17']),
    );
  });
});
