import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../../tests/support/context.ts';
import { buildMeter } from '../../../../tests/support/meters.ts';
import {
  actorOf,
  buildAccount,
  buildEmployee,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
  buildProviderLine,
  signIn,
} from '../../../../tests/support/rows.ts';
import { buildKey } from '../../../../tests/support/system.ts';
import { createApp } from '../../../app.ts';
import {
  type AccountId,
  type HouseId,
  type MeterId,
  newId,
  type OrganisationId,
  type PersonId,
  type PremisesId,
} from '../../../platform/ids.ts';
import { loadRules } from '../../../platform/rules/load.ts';
import { submitReadings } from '../submit-readings.ts';

let context: TestContext;
let app: FastifyInstance;

interface World {
  organisationId: OrganisationId;
  head: PersonId;
  token: string;
  houseId: HouseId;
  flat: Flat;
}
interface Flat {
  premisesId: PremisesId;
  accountId: AccountId;
  account: string;
  meterId: MeterId;
  number: string;
  serial: string;
}
let world: World;
let counter = 0;

beforeAll(async () => {
  context = await createTestContext({ RATE_LIMIT_PER_MINUTE: '100000' });
  await loadRules(context.db);
  app = await createApp(context);
});

async function buildFlat(houseId: HouseId, organisationId: OrganisationId, base = '100'): Promise<Flat> {
  counter += 1;
  const premisesId = newId<PremisesId>();
  await context.db
    .insertInto('premises')
    .values({
      house_id: houseId,
      premises_id: premisesId,
      category: 'residential',
      number: String(counter),
      updated_at: context.now,
    })
    .execute();
  const account = `АПИ-${counter}`;
  const accountId = await buildAccount(context, { houseId, providerId: organisationId, premisesId, number: account });
  const serial = `S${String(counter).padStart(6, '0')}`;
  const meterId = await buildMeter(context, {
    ...{ houseId, premisesId, serial },
    accounts: [{ accountId, providerId: organisationId }],
    base: { on: '2026-10-20', t1: base },
  });
  const { number } = await context.db
    .selectFrom('meter')
    .select('number')
    .where('house_id', '=', houseId)
    .where('meter_id', '=', meterId)
    .executeTakeFirstOrThrow();
  return { premisesId, accountId, account, meterId, number, serial };
}

async function buildWorld(): Promise<World> {
  const organisationId = await buildOrganisation(context);
  const head = await buildEmployee(context, organisationId, 'head');
  const houseId = await addHouse(organisationId);
  const token = await buildKey(context, organisationId, head);
  return { organisationId, head, token, houseId, flat: await buildFlat(houseId, organisationId) };
}

async function addHouse(organisationId: OrganisationId): Promise<HouseId> {
  const houseId = await buildHouse(context);
  await buildProviderLine(context, organisationId, houseId, 'ул. Лескова, д. 1');
  return houseId;
}

beforeEach(async () => {
  context.now = new Date('2026-11-18T09:00:00Z');
  world = await buildWorld();
});

