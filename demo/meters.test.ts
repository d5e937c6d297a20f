import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadReference } from '../src/cli/reference.ts';
import { connectedAccounts } from '../src/modules/accounts/index.ts';
import { estimateHouse } from '../src/modules/meters/estimate-months.ts';
import {
  type Meter,
  measure,
  planConsumption,
  type Reading,
  readMeters,
  readMetersOfAccounts,
  summariseHouse,
  unfitSpans,
} from '../src/modules/meters/index.ts';
import type { HouseId, MeterId } from '../src/platform/ids.ts';
import type { Day, Month } from '../src/platform/month.ts';
import { findRule } from '../src/platform/rules/rules.ts';
import { createTestContext, type TestContext } from '../tests/support/context.ts';
import { DISTRICT } from './district.ts';
import { makeDemo } from './make-demo.ts';
import { providerOf } from './organisations.ts';
import { personIdOf } from './people.ts';

let context: TestContext;

beforeAll(async () => {
  context = await createTestContext();
  context.now = new Date('2026-11-23T09:00:00Z');
  await loadReference(context.db);
  await makeDemo(context, { accounts: 100, months: 2 });
});

async function rowsOf<Row>(statement: ReturnType<typeof sql<Row>>): Promise<Row[]> {
  return (await statement.execute(context.db)).rows;
}

/** Devices of a flat of the district, each resource once, the one in use first. */
async function devicesOf(house: number, flat: string) {
  return rowsOf(sql<{
    meter_id: MeterId;
    house_id: HouseId;
    resource: string;
    kind: string;
    serial: string;
    state: string;
    verify_by: string;
    archived_on: string | null;
    archive_reason: string | null;
    replaced_by: MeterId | null;
    broken_on: string | null;
  }>`
    select meter.*, meter_resource.resource from meter join meter_resource using (house_id, meter_id)
    join premises using (house_id, premises_id) join house_address using (house_id)
    where fias_guid = ${DISTRICT[house]!.fiasGuid} and premises.number = ${flat}
    order by resource, kind, meter.state desc`);
}
const deviceOf = async (house: number, flat: string, resource: string) =>
  (await devicesOf(house, flat)).find((one) => one.resource === resource)!;

interface MonthRow {
  period: string;
  volume: string;
  method: string;
  estimate: string | null;
  basis: { cause?: string; months?: string[]; from?: string; to?: string };
}
const monthsOf = (meterId: MeterId) =>
  rowsOf(sql<MonthRow>`select period::text, volume, method, estimate, basis from consumption
    where meter_id = ${meterId} order by period`);

/** Sections of bills in force, with the tariff that each row is of. */
const SECTIONS = sql`
  select d.house_id, d.account_id, d.period, row->>'serial' as serial, (row->>'previous')::numeric as previous,
    (row->>'current')::numeric as current, (row->>'consumption')::numeric as consumption, (row->>'takenOn')::date as taken_on,
    row->'services'->>0 as service, row->>'service' like '%(ночь)' as is_night
  from payment_document d, jsonb_array_elements(d.body->'meters') as row where d.state = 'exposed'`;

