import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestContext } from '../../../tests/support/context.ts';
import { buildMeterWorld, createMeterContext, type MeterWorld } from '../../../tests/support/meter-world.ts';
import { actorOf } from '../../../tests/support/rows.ts';
import { Conflict, Forbidden, Invalid, NotFound, NotSignedIn } from '../../platform/errors.ts';
import { newId, type ReadingId } from '../../platform/ids.ts';
import { day, month } from '../../platform/month.ts';
import { acceptAll, acceptReading, declineReading } from './decide-deliveries.ts';
import { enterReadings } from './enter-readings.ts';
import { exportReadings } from './export-readings.ts';
import { takingOfOrganisation } from './own-meters.ts';
import { selectConsumption } from './queries/consumption.ts';
import { selectWaiting } from './queries/decisions.ts';
import { selectDesk, selectDeskTotals } from './queries/desk.ts';
import { selectDeliveries } from './queries/readings.ts';
import { readWindowHistory, setWindow } from './set-window.ts';
import { submitReadings } from './submit-readings.ts';
import { summariseHouse } from './summarise-house.ts';
import { parseWindow } from './window.ts';

let context: TestContext;
let world: MeterWorld;
beforeAll(async () => {
  context = await createMeterContext();
});
beforeEach(async () => {
  context.now = new Date('2026-11-18T09:00:00Z');
  world = await buildMeterWorld(context);
});

/** The resident's value of cold water: it goes to both providers. */
async function send(t1: string): Promise<ReadingId> {
  const [recorded] = await submitReadings(
    context,
    actorOf(world.personId),
    [
      {
        houseId: world.houseId,
        meterId: world.cold,
        resource: '1',
        t1,
        t2: null,
        t3: null,
        confirmed: ['fall', 'jump'],
      },
    ],
    newId<never>() as string,
  );
  if (recorded?.state !== 'saved') throw new Error(`not saved: ${JSON.stringify(recorded)}`);
  return recorded.readingId;
}
const statesOf = async (readingId: ReadingId) =>
  Object.fromEntries(
    (await selectDeliveries(context.db, world.houseId, [readingId])).map(({ providerId, state, reason }) => [
      providerId === world.manager ? 'manager' : 'supplier',
      reason ? `${state}: ${reason}` : state,
    ]),
  );
const months = async () =>
  (await selectConsumption(context.db, world.houseId, [world.cold], month('2026-01'))).map(
    ({ period, volume }) => `${period} ${Number(volume)}`,
  );