const call = (method: 'GET' | 'POST', path: string, body?: unknown, more: { token?: string; key?: string } = {}) =>
  app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      authorization: `Bearer ${more.token ?? world.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': more.key ?? newId<never>() } : {}),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
const item = (changes: object = {}) => ({
  meter: world.flat.number,
  resource: '1',
  t1: '105.5',
  takenOn: '2026-11-18',
  ...changes,
});
const send = async (readings: unknown[], more: { token?: string; key?: string } = {}) =>
  (await call('POST', '/readings', { readings }, more)).json();
const countReadings = async (houseId = world.houseId) =>
  (
    await context.db
      .selectFrom('reading')
      .select('reading_id')
      .where('house_id', '=', houseId)
      .where('kind', '!=', 'base')
      .execute()
  ).length;

describe('a call is refused', () => {
  const everywhere: ['GET' | 'POST', string][] = [
    ['POST', '/readings'],
    ['GET', '/readings'],
    ['POST', '/readings/fetched'],
    ['POST', '/readings/decisions'],
    ['GET', '/meters'],
    ['POST', '/meters'],
  ];
  test.each(everywhere)('%s %s without a key, whatever session comes along', async (method, url) => {
    const { cookies } = await signIn(context, app, world.head, world.organisationId);
    for (const authorization of [
      undefined,
      'Bearer x',
      'Basic eDp5',
      `Bearer ${world.token.slice(0, -1)}${world.token.endsWith('A') ? 'E' : 'A'}`,
    ]) {
      const headers = authorization ? { authorization } : {};
      const answer = await app.inject({ method, url: `/api/v1${url}`, cookies, headers });
      expect([answer.statusCode, answer.json().code]).toEqual([401, 'not_signed_in']);
    }
  });

  test('when the key is revoked, has expired, or its maker heads the organisation no more', async () => {
    const { db } = context;
    const detail = async () => {
      const answer = await call('GET', '/meters');
      return answer.statusCode === 401 ? answer.json().detail : answer.statusCode;
    };
    expect(await detail()).toBe(200);
    const employee = db.updateTable('employee').where('person_id', '=', world.head);
    await employee.set({ role: 'clerk' }).execute();
    expect(await detail()).toContain('больше не руководит');
    await employee.set({ role: 'head', valid_to: '2026-11-17' }).execute();
    expect(await detail()).toContain('больше не руководит');
    await employee.set({ valid_to: '2026-11-18' }).execute();
    expect(await detail()).toBe(200);
    await employee.set({ valid_to: null }).execute();
    context.now = new Date('2027-11-18T09:00:00Z');
    expect(await detail()).toContain('Срок этого ключа кончился');
    await db.updateTable('api_key').set({ revoked_at: context.now }).where('made_by', '=', world.head).execute();
    expect(await detail()).toContain('отозван');
  });

  test('when the key of one organisation is put under another', async () => {
    const other = await buildWorld();
    const mixed = `${other.token.slice(0, 26)}${world.token.slice(26)}`;
    expect(mixed).not.toBe(world.token);
    expect((await call('GET', '/meters', undefined, { token: mixed })).statusCode).toBe(401);
  });

  test.each([
    ['without Idempotency-Key', { readings: [] }, { 'idempotency-key': '' }, 422],
    ['with bad JSON', '{"readings": [', {}, 400],
    ['as a form', 'readings=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['of another shape', { reading: [] }, {}, 422],
    ['with an unknown field', { readings: [{}], dry: true }, {}, 422],
    ['without items', { readings: [] }, {}, 422],
    ['with 1,001 items', { readings: Array.from({ length: 1001 }, () => ({})) }, {}, 413],
    ['of three megabytes', { readings: ['x'.repeat(3_000_000)] }, {}, 413],
  ])('%s', async (_, body, more, status) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/readings',
      headers: {
        authorization: `Bearer ${world.token}`,
        'content-type': 'application/json',
        'idempotency-key': newId<never>(),
        ...(more as Record<string, string>),
      },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  test('a wrong page, state or house', async () => {
    const after = `9999999999999.${newId()}.${newId()}`;
    for (const query of ['after=x', `after=${after}`, 'limit=0', 'limit=1001', 'state=x', 'period=2026-13', 'more=1'])
      expect([query, (await call('GET', `/readings?${query}`)).statusCode]).toEqual([query, 422]);
    expect((await call('GET', '/meters?after=x.y')).statusCode).toBe(422);
    expect((await call('GET', `/meters?house=${newId()}`)).statusCode).toBe(404);
    expect((await call('GET', '/meters?house=x')).statusCode).toBe(422);
  });
});

describe('a key', () => {
  test('says when it was used, at most once a minute', async () => {
    const used = async () =>
      (await context.db.selectFrom('api_key').selectAll().where('made_by', '=', world.head).executeTakeFirstOrThrow())
        .last_used_at;
    expect(await used()).toBeNull();
    await Promise.all([1, 2, 3].map(() => call('GET', '/meters')));
    const first = context.now;
    expect(await used()).toEqual(first);
    context.now = new Date(first.getTime() + 59_000);
    await call('GET', '/meters');
    expect(await used()).toEqual(first);
    context.now = new Date(first.getTime() + 60_000);
    await call('GET', '/meters');
    expect(await used()).toEqual(context.now);
  });
});

describe('sent readings', () => {
  test('are judged one by one, in their order', async () => {
    const other = await buildWorld();
    const twin = await buildFlat(world.houseId, world.organisationId);
    const { results, ...counts } = await send([
      item({ meter: twin.number, t1: '110' }),
      item({ meter: '700000000000000' }),
      item({ meter: other.flat.number }),
      item({ meter: { houseId: other.houseId, serial: other.flat.serial } }),
      item({ t1: 105.5 }),
      item({ t1: '1,23456789' }),
      item({ t2: '5' }),
      item({ takenOn: '2026-11-19' }),
      item({ takenOn: '2026-02-30' }),
      item({ takenOn: '0000-01-01' }),
      item({ period: '2027-05' }),
      item({ resource: '3' }),
      item({ resource: '9' }),
      item({ kind: 'base' }),
      item({ wrong: 1 }),
      null,
      item({ t1: '99' }),
      item({ meter: { houseId: world.houseId, serial: `00${world.flat.serial}` } }),
      item({ meter: { houseId: world.houseId, serial: world.flat.serial }, t1: '106' }),
      item({ t1: '107' }),
    ]);
    const told = results.map(
      (result: { state: string; errors?: { field: string }[]; questions?: { kind: string }[] }) =>
        [
          result.state,
          ...(result.errors ?? []).map(({ field }) => field),
          ...(result.questions ?? []).map(({ kind }) => kind),
        ].join(' '),
    );
    expect(told).toEqual([
      'saved',
      'wrong meter',
      'wrong meter',
      'wrong meter',
      'wrong t1',
      'wrong t1',
      'wrong t2',
      'wrong takenOn',
      'wrong takenOn',
      'wrong takenOn',
      'wrong period',
      'wrong meter',
      'wrong resource',
      'wrong kind',
      'wrong ',
      'wrong ',
      'asks fall',
      'saved',
      'wrong meter',
      'wrong meter',
    ]);
    expect(counts).toEqual({ saved: 2, same: 0, asks: 1, wrong: 17 });
    expect(results[0]).toEqual({
      state: 'saved',
      id: expect.stringContaining(`${world.houseId}.`),
      meter: twin.number,
      period: '2026-11',
      volume: '10',
    });
    expect(await countReadings()).toBe(2);
    expect(await countReadings(other.houseId)).toBe(0);
  });

  test('that are unusual are written when their questions are answered, and only then', async () => {
    expect((await send([item({ t1: '100' })])).results[0].questions[0].kind).toBe('zero');
    expect((await send([item({ t1: '100', confirm: ['jump'] })])).results[0].state).toBe('asks');
    expect((await send([item({ t1: '100', confirm: ['zero'] })])).results[0].state).toBe('saved');
    expect((await send([item({ t1: '100', confirm: ['zero'] })])).results[0].state).toBe('same');
    expect(await countReadings()).toBe(1);
  });

  test('are in the journal under whoever made the key', async () => {
    await send([item()]);
    const { rows } = await sql<{ details: object }>`select details from audit_event where person_id = ${world.head}
      and action = 'meters.readings_entered' and house_id = ${world.houseId}`.execute(context.db);
    expect(rows).toEqual([{ details: { saved: 1, keyId: expect.any(String) } }]);
  });
});

describe('one Idempotency-Key', () => {
  test('gives the same answer to the same call, whatever happened meanwhile, and none to another', async () => {
    const key = newId<never>() as string;
    const stranger = item({ meter: '799999999999' });
    const first = await send([item(), stranger], { key });
    await send([item({ t1: '106' })]);
    expect(await send([item(), stranger], { key })).toEqual(first);
    expect(await countReadings()).toBe(2);
    const other = await call('POST', '/readings', { readings: [item({ t1: '107' })] }, { key });
    expect([other.statusCode, other.json().code]).toEqual([409, 'idempotency_key_reused']);
    const neighbour = await buildWorld();
    const own = [item({ meter: neighbour.flat.number })];
    expect((await send(own, { key, token: neighbour.token })).saved).toBe(1);
  });

  test('a hundred times at once over several houses has one effect and one answer', async () => {
    const flats = [world.flat];
    for (let house = 0; house < 3; house += 1)
      flats.push(await buildFlat(await addHouse(world.organisationId), world.organisationId));
    const readings = flats.map((flat) => item({ meter: flat.number }));
    const key = newId<never>() as string;
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => call('POST', '/readings', { readings }, { key })),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers[0]!.json()).toMatchObject({ saved: 4, same: 0 });
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from reading
      where house_id = any(${await housesOf()}::uuid[]) and kind = 'current'`.execute(context.db);
    expect(rows[0]!.count).toBe(4);
  });

  test('finishes what was cut off between two houses', async () => {
    const second = await buildFlat(await addHouse(world.organisationId), world.organisationId);
    const readings = [item(), item({ meter: second.number })];
    const key = newId<never>() as string;
    const late = [world.houseId, ...(await housesOf())].sort().at(-1)!;
    // The house that comes last breaks: as if the process had been killed before its transaction.
    await sql`alter table reading add constraint broken check (house_id <> ${sql.lit(late)} or kind = 'base')`.execute(
      context.db,
    );
    expect((await call('POST', '/readings', { readings }, { key })).statusCode).toBe(409);
    await sql`alter table reading drop constraint broken`.execute(context.db);
    const finished = await send(readings, { key });
    expect(finished).toMatchObject({ saved: 2, same: 0, wrong: 0 });
    expect(await send(readings, { key })).toEqual(finished);
  });

  test('two calls over the same houses in opposite order do not wait for each other for ever', async () => {
    const second = await buildFlat(await addHouse(world.organisationId), world.organisationId);
    const there = [item(), item({ meter: second.number })];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, round) => send(round % 2 ? there : there.toReversed())),
    );
    expect(answers.every(({ saved, same }) => saved + same === 2)).toBe(true);
  });

  const housesOf = async () =>
    (
      await context.db
        .selectFrom('organisation_house')
        .select('house_id')
        .where('organisation_id', '=', world.organisationId)
        .execute()
    ).map(({ house_id }) => house_id);
});