describe('bills, readings and volumes agree', () => {
  test('each row of a bill is a reading of a device of that account, on the same day, in the same month', async () => {
    const [found] = await rowsOf(sql<{ all: bigint; good: bigint }>`
      with section as materialized (${SECTIONS}), value as materialized (
        select house_id, meter_id, serial, state, resource, period, taken_on, unnest(array[t1, t2]) as current,
          unnest(array[lag(t1) over life, lag(t2) over life]) as previous, unnest(array[false, true]) as is_night
        from (select reading.*, meter.serial from reading join meter using (house_id, meter_id)
          where reading.kind <> 'control') as shown
        window life as (partition by house_id, meter_id order by entered_at))
      select count(*) as all, count(*) filter (where value.previous = section.previous and (
          exists (select from meter_account own where own.house_id = section.house_id
            and own.meter_id = value.meter_id and own.account_id = section.account_id)
          or exists (select from account where house_id = section.house_id and account_id = section.account_id
            and closed_on is not null))) as good
      from section left join value on value.house_id = section.house_id and value.serial = section.serial
        and value.period = section.period and value.taken_on = section.taken_on and value.is_night = section.is_night
        and value.resource = case section.service when '4' then '3' else section.service end
        and value.current = section.current`);
    expect(found!.all).toBeGreaterThan(8000n);
    expect(found!.good).toBe(found!.all);
  });

  test('each reading of a billed month stands in a bill', async () => {
    const [found] = await rowsOf(sql<{ all: bigint; missing: bigint }>`
      with section as materialized (select distinct house_id, serial, period, current from (${SECTIONS}) s where not is_night)
      select count(*) as all, count(*) filter (where section.serial is null) as missing
      from reading join meter using (house_id, meter_id)
      left join section on section.house_id = meter.house_id and section.serial = meter.serial
        and section.period = reading.period and section.current = reading.t1
      where meter.kind <> 'house' and reading.kind in ('current', 'final') and reading.period < '2026-11-01'`);
    expect(found!.all).toBeGreaterThan(5000n);
    expect(found!.missing).toBe(0n);
  });

  test('over all months a device counted what its dial went, and its bills say the same', async () => {
    const wrong = await rowsOf(sql`
      with section as (select house_id, serial, sum(consumption) as said from (
          select distinct house_id, serial, period, is_night, consumption from (${SECTIONS}) s) once group by 1, 2),
      dial as (select house_id, meter_id, max(t1) + coalesce(max(t2), 0) - min(t1) - coalesce(min(t2), 0) as went
        from reading where period < '2026-11-01' group by 1, 2),
      used as (select house_id, meter_id, sum(volume) filter (where method in ('reading', 'shared')) as used
        from consumption where period < '2026-11-01' group by 1, 2)
      select meter.serial, went, used, said from meter join dial using (house_id, meter_id) join used using (house_id, meter_id)
      left join section using (house_id, serial)
      where meter.kind <> 'house' and (went is distinct from used or went is distinct from said)`);
    expect(wrong).toEqual([]);
  });

  test('what the accounts of a flat were charged is the volume of its devices', async () => {
    const wrong = await rowsOf(sql`
      with charged as (
        select p.house_id, p.premises_id, d.period, case line->>'serviceCode' when '4' then '3' else line->>'serviceCode' end as resource,
          sum((line->'individual'->>'amount')::numeric) as volume
        from payment_document d join (select house_id, account_id, min(premises_id::text)::uuid as premises_id
          from account_place group by 1, 2) p using (house_id, account_id), jsonb_array_elements(d.body->'lines') as line
        where d.state = 'exposed' and line->>'group' = 'communal' and line->'individual'->>'method' in ('M', 'O')
          and (line->>'service' = 'Холодное водоснабжение' or line->>'service' like '%: вода' or line->>'service' like 'Электро%')
        group by 1, 2, 3, 4),
      used as (select house_id, consumption.premises_id, period, resource, sum(coalesce(estimate, volume)) as volume
        from consumption join meter using (house_id, meter_id) where meter.kind not in ('room', 'house') and period < '2026-11-01'
        group by 1, 2, 3, 4)
      select * from charged full join used using (house_id, premises_id, period, resource)
      where charged.volume is distinct from used.volume`);
    expect(wrong).toEqual([]);
  });

  test('the product reckons every month from the readings as it stands here', async () => {
    const ids = await rowsOf(sql<{ house_id: HouseId; ids: MeterId[] }>`
      select house_id, array_agg(meter_id) as ids from meter group by 1`);
    for (const { house_id, ids: own } of ids) {
      const meters = new Map((await readMeters(context.db, house_id, own)).map((meter) => [meter.meterId, meter]));
      const readings = Map.groupBy(await readingsOf(house_id), ({ meterId }) => meterId);
      const months = Map.groupBy(
        await rowsOf(sql<MonthRow & { meter_id: MeterId }>`
          select meter_id, substr(period::text, 1, 7) as period, volume, method, estimate, basis from consumption
          where house_id = ${house_id} order by period`),
        ({ meter_id }) => meter_id,
      );
      for (const [meterId, meter] of meters) {
        const points = readings.get(meterId)!;
        const kept = months.get(meterId) ?? [];
        const counting = { ...meter, ...meter.resources[0]! };
        const measured = measure(counting, points).map(({ period, volume }) => [period, Number(volume)]);
        expect(
          kept
            .filter(({ method }) => method === 'reading' || method === 'shared')
            .map((one) => [one.period, Number(one.volume)]),
        ).toEqual(measured);
        expect(kept.map(({ period, volume, method }) => [period, Number(volume), method])).toEqual(
          planAnew(meter, counting, points),
        );
      }
    }
  });
});

async function readingsOf(houseId: HouseId): Promise<Reading[]> {
  const rows = await rowsOf(sql<Record<string, string>>`
    select *, substr(period::text, 1, 7) as month from reading where house_id = ${houseId} and state = 'active'`);
  return rows.map(
    (row) =>
      ({
        ...row,
        readingId: row.reading_id,
        meterId: row.meter_id,
        takenOn: row.taken_on,
        rolledOver: false,
        enteredAt: row.entered_at,
        period: row.month,
      }) as unknown as Reading,
  );
}