describe('deciding readings', () => {
  test('is the desk’s, of the house’s own providers, and only of what was delivered to them', async () => {
    const readingId = await send('110');
    const { houseId } = world;
    await expect(acceptReading(context, { kind: 'anonymous' }, houseId, readingId)).rejects.toBeInstanceOf(NotSignedIn);
    await expect(acceptReading(context, actorOf(world.personId), houseId, readingId)).rejects.toBeInstanceOf(Forbidden);
    await expect(acceptReading(context, world.strangerClerk, houseId, readingId)).rejects.toBeInstanceOf(NotFound);
    await expect(acceptAll(context, world.strangerClerk, houseId)).rejects.toBeInstanceOf(NotFound);
    await expect(acceptReading(context, world.clerk, houseId, newId<ReadingId>())).rejects.toBeInstanceOf(NotFound);
    expect(await statesOf(readingId)).toEqual({ manager: 'received', supplier: 'received' });
  });

  test('each provider decides for itself; a refusal of one leaves the value to the other', async () => {
    const readingId = await send('110');
    await acceptReading(context, world.clerk, world.houseId, readingId);
    await declineReading(context, world.supplierClerk, world.houseId, readingId, 'На фото 101, передано 110');
    expect(await statesOf(readingId)).toEqual({ manager: 'accepted', supplier: 'declined: На фото 101, передано 110' });
    expect(await months()).toEqual(['2026-10 5', '2026-11 5']);
  });

  test('a value that nobody stands by counts no more, and counts again when it is accepted after all', async () => {
    const readingId = await send('110');
    for (const clerk of [world.clerk, world.supplierClerk])
      await declineReading(context, clerk, world.houseId, readingId, 'Передайте ещё раз');
    expect(await months()).toEqual([]);
    await acceptReading(context, world.clerk, world.houseId, readingId);
    expect(await months()).toEqual(['2026-10 5', '2026-11 5']);
  });

  test('a declined value whose place a new one has taken does not come back', async () => {
    const first = await send('110');
    for (const clerk of [world.clerk, world.supplierClerk])
      await declineReading(context, clerk, world.houseId, first, 'Передайте ещё раз');
    const second = await send('105');
    await expect(acceptReading(context, world.clerk, world.houseId, first)).rejects.toBeInstanceOf(Conflict);
    expect(await statesOf(second)).toEqual({ manager: 'received', supplier: 'received' });
    expect(await months()).toEqual(['2026-10 2.5', '2026-11 2.5']);
  });

  test('twice is refused in words, and a refusal needs a reason that says something', async () => {
    const readingId = await send('110');
    await expect(declineReading(context, world.clerk, world.houseId, readingId, ' ')).rejects.toBeInstanceOf(Invalid);
    await acceptReading(context, world.clerk, world.houseId, readingId);
    await expect(acceptReading(context, world.clerk, world.houseId, readingId)).rejects.toBeInstanceOf(Conflict);
  });

  test('a value corrected by the resident is decided no more', async () => {
    const first = await send('110');
    const second = await send('111');
    await expect(acceptReading(context, world.clerk, world.houseId, first)).rejects.toBeInstanceOf(Conflict);
    const input = { houseId: world.houseId, organisationId: world.manager, after: null, limit: 10 };
    const waiting = await selectWaiting(context.db, input);
    expect(waiting).toMatchObject([{ readingId: second, premisesNumber: '7', lastTakenOn: '2026-09-20' }]);
    expect(Number(waiting[0]!.volume)).toBe(5.5);
  });

  test('all of a house at once, each provider its own', async () => {
    const readingId = await send('110');
    expect(await acceptAll(context, world.clerk, world.houseId)).toBe(1);
    expect(await acceptAll(context, world.clerk, world.houseId)).toBe(0);
    expect(await statesOf(readingId)).toEqual({ manager: 'accepted', supplier: 'received' });
  });

  test('an audit event tells who declined what and why', async () => {
    const readingId = await send('110');
    await declineReading(context, world.clerk, world.houseId, readingId, 'Передайте ещё раз');
    const event = await context.db
      .selectFrom('audit_event')
      .select(['action', 'details'])
      .where('person_id', '=', world.clerk.personId)
      .executeTakeFirstOrThrow();
    expect(event).toMatchObject({
      action: 'meters.reading_declined',
      details: { readingId, reason: 'Передайте ещё раз' },
    });
  });
});

describe('entering for those who phone', () => {
  const item = (given: object = {}) => ({
    meterId: world.cold,
    resource: '1' as const,
    kind: 'current' as const,
    takenOn: null,
    t1: '110',
    t2: null,
    t3: null,
    confirmed: [],
    ...given,
  });

  test('is refused for devices that the organisation does not see, before anything is written', async () => {
    const both = [item(), item({ meterId: world.hot, resource: '2', t1: '60' })];
    await expect(enterReadings(context, world.strangerClerk, world.houseId, both)).rejects.toBeInstanceOf(NotFound);
    await expect(enterReadings(context, world.supplierClerk, world.houseId, both)).rejects.toBeInstanceOf(NotFound);
    expect(await months()).toEqual([]);
  });

  test('saves what is good, asks about what is odd, says what is wrong; the own organisation has accepted it', async () => {
    const recorded = await enterReadings(context, world.clerk, world.houseId, [
      item(),
      item({ meterId: world.hot, resource: '2', t1: '40' }),
      item({ meterId: world.house, t1: '12345678901' }),
    ]);
    expect(recorded.map(({ state }) => state)).toEqual(['saved', 'asks', 'wrong']);
    const [saved] = recorded;
    if (saved?.state !== 'saved') throw new Error('not saved');
    expect(await statesOf(saved.readingId)).toEqual({ manager: 'accepted', supplier: 'received' });
    const [again] = await enterReadings(context, world.clerk, world.houseId, [item()]);
    expect(again?.state).toBe('same');
  });

  test('resident and clerk at once: both values stand with their sources, the later is the word', async () => {
    await Promise.all([send('108'), enterReadings(context, world.clerk, world.houseId, [item()])]);
    const readings = await context.db
      .selectFrom('reading')
      .select(['source', 'state'])
      .where('house_id', '=', world.houseId)
      .where('meter_id', '=', world.cold)
      .where('kind', '=', 'current')
      .execute();
    expect(readings.map(({ source }) => source).sort()).toEqual(['organisation', 'resident']);
  });
});

