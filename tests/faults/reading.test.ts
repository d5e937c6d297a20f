import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Context } from '../../src/platform/context.ts';
import { type HouseId, type MeterId, newId, type OrganisationId, type PremisesId } from '../../src/platform/ids.ts';
import { buildMeter } from '../support/meters.ts';
import { buildAccount, buildHouse, buildLink, buildOrganisation, buildPerson } from '../support/rows.ts';
import { hidden, Patient } from './patient.ts';
import { TIME_LIMIT_MS, World } from './world.ts';

const RESIDENTS = 5;
const BASE = 100;

let world: World;
let context: Context;
let houseId: HouseId;
let providerId: OrganisationId;

beforeAll(async () => {
  world = await World.open('reading', {}, async (opened) => {
    context = opened.context;
    houseId = await buildHouse(context);
    providerId = await buildOrganisation(context);
  });
});
afterAll(() => world?.close());

interface Acknowledged {
  readingIds: string[];
  values: Map<MeterId, number>;
}

/** A resident with two devices, and what the site has said it has. */
class Resident extends Patient {
  readonly meters: readonly MeterId[];
  readonly acknowledged: Acknowledged[] = [];
  private value = BASE;

  constructor(who: string, cookie: string, meters: readonly MeterId[]) {
    super(world, who, cookie);
    this.meters = meters;
  }

  /** Both values in one form, sometimes from two tabs at once, until it is answered. */
  async send(isTwice: boolean): Promise<void> {
    this.value += 1;
    const page = await this.get('/readings');
    const form: Record<string, string> = { _token: hidden(page, '_token'), _key: hidden(page, '_key') };
    this.meters.forEach((meterId, index) => {
      form[`t1.${meterId}.${index + 1}`] = String(this.value + index);
    });
    const answers = await Promise.all((isTwice ? [form, form] : [form]).map((one) => this.post('/readings', one)));
    expect(new Set(answers).size, 'one form, one answer').toBe(1);
    const saved = new URL(answers[0]!, this.world.site).searchParams.get('saved') ?? '';
    this.acknowledged.push({
      readingIds: saved.split(',').filter(Boolean),
      values: new Map(this.meters.map((meterId, index) => [meterId, this.value + index])),
    });
  }
}

async function openResident(): Promise<Resident> {
  const premisesId = newId<PremisesId>();
  await context.db
    .insertInto('premises')
    .values({
      house_id: houseId,
      premises_id: premisesId,
      category: 'residential',
      number: premisesId.slice(-8),
      updated_at: context.clock(),
    })
    .execute();
  const accountId = await buildAccount(context, { houseId, providerId, premisesId });
  const personId = await buildPerson(context);
  await buildLink(context, { personId, houseId, accountId, providerId });
  const given = {
    houseId,
    premisesId,
    accounts: [{ accountId, providerId }],
    base: { on: '2026-01-10', t1: String(BASE) },
  };
  const meters = [
    await buildMeter(context, { ...given, resource: '1' }),
    await buildMeter(context, { ...given, resource: '2' }),
  ];
  return new Resident(personId, await world.cookieOf(personId), meters);
}

test(
  'whatever is killed when, no acknowledged reading is lost or doubled',
  async () => {
    const residents = await Promise.all(Array.from({ length: RESIDENTS }, openResident));
    const strikes = {
      victims: ['web', 'web', 'worker', 'postgres'],
      troubles: ['database away', 'disk full'],
    } as const;
    await world.during(strikes, (isOver) =>
      Promise.all(
        residents.map(async (resident) => {
          for (let count = 0; !isOver() || count < 2; count += 1) await resident.send(world.random() < 0.3);
        }),
      ),
    );
    const sent = residents.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
    console.log(`faults: ${sent} forms`);
    expect(sent).toBeGreaterThan(RESIDENTS);
    for (const resident of residents) await checkTruth(resident);
  },
  TIME_LIMIT_MS,
);

async function checkTruth({ meters, acknowledged }: Resident): Promise<void> {
  const { rows } = await sql<{
    id: string;
    meterId: MeterId;
    t1: string;
    state: string;
    kind: string;
    deliveries: number;
  }>`
    select reading_id as id, meter_id as "meterId", t1, reading.state, kind, (select count(*)::int from reading_delivery
      where reading_delivery.house_id = reading.house_id and reading_delivery.reading_id = reading.reading_id) as deliveries
    from reading where house_id = ${houseId} and meter_id = any(${meters}::uuid[])`.execute(context.db);
  const current = rows.filter(({ kind }) => kind === 'current');
  const ids = new Set(current.map(({ id }) => id));
  for (const { readingIds } of acknowledged) {
    expect(readingIds).toHaveLength(meters.length);
    for (const id of readingIds) expect(ids.has(id), 'an acknowledged reading is there').toBe(true);
  }
  expect(current, 'and nothing else is').toHaveLength(acknowledged.length * meters.length);
  expect(current.every(({ deliveries }) => deliveries === 1)).toBe(true);
  const last = acknowledged.at(-1)!.values;
  for (const meterId of meters) {
    const active = current.filter((row) => row.meterId === meterId && row.state === 'active');
    expect(Math.max(...active.map(({ t1 }) => Number(t1)))).toBe(last.get(meterId));
    const { rows: used } = await sql<{ volume: string }>`select sum(volume) as volume from consumption
      where house_id = ${houseId} and meter_id = ${meterId}`.execute(context.db);
    expect(Number(used[0]!.volume), 'months agree with the dial').toBe(last.get(meterId)! - BASE);
  }
}