function planAnew(meter: Meter, counting: Parameters<typeof measure>[0], points: readonly Reading[]) {
  const rules = { minMonths: 6, leastMonths: 3, maxPeriods: 3, multiplier: '1.5' };
  const [from, until] = [points.map(({ period }) => period).sort()[0]!, '2026-10' as Month];
  return planConsumption({
    meter,
    unfit: unfitSpans(meter, []),
    counting,
    points,
    known: [],
    from,
    until,
    rules,
    norm: null,
  }).map(({ period, volume, method }) => [period, Number(volume), method]);
}

describe('devices', () => {
  test('are found by their numbers, have a first version and a base reading, and charge an open account', async () => {
    const [counts] = await rowsOf(sql<Record<string, bigint>>`
      select count(*) as all,
        count(*) filter (where exists (select from meter_number n where n.number = m.number and n.meter_id = m.meter_id)) as numbers,
        count(*) filter (where exists (select from meter_version v where v.version_id = m.version_id)) as versions,
        count(*) filter (where exists (select from reading r where r.meter_id = m.meter_id and r.kind = 'base')) as bases,
        count(*) filter (where m.kind = 'house' or exists (select from meter_account a join account using (house_id, account_id)
          where a.meter_id = m.meter_id and account.closed_on is null and account.provider_id = a.provider_id)) as charging
      from meter m`);
    const { all, ...others } = counts!;
    expect(all).toBeGreaterThan(500n);
    for (const [name, count] of Object.entries(others)) expect(count, name).toBe(all);
  });

  test('most people send themselves, some phone, a few devices send on their own; what was billed was accepted', async () => {
    const rows = await rowsOf(sql<{ source: string; count: bigint }>`
      select source, count(*) as count from reading join meter using (house_id, meter_id)
      where reading.kind = 'current' and meter.kind <> 'house' group by 1 order by 2`);
    expect(rows.map(({ source }) => source)).toEqual(['automatic', 'organisation', 'resident']);
    const states = await rowsOf(sql<{ billed: boolean; state: string }>`
      select distinct period < '2026-11-01' as billed, state from reading_delivery order by 1, 2`);
    expect(states.filter(({ billed }) => billed).map(({ state }) => state)).toEqual(['accepted']);
    expect(states.filter(({ billed }) => !billed).map(({ state }) => state)).toEqual([
      'accepted',
      'declined',
      'fetched',
      'received',
    ]);
    const [undelivered] = await rowsOf(sql<{ count: bigint }>`
      select count(*) as count from reading join meter using (house_id, meter_id) where meter.kind <> 'house'
        and reading.kind in ('current', 'control') and not exists (select from reading_delivery d where d.reading_id = reading.reading_id)`);
    expect(undelivered!.count).toBe(0n);
  });

  test('of the open month some have sent; the owner has one device done', async () => {
    const links = await connectedAccounts(context.db, personIdOf('domovitova'));
    const sent: string[] = [];
    let all = 0;
    for (const houseId of new Set(links.map((link) => link.houseId))) {
      const own = links.filter((link) => link.houseId === houseId).map(({ accountId }) => accountId);
      const meters = await readMetersOfAccounts(context.db, houseId, own);
      all += meters.length;
      const ids = meters.map(({ meterId }) => meterId);
      const rows = await rowsOf(sql<{ meter_id: string }>`
        select meter_id from reading where meter_id = any(${ids}::uuid[]) and period = '2026-11-01'`);
      sent.push(...rows.map(({ meter_id }) => meter_id));
    }
    expect(all).toBe(6);
    expect(sent).toEqual([(await deviceOf(1, '8', '1')).meter_id]);
    const [share] = await rowsOf(sql<{ part: number }>`
      select (count(*) filter (where exists (select from reading r where r.meter_id = m.meter_id and r.period = '2026-11-01')))::float
        / count(*) as part from meter m where kind <> 'house' and state = 'working'`);
    expect(share!.part).toBeGreaterThan(0.25);
    expect(share!.part).toBeLessThan(0.65);
  });
});