describe('the export for billing', () => {
  const read = async (layout: 'csv' | '1c', period = '2026-11') => {
    let text = '';
    for await (const piece of await exportReadings(context, world.clerk, {
      period: month(period),
      houseId: world.houseId,
      layout,
    }))
      text += piece;
    return text;
  };

  test('is refused for a house of others', async () => {
    const wanted = { period: month('2026-11'), houseId: world.houseId, layout: 'csv' as const };
    await expect(exportReadings(context, world.strangerClerk, wanted)).rejects.toBeInstanceOf(NotFound);
    await expect(exportReadings(context, actorOf(world.personId), wanted)).rejects.toBeInstanceOf(Forbidden);
  });

  test('gives a table for spreadsheets and marks what it gave; the same month can be taken again', async () => {
    const readingId = await send('110.5');
    const first = await read('csv');
    expect(first.startsWith('\ufeffАдрес;Лицевой счёт;')).toBe(true);
    const lines = first.trimEnd().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(';Холодная вода;м³;110,5;;;18.11.2026;текущее;житель;5,25;м³');
    expect(await statesOf(readingId)).toEqual({ manager: 'fetched', supplier: 'received' });
    expect(await read('csv')).toBe(first);
    await acceptReading(context, world.clerk, world.houseId, readingId);
    expect(await read('csv')).toBe(first);
  });

  test('gives 1C its lines, and leaves declined values out', async () => {
    const readingId = await send('110.5');
    const text = await read('1c');
    const [begin, end, line] = text.split('\r\n');
    expect([begin, end]).toEqual(['#DATE_BEGIN 01.11.2026', '#DATE_END 30.11.2026']);
    const cells = line!.split(';');
    expect(cells[1]).toBe('');
    expect(cells.slice(5)).toEqual(['1', cells[6], 'ХВС', '[]', '110.5', '18.11.2026']);
    for (const clerk of [world.clerk, world.supplierClerk])
      await declineReading(context, clerk, world.houseId, readingId, 'Передайте ещё раз');
    expect((await read('1c')).trimEnd().split('\r\n')).toHaveLength(2);
    expect((await read('1c', '2026-10')).trimEnd().split('\r\n')).toHaveLength(2);
  });
});