/** A resident passes a value of the flat. */
async function pass(flat: Flat, t1: string, houseId = world.houseId): Promise<void> {
  const personId = await buildPerson(context);
  const { accountId } = flat;
  await buildLink(context, { personId, houseId, accountId, providerId: world.organisationId });
  const reading = { houseId, meterId: flat.meterId, resource: '1' as const, t1, t2: null, t3: null, confirmed: [] };
  const [recorded] = await submitReadings(context, actorOf(personId), [reading], newId<never>() as string);
  expect(recorded?.state).toBe('saved');
}
const list = async (query = '') => (await call('GET', `/readings?${query}`)).json();
const ids = (page: { readings: { id: string }[] }) => page.readings.map(({ id }) => id);

describe('delivered readings', () => {
  test('are listed with what a billing program needs, and nothing of another organisation', async () => {
    await pass(world.flat, '107.5');
    const page = await list();
    expect(page).toEqual({
      readings: [
        {
          id: expect.stringContaining(world.houseId),
          meter: world.flat.number,
          serial: world.flat.serial,
          houseId: world.houseId,
          account: world.flat.account,
          resource: '1',
          unit: '113',
          kind: 'current',
          period: '2026-11',
          takenOn: '2026-11-18',
          t1: '107.5',
          t2: null,
          t3: null,
          rolledOver: false,
          confirmed: [],
          source: 'resident',
          enteredAt: '2026-11-18T09:00:00.000Z',
          state: 'received',
          reason: null,
          changedAt: '2026-11-18T09:00:00.000Z',
          corrects: null,
        },
      ],
      next: null,
    });
    expect((await list('period=2026-11')).readings).toHaveLength(1);
    expect((await list('period=2026-10')).readings).toHaveLength(0);
    const other = await buildWorld();
    expect((await call('GET', '/readings', undefined, { token: other.token })).json().readings).toEqual([]);
  });

  test('are paged without loss or repetition while others write', async () => {
    const flats = [world.flat];
    for (let flat = 1; flat < 7; flat += 1) flats.push(await buildFlat(world.houseId, world.organisationId));
    for (const [place, flat] of flats.slice(0, 5).entries()) {
      context.now = new Date(`2026-11-18T09:0${Math.floor(place / 2)}:00Z`);
      await pass(flat, '107');
    }
    const before = ids(await list());
    const seen: string[] = [];
    let after: string | null = '';
    let round = 0;
    context.now = new Date('2026-11-18T10:00:00Z');
    while (after !== null) {
      const page: { readings: { id: string }[]; next: string | null } = await list(
        `limit=2${after && `&after=${after}`}`,
      );
      seen.push(...ids(page));
      after = page.next;
      // New values come, and those of the first page are marked, between two pages.
      if (round < 2) await pass(flats[5 + round]!, '108');
      await call('POST', '/readings/fetched', { ids: ids(page) });
      round += 1;
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
    expect(seen.slice(0, 5)).toEqual(before);
    expect(ids(await list())).toEqual([]);
    expect(ids(await list('state=fetched'))).toHaveLength(7);
  });

  test('a corrected one comes anew and names the former', async () => {
    await pass(world.flat, '107');
    const [first] = ids(await list());
    await call('POST', '/readings/fetched', { ids: [first] });
    const personId = await buildPerson(context);
    const { accountId, meterId } = world.flat;
    await buildLink(context, { personId, houseId: world.houseId, accountId, providerId: world.organisationId });
    const values = { t1: '108', t2: null, t3: null, confirmed: [] };
    await submitReadings(
      context,
      actorOf(personId),
      [{ houseId: world.houseId, meterId, resource: '1', ...values }],
      newId<never>(),
    );
    const page = await list();
    expect(page.readings.map(({ t1, corrects }: { t1: string; corrects: string }) => [t1, corrects])).toEqual([
      ['108', first],
    ]);
    expect(ids(await list('state=replaced'))).toEqual([first]);
    const moved = (await call('POST', '/readings/fetched', { ids: [first] })).json().results[0];
    expect(moved).toMatchObject({ result: 'wrong', state: 'replaced' });
  });

  test('are marked and decided one by one; repeated, nothing changes', async () => {
    const flats = [world.flat, await buildFlat(world.houseId, world.organisationId)];
    for (const flat of flats) await pass(flat, '107');
    const [first, second] = ids(await list());
    const other = await buildWorld();
    const marks = { ids: [first, first, 'x', 7, `${world.houseId}.${newId()}`, `${newId()}.${newId()}`] };
    const told = async (path: string, body: object, token = world.token) =>
      (await call('POST', path, body, { token }))
        .json()
        .results.map(({ result, state }: { result: string; state: string | null }) => `${result} ${state}`);
    expect(await told('/readings/fetched', marks, other.token)).toEqual(Array.from({ length: 6 }, () => 'wrong null'));
    const wrong = Array.from({ length: 4 }, () => 'wrong null');
    expect(await told('/readings/fetched', marks)).toEqual(['done fetched', 'wrong fetched', ...wrong]);
    expect((await told('/readings/fetched', { ids: [first] }))[0]).toBe('same fetched');
    const decisions = [
      { id: first, decision: 'accept' },
      { id: second, decision: 'decline', reason: 'Показание другого прибора' },
      { id: second, decision: 'decline' },
      { id: second, decision: 'maybe' },
      { id: second, decision: 'accept', reason: 'зачем-то' },
    ];
    expect(await told('/readings/decisions', { decisions })).toEqual([
      'done accepted',
      'done declined',
      'wrong null',
      'wrong null',
      'wrong null',
    ]);
    expect(await told('/readings/decisions', { decisions: decisions.slice(0, 2) })).toEqual([
      'same accepted',
      'same declined',
    ]);
    expect(await told('/readings/fetched', { ids: [first, second] })).toEqual(['same accepted', 'same declined']);
    expect((await list('state=declined')).readings[0]).toMatchObject({
      id: second,
      reason: 'Показание другого прибора',
    });
    expect(await told('/readings/decisions', { decisions: [{ id: second, decision: 'accept' }] })).toEqual([
      'done accepted',
    ]);
    const { rows } = await sql<{ state: string }>`select state from reading where house_id = ${world.houseId}
      and kind = 'current'`.execute(context.db);
    expect(rows).toEqual([{ state: 'active' }, { state: 'active' }]);
  });

  test('a declined one counts no more, and cannot come back past a newer one', async () => {
    await pass(world.flat, '107');
    const [first] = ids(await list());
    const decide = async (id: string | undefined, decision: object) =>
      (await call('POST', '/readings/decisions', { decisions: [{ id, ...decision }] })).json().results[0];
    await decide(first, { decision: 'decline', reason: 'Не тот прибор' });
    const used = () =>
      context.db
        .selectFrom('consumption')
        .selectAll()
        .where('house_id', '=', world.houseId)
        .where('period', '=', '2026-11-01')
        .execute();
    expect(await used()).toEqual([]);
    await pass(world.flat, '108');
    expect(await decide(first, { decision: 'accept' })).toMatchObject({ result: 'wrong', state: 'declined' });
    expect(await used()).toHaveLength(1);
  });
});

const CARD_WATER = { resource: '1', unit: '113', base: null };

describe('devices', () => {
  const card = (changes: object = {}) => ({
    accounts: [world.flat.account],
    kind: 'individual',
    serial: `N-${newId()}`,
    usedFrom: '2026-01-10',
    resources: [{ resource: '2', unit: '113', base: { t1: '0' } }],
    ...changes,
  });
  const write = async (meters: unknown[], key?: string) =>
    (await call('POST', '/meters', { meters }, key ? { key } : {})).json();

  test('are listed house by house, the organisation’s own alone', async () => {
    const other = await buildWorld();
    const second = await addHouse(world.organisationId);
    const numbers = [world.flat.number];
    for (const houseId of [world.houseId, second, second])
      numbers.push((await buildFlat(houseId, world.organisationId)).number);
    const seen: string[] = [];
    let after: string | null = '';
    while (after !== null) {
      const page: { meters: { number: string }[]; next: string | null } = (
        await call('GET', `/meters?limit=3${after && `&after=${after}`}`)
      ).json();
      seen.push(...page.meters.map(({ number }) => number));
      after = page.next;
    }
    expect(seen.toSorted()).toEqual(numbers.toSorted());
    const { meters } = (await call('GET', `/meters?house=${world.houseId}`)).json();
    expect(meters).toHaveLength(2);
    expect(meters[0]).toMatchObject({
      accounts: [expect.stringMatching(/^АПИ-/)],
      state: 'working',
      ratio: expect.any(String),
    });
    expect((await call('GET', `/meters?house=${other.houseId}`)).statusCode).toBe(404);
  });

  test('are registered once and corrected by their number', async () => {
    const one = card();
    const key = newId<never>() as string;
    const first = await write([one], key);
    expect(first).toMatchObject({ new: 1, results: [{ state: 'new', houseId: world.houseId }] });
    expect(await write([one], key)).toEqual(first);
    const { number } = first.results[0];
    expect((await write([{ ...one, number }])).results[0].state).toBe('same');
    expect((await write([{ ...one, number, place: 'кухня' }])).results[0].state).toBe('changed');
    expect((await write([one])).results[0].errors[0].field).toBe('serial');
    expect((await send([item({ meter: number, resource: '2', t1: '3' })])).saved).toBe(1);
  });

  test('that another organisation keeps are not corrected; what changes nothing is no error', async () => {
    const one = card();
    const { number } = (await write([one])).results[0];
    const keeper = await buildOrganisation(context);
    await buildProviderLine(context, keeper, world.houseId, 'ул. Лескова, д. 1');
    await context.db.updateTable('meter').set({ source_id: keeper }).where('number', '=', number).execute();
    const { results } = await write([{ ...one, number, place: 'кухня' }]);
    expect(results).toMatchObject([{ state: 'wrong', errors: [{ field: 'number' }] }]);
    expect((await write([{ ...one, number }])).results[0].state).toBe('same');
  });

  test('of the house are changed by its manager and by whoever registered them, and become no other kind', async () => {
    const { houseId, organisationId } = world;
    const manager = await buildOrganisation(context);
    await context.db.updateTable('house').set({ manager_id: manager }).where('house_id', '=', houseId).execute();
    await buildProviderLine(context, manager, houseId, 'ул. Лескова, д. 1');
    const house = { ...card({ kind: 'house', accounts: [], houseId, usedFrom: null }), resources: [CARD_WATER] };
    const build = async (sourceId: OrganisationId) => {
      const meterId = await buildMeter(context, { houseId, premisesId: null, accounts: [], sourceId, base: null });
      return context.db.selectFrom('meter').select('number').where('meter_id', '=', meterId).executeTakeFirstOrThrow();
    };
    const [theirs, ours] = [await build(manager), await build(organisationId)];
    const { results } = await write([
      { ...house, ...theirs },
      { ...house, ...ours, serial: `O-${newId()}` },
      card({ ...theirs }),
      card({ ...ours }),
    ]);
    expect(results).toMatchObject([
      { state: 'wrong', errors: [{ field: 'number' }] },
      { state: 'changed' },
      { state: 'wrong', errors: [{ field: 'number' }] },
      { state: 'wrong' },
    ]);
    expect((await send([item({ meter: theirs.number, t1: '7' })])).saved).toBe(1);
  });

  test('count their month anew when a correction says that their verification has ended', async () => {
    await send([item({ t1: '104' })]);
    const { serial, account, number, meterId } = world.flat;
    const months = () =>
      context.db.selectFrom('consumption').select('volume').where('meter_id', '=', meterId).execute();
    expect(await months()).toHaveLength(1);
    const since = { usedFrom: '2016-01-10', verifiedOn: '2016-01-10', verificationInterval: 6 };
    const corrected = card({ serial, accounts: [account], number, digits: 5, ...since, resources: [CARD_WATER] });
    expect((await write([corrected])).results).toMatchObject([{ state: 'changed' }]);
    expect(await months()).toEqual([]);
  });

  test('are judged one by one', async () => {
    const other = await buildWorld();
    const { results } = await write([
      card({ accounts: [other.flat.account] }),
      card({ accounts: [] }),
      card({ kind: 'house' }),
      card({ kind: 'house', accounts: [], houseId: other.houseId }),
      card({ kind: 'house', accounts: [], houseId: world.houseId, usedFrom: null }),
      card({ number: other.flat.number }),
      card({ premisesId: other.flat.premisesId }),
      card({ usedFrom: '2030-01-01' }),
      card({ resources: [{ resource: '2', unit: '245' }] }),
      card({ ratio: 'много' }),
      card({ serial: 'N\u0000' }),
      card({ mark: 'x' }),
    ]);
    const told = results.map(({ state, errors }: { state: string; errors?: { field: string }[] }) =>
      [state, ...(errors ?? []).map(({ field }) => field)].join(' '),
    );
    expect(told).toEqual([
      'wrong accounts',
      'wrong accounts',
      'wrong accounts',
      'wrong houseId',
      'new',
      'wrong number',
      'wrong premisesId',
      'wrong usedFrom',
      'wrong resources.0.unit',
      'wrong ratio',
      'wrong serial',
      'wrong ',
    ]);
  });
});

test('every operation is described, with its refusals', async () => {
  const { paths } = (await app.inject('/api/v1/openapi.json')).json();
  const operations = Object.entries(
    paths as Record<string, Record<string, { operationId: string; responses: object }>>,
  );
  expect(operations.flatMap(([path, of]) => Object.keys(of).map((method) => `${method} ${path}`)).toSorted()).toEqual([
    'get /api/v1/meters',
    'get /api/v1/readings',
    'post /api/v1/meters',
    'post /api/v1/readings',
    'post /api/v1/readings/decisions',
    'post /api/v1/readings/fetched',
  ]);
});