describe('stories', () => {
  test('a device replaced in the middle of a month: two rows in the bill, the old one in the archive', async () => {
    const [now, former] = (await devicesOf(1, '8')).filter(({ resource }) => resource === '2');
    expect(former).toMatchObject({ state: 'archived', archived_on: '2026-03-12', replaced_by: now!.meter_id });
    const rows = await rowsOf(sql<{ serial: string; consumption: string }>`
      select serial, consumption from (${SECTIONS}) s where period = '2026-03-01'
        and serial in (${now!.serial}, ${former!.serial}) and house_id = ${now!.house_id} order by taken_on`);
    expect(rows.map(({ serial }) => serial)).toEqual([former!.serial, now!.serial]);
    expect((await monthsOf(former!.meter_id)).at(-1)!.period).toBe('2026-03-01');
    expect((await monthsOf(now!.meter_id))[0]!.period).toBe('2026-03-01');
  });

  test('verification: one ends within 30 days, one has ended two months ago and is charged by average', async () => {
    const soon = await deviceOf(0, '12', '2');
    expect(soon.verify_by > '2026-11-23' && soon.verify_by < '2026-12-23').toBe(true);
    const lapsed = await deviceOf(0, '7', '1');
    expect(lapsed.verify_by).toBe('2026-08-31');
    const months = (await monthsOf(lapsed.meter_id)).slice(-3);
    expect(months.map(({ method }) => method)).toEqual(['reading', 'average', 'average']);
    expect(months[2]!.basis).toMatchObject({ cause: 'verification', months: expect.arrayContaining(['2026-08']) });
    const lines = await linesOf(lapsed.meter_id, '2026-10-01', 'Холодное водоснабжение');
    expect(lines[0]).toMatchObject({ individual: { method: 'O', amount: plain(months[2]!.volume) } });
    expect(lines[0]!.explanation).toContain('поверка счётчика закончилась 31.08.2026');
  });

  test('three months without readings: charged by average, then made good when the reading came', async () => {
    const device = await deviceOf(0, '20', '1');
    const months = (await monthsOf(device.meter_id)).slice(-5);
    expect(months.map(({ method, estimate }) => [method, estimate !== null])).toEqual([
      ['shared', true],
      ['shared', true],
      ['shared', true],
      ['shared', false],
      ['reading', false],
    ]);
    const [line] = await linesOf(device.meter_id, '2026-09-01', 'Холодное водоснабжение');
    expect(line!.recalculation).not.toBe(0);
    expect(line!.individual.method).toBe('M');
  });

  test('a dial about to pass its last digit, a broken device, a control reading, a declined one', async () => {
    const [last] = await rowsOf(sql<{ t1: string }>`
      select t1 from reading where meter_id = ${(await deviceOf(0, '12', '1')).meter_id} order by period desc limit 1`);
    expect(Number(last!.t1)).toBeGreaterThan(99_990);
    const broken = await deviceOf(0, '22', '1');
    expect(broken).toMatchObject({ state: 'broken', broken_on: '2026-10-09' });
    expect((await monthsOf(broken.meter_id)).at(-1)).toMatchObject({ method: 'average', basis: { cause: 'failed' } });
    const controls = await rowsOf(sql`select from reading where kind = 'control'
      and meter_id = ${(await deviceOf(1, '8', '1')).meter_id}`);
    expect(controls).toHaveLength(1);
    const declined = await rowsOf(sql<{ meter_id: MeterId; reason: string }>`
      select d.meter_id, d.reason from reading_delivery d join reading using (house_id, reading_id)
      where d.state = 'declined' and reading.state = 'declined'`);
    expect(declined).toEqual([
      { meter_id: (await deviceOf(0, '7', '2')).meter_id, reason: expect.stringContaining('На фотографии') },
    ]);
  });

  test('a communal flat: common devices and one in each room, and rooms never exceed the common one', async () => {
    const devices = await devicesOf(0, '5');
    expect(devices.map(({ resource, kind }) => `${resource} ${kind}`)).toEqual([
      '1 common_flat',
      '2 common_flat',
      '3 common_flat',
      '3 room',
      '3 room',
      '3 room',
    ]);
    const wrong = await rowsOf(sql`
      select period from consumption join meter using (house_id, meter_id)
      where meter_id = any(${devices.map(({ meter_id }) => meter_id)}::uuid[]) and resource = '3'
      group by period having sum(volume) filter (where kind = 'common_flat') < sum(volume) filter (where kind = 'room')`);
    expect(wrong).toEqual([]);
  });
});

const plain = (text: string) => text.replace(/\.?0+$/, '');