describe('the window of an organisation', () => {
  const taking = async (at: string) => {
    const house = { houseId: world.houseId, regionCode: '77', oktmo: null, zone: 'Europe/Moscow' };
    const { period, from, to } = await takingOfOrganisation(context.db, house, world.manager, new Date(at));
    return `${period}: ${from}..${to}`;
  };
  const set = (window: string | null, from = '2026-12', houseId: typeof world.houseId | null = null) =>
    setWindow(context, world.head, {
      houseId,
      from: month(from),
      window: window === null ? null : parseWindow(window),
    });

  test('is set by the head, for own houses, from a month on that has not begun, no longer than a month', async () => {
    const change = { houseId: null, from: month('2026-12'), window: parseWindow('15..20') };
    await expect(setWindow(context, world.clerk, change)).rejects.toBeInstanceOf(Forbidden);
    const strange = { ...world.head, acting: { ...world.head.acting!, organisationId: world.stranger } };
    await expect(setWindow(context, strange, { ...change, houseId: world.houseId })).rejects.toBeInstanceOf(NotFound);
    await expect(set('15..20', '2026-11')).rejects.toBeInstanceOf(Invalid);
    await expect(set('1..+5')).rejects.toBeInstanceOf(Invalid);
  });

  test('this month keeps the days that residents were told', async () => {
    await set('15..20');
    expect(await taking('2026-11-24T09:00:00Z')).toBe('2026-11: 2026-11-01..2026-11-25');
    expect(await taking('2026-12-01T09:00:00Z')).toBe('2026-12: 2026-12-15..2026-12-20');
  });

  test('a window that reaches into the next month is taken to its end before another begins', async () => {
    await set('23..+3', '2026-12');
    await set('1..10', '2027-02');
    expect(await taking('2027-02-02T09:00:00Z')).toBe('2027-01: 2027-01-23..2027-02-03');
    expect(await taking('2027-02-04T09:00:00Z')).toBe('2027-02: 2027-02-01..2027-02-10');
  });

  test('one house has its own, other organisations of the house theirs, and it can be taken back', async () => {
    await set('15..20', '2026-12');
    await set('1..10', '2026-12', world.houseId);
    expect(await taking('2026-12-01T09:00:00Z')).toBe('2026-12: 2026-12-01..2026-12-10');
    const house = { houseId: world.houseId, regionCode: '77', oktmo: null, zone: 'Europe/Moscow' };
    const other = await takingOfOrganisation(context.db, house, world.supplier, new Date('2026-12-01T09:00:00Z'));
    expect(other.to).toBe('2026-12-25');
    await set(null, '2027-01', world.houseId);
    expect(await taking('2027-01-05T09:00:00Z')).toBe('2027-01: 2027-01-15..2027-01-20');
    const history = await readWindowHistory(context.db, world.manager, world.houseId);
    expect(history).toMatchObject([{ value: '1..10', validFrom: '2026-12-01', validTo: '2026-12-31' }]);
    expect(history[0]!.source).toMatch(/^Решение ООО от 18/);
  });
});

describe('roll-ups', () => {
  const desk = async (organisationId = world.manager) => {
    await summariseHouse(context, world.houseId);
    const [line] = await selectDesk(context.db, {
      organisationId,
      houses: null,
      search: '',
      filter: null,
      after: null,
      limit: 10,
    });
    return line;
  };

  test('count what each organisation sees: its own accounts’ devices and the house’s', async () => {
    expect(await desk()).toMatchObject({ meters: 3, sent: 0, waiting: 0, due: 0, period: '2026-11' });
    expect(await desk(world.supplier)).toMatchObject({ meters: 2 });
    await send('110');
    await enterReadings(context, world.clerk, world.houseId, [
      {
        meterId: world.house,
        resource: '1',
        kind: 'current',
        takenOn: day('2026-11-18'),
        t1: '1100',
        t2: null,
        t3: null,
        confirmed: ['jump'],
      },
    ]);
    expect(await desk()).toMatchObject({ sent: 2, waiting: 1 });
    expect(await desk(world.supplier)).toMatchObject({ sent: 2, waiting: 1 });
    await context.db
      .updateTable('meter')
      .set({ verify_by: '2027-01-01' })
      .where('house_id', '=', world.houseId)
      .where('meter_id', '=', world.hot)
      .execute();
    expect(await desk()).toMatchObject({ due: 1 });
    expect(await selectDeskTotals(context.db, { organisationId: world.manager, houses: null })).toEqual({
      meters: 3,
      sent: 2,
      waiting: 1,
      due: 1,
    });
  });

  test('tell of the month: the homes, their median and sum, the house', async () => {
    await send('110');
    await enterReadings(context, world.clerk, world.houseId, [
      {
        meterId: world.house,
        resource: '1',
        kind: 'current',
        takenOn: day('2026-11-18'),
        t1: '1012',
        t2: null,
        t3: null,
        confirmed: ['jump'],
      },
    ]);
    await summariseHouse(context, world.houseId);
    const rows = await context.db
      .selectFrom('house_consumption')
      .select(['period', 'homes', 'median', 'homes_volume as total', 'house_volume as house'])
      .where('house_id', '=', world.houseId)
      .where('resource', '=', '1')
      .orderBy('period')
      .execute();
    expect(
      rows.map(({ period, homes, median, total, house }) => [
        period,
        homes,
        Number(median),
        Number(total),
        Number(house),
      ]),
    ).toEqual([
      ['2026-10-01', 1, 5, 5, 6],
      ['2026-11-01', 1, 5, 5, 6],
    ]);
  });
});