interface Line {
  service: string;
  recalculation: number;
  explanation?: string;
  individual: { amount: string; method: string };
}
async function linesOf(meterId: MeterId, period: string, service: string): Promise<Line[]> {
  const rows = await rowsOf(sql<{ line: Line }>`
    select line from payment_document d join meter_account using (house_id, account_id), jsonb_array_elements(d.body->'lines') as line
    where meter_account.meter_id = ${meterId} and d.period = ${period}::date and d.state = 'exposed' and line->>'service' = ${service}`);
  return rows.map(({ line }) => line);
}

test('the nightly job has nothing to estimate: what has closed stands', async () => {
  const houses = await rowsOf(sql<{ house_id: HouseId }>`select distinct house_id from meter`);
  const written = await Promise.all(houses.map(({ house_id }) => estimateHouse(context, house_id)));
  expect(written).toEqual(houses.map(() => 0));
});

describe('houses', () => {
  test('the devices of a house show: homes are even with it, lose an eighth on the way, show more than came in', async () => {
    const parts: number[][] = [];
    for (const { fiasGuid } of DISTRICT.slice(0, 3)) {
      const rows = await rowsOf(sql<{ resource: string; part: number }>`
        select resource, (sum(homes_volume) / sum(house_volume))::float as part from house_consumption join house_address using (house_id)
        where fias_guid = ${fiasGuid} and resource in ('1', '3') and period < '2026-11-01' group by 1 order by 1`);
      parts.push(rows.map(({ part }) => part));
    }
    for (const [index, part] of [0.99, 0.88, 1.06].entries())
      for (const own of parts[index]!) expect(own).toBeCloseTo(part, 2);
  });

  test('there are three, one behind transformers, one in МВт·ч, read by the organisation each month', async () => {
    const rows = await rowsOf(sql<{ resource: string; unit: string; ratio: string; readings: bigint }>`
      select resource, unit, ratio, (select count(*) from reading where reading.meter_id = meter.meter_id and source = 'organisation') as readings
      from meter join meter_resource using (house_id, meter_id) where kind = 'house' order by house_id, resource`);
    expect(rows.slice(0, 3).map(({ resource, unit, ratio }) => [resource, unit, Number(ratio)])).toEqual([
      ['1', '113', 1],
      ['3', '245', 30],
      ['5', '246', 1],
    ]);
    expect(rows).toHaveLength(9);
    expect(rows.every(({ readings }) => readings === 25n)).toBe(true);
  });

  test('heat of the homes is what the device of the house counted, by area', async () => {
    const wrong = await rowsOf(sql`
      with homes as (select house_id, period, sum((line->'individual'->>'amount')::numeric) as volume
        from payment_document d, jsonb_array_elements(d.body->'lines') as line
        where d.state = 'exposed' and line->>'service' = 'Отопление' group by 1, 2)
      select homes.volume, consumption.volume from homes join consumption using (house_id, period)
      where consumption.resource = '5' and abs(homes.volume - consumption.volume) > 0.01`);
    expect(wrong).toEqual([]);
  });

  test('the roll-ups of the bulk are those of the product', async () => {
    const [house] = await rowsOf(sql<{ house_id: HouseId }>`
      select house_id from organisation_meters where organisation_id not in (${sql.join(
        (['dubravushka', 'tikhiy-dvor', 'teplorodnik', 'svetlyachok', 'kopeechka', 'krepkie-steny'] as const).map(
          (key) => providerOf(key).organisationId,
        ),
      )}) limit 1`);
    const read = async () => [
      await rowsOf(sql`select resource, period::text, homes, median, homes_volume, house_volume from house_consumption
        where house_id = ${house!.house_id} order by resource, period`),
      await rowsOf(sql`select organisation_id, period::text, meters, sent, waiting, verify_soon from organisation_meters
        where house_id = ${house!.house_id}`),
    ];
    const made = await read();
    expect(made[0]!.length).toBeGreaterThan(4);
    await summariseHouse(context, house!.house_id);
    expect(await read()).toEqual(made);
  });

  test('two suppliers have windows of their own, the region has norms', async () => {
    const on = '2026-11-23' as Day;
    const windowOf = async (key: 'teplorodnik' | 'svetlyachok' | 'kopeechka') =>
      (await findRule(context.db, 'reading.window', on, { organisationId: providerOf(key).organisationId }))?.value;
    expect([await windowOf('teplorodnik'), await windowOf('svetlyachok'), await windowOf('kopeechka')]).toEqual([
      '15..25',
      '20..26',
      '1..25',
    ]);
    for (const key of ['norm.1', 'norm.2', 'norm.3', 'norm.5'])
      expect(await findRule(context.db, key, on, { regionCode: '77' }), key).not.toBeNull();
  });
});
