import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildAccount, buildHouse, buildOrganisation } from '../../../tests/support/rows.ts';
import { transaction } from '../../platform/database/database.ts';
import {
  type AccountId,
  type HouseId,
  newId,
  type OrganisationId,
  type PersonId,
  type PremisesId,
} from '../../platform/ids.ts';
import type { Day } from '../../platform/month.ts';
import { checkMeter, type MeterWrite } from './check-meter.ts';
import { selectMeters } from './queries/meters.ts';
import { type WrittenMeter, writeMeters } from './write-meters.ts';

const day = (text: string) => text as Day;
const TODAY = day('2026-11-23');

const aMeter = (given: Partial<MeterWrite> = {}): MeterWrite => ({
  meterId: null,
  kind: 'individual',
  serial: '100200',
  brand: 'СВК',
  model: '15',
  premisesId: newId<PremisesId>(),
  roomId: null,
  place: 'санузел',
  tariffs: 1,
  ratio: '1',
  digits: 5,
  givesVolume: false,
  remote: false,
  remoteNote: null,
  temperatureSensor: false,
  temperatureNote: null,
  pressureSensor: false,
  pressureNote: null,
  installedOn: day('2025-03-01'),
  usedFrom: day('2025-03-02'),
  factorySealedOn: null,
  sealedOn: null,
  verifiedOn: day('2025-01-15'),
  verificationInterval: 6,
  resources: [{ resource: '1', unit: '113', base: { t1: '0.5', t2: null, t3: null } }],
  accounts: [],
  change: 'installed',
  onDay: TODAY,
  ...given,
});
const electric = { resources: [{ resource: '3' as const, unit: '245', base: null }] };
const wrongFields = (given: Partial<MeterWrite>) => checkMeter(aMeter(given), TODAY).map(({ field }) => field);

describe('the card of a device', () => {
  test.each<[string, Partial<MeterWrite>, string[]]>([
    ['no serial number', { serial: ' ' }, ['serial']],
    ['a serial number too long', { serial: '1'.repeat(51) }, ['serial']],
    ['no premises', { premisesId: null }, ['premisesId']],
    ['a room device without a room', { kind: 'room' }, ['roomId']],
    ['a room for another kind', { roomId: newId() }, ['roomId']],
    ['a house device in a flat', { kind: 'house' }, ['premisesId']],
    ['tariffs of water', { tariffs: 2, resources: [{ resource: '1', unit: '113', base: null }] }, ['tariffs']],
    ['a ratio of water', { ratio: '40' }, ['ratio']],
    ['a ratio of nothing', { ...electric, ratio: '0' }, ['ratio']],
    ['a ratio that is no number', { ...electric, ratio: 'сорок' }, ['ratio']],
    ['no resource', { resources: [] }, ['resources']],
    ['electricity with water', { resources: [...electric.resources, ...aMeter().resources] }, ['resources']],
    ['a unit of another resource', { resources: [{ resource: '1', unit: '245', base: null }] }, ['resources.0.unit']],
    ['an interval of 25 years', { verificationInterval: 25 }, ['verificationInterval']],
    ['not put in use', { usedFrom: null }, ['usedFrom']],
    ['put in use before it was installed', { usedFrom: day('2025-02-01') }, ['usedFrom']],
    [
      'sealed by the factory after it was installed',
      { factorySealedOn: day('2025-04-01') },
      ['factorySealedOn', 'verifiedOn'],
    ],
    ['verified tomorrow', { verifiedOn: day('2026-11-24') }, ['verifiedOn']],
    [
      'sensors nobody knows where',
      { temperatureSensor: true, pressureSensor: true },
      ['temperatureNote', 'pressureNote'],
    ],
    ['remote by an unknown system', { remote: true }, ['remoteNote']],
    ['sixteen digits', { digits: 16 }, ['digits']],
    [
      'one value for two tariffs',
      { tariffs: 2, resources: [{ resource: '3', unit: '245', base: { t1: '1', t2: null, t3: null } }] },
      ['resources.0.base'],
    ],
    ['a first value of what gives volumes', { givesVolume: true }, ['resources.0.base']],
  ])('%s', (_what, given, fields) => expect(wrongFields(given)).toEqual(fields));

  test('good ones', () => {
    expect(wrongFields({})).toEqual([]);
    expect(wrongFields({ ...electric, tariffs: 3, ratio: '40.5', verificationInterval: 30 })).toEqual([]);
    expect(wrongFields({ kind: 'house', premisesId: null, usedFrom: null })).toEqual([]);
  });
});

describe('writing devices', () => {
  let context: TestContext;
  let provider: OrganisationId;
  let other: OrganisationId;
  const personId = newId<PersonId>();
  beforeAll(async () => {
    context = await createTestContext();
    provider = await buildOrganisation(context);
    other = await buildOrganisation(context);
  });

  const write = (houseId: HouseId, writes: readonly MeterWrite[], organisationId = provider): Promise<WrittenMeter[]> =>
    transaction(context.db, (trx) =>
      writeMeters(trx, { houseId, regionCode: '77', organisationId, personId, at: context.clock() }, writes),
    );
  const aFlat = async (houseId: HouseId, number = '1'): Promise<PremisesId> => {
    const premisesId = newId<PremisesId>();
    await context.db
      .insertInto('premises')
      .values({
        house_id: houseId,
        premises_id: premisesId,
        category: 'residential',
        number,
        updated_at: context.clock(),
      })
      .execute();
    return premisesId;
  };
  const place = async () => {
    const houseId = await buildHouse(context);
    const premisesId = await aFlat(houseId);
    const accountId = await buildAccount(context, { houseId, providerId: provider, premisesId });
    return { houseId, premisesId, accountId };
  };
  const good = (answer: WrittenMeter | undefined) => {
    if (answer?.state !== 'written') throw new Error(JSON.stringify(answer));
    return answer;
  };
  const versions = (houseId: HouseId) =>
    context.db.selectFrom('meter_version').selectAll().where('house_id', '=', houseId).orderBy('version_id').execute();
  const readings = (houseId: HouseId) =>
    context.db.selectFrom('reading').selectAll().where('house_id', '=', houseId).execute();
  const account = (accountId: AccountId, providerId = provider) => ({ accountId, providerId });

  test('what is wrong is answered in its place, and the others are written', async () => {
    const { houseId, premisesId } = await place();
    const answers = await write(houseId, [
      aMeter({ premisesId, serial: '' }),
      aMeter({ premisesId, serial: 'А-1' }),
      aMeter({ premisesId, serial: 'А-1' }),
      aMeter({ premisesId, meterId: newId() }),
    ]);
    expect(answers.map((one) => (one.state === 'wrong' ? one.errors.map(({ field }) => field) : one.change))).toEqual([
      ['serial'],
      'new',
      ['serial'],
      ['meter'],
    ]);
    const [again] = await write(houseId, [aMeter({ premisesId, serial: 'А-1' })]);
    expect(again).toMatchObject({ state: 'wrong', errors: [{ field: 'serial' }] });
    // Another maker may have given the same number.
    expect(good((await write(houseId, [aMeter({ premisesId, serial: 'А-1', brand: 'Бетар' })]))[0]).change).toBe('new');
  });

  test('a new device gets a number, a version, its accounts and the value that it begins with', async () => {
    const { houseId, premisesId, accountId } = await place();
    const [answer] = await write(houseId, [aMeter({ premisesId, accounts: [account(accountId)] })]);
    const { meterId, number } = good(answer);
    expect(number).toMatch(/^77\d{10}$/);
    const [meter] = await selectMeters(context.db, houseId, [meterId]);
    expect(meter).toMatchObject({
      number,
      state: 'working',
      verifyBy: '2031-01-15',
      sourceId: provider,
      resources: [{ resource: '1', unit: '113' }],
      accounts: [account(accountId)],
    });
    expect(await context.db.selectFrom('meter_number').selectAll().where('number', '=', number).execute()).toEqual([
      { number, house_id: houseId, meter_id: meterId },
    ]);
    expect(await versions(houseId)).toMatchObject([
      { version_id: meter!.versionId, change: 'installed', on_day: TODAY, card: { serial: '100200' } },
    ]);
    expect(await readings(houseId)).toMatchObject([
      { kind: 'base', period: '2025-03-01', taken_on: '2025-03-02', t1: '0.5000000', source: 'organisation' },
    ]);
  });

  test('the same again changes nothing; a correction makes a version and keeps the number', async () => {
    const { houseId, premisesId, accountId } = await place();
    const first = aMeter({ premisesId, accounts: [account(accountId)] });
    const { meterId, number } = good((await write(houseId, [first]))[0]);
    const again = { ...first, meterId, change: 'corrected' as const, ratio: '1.0' };
    expect(good((await write(houseId, [again]))[0]).change).toBe('same');
    expect(await versions(houseId)).toHaveLength(1);
    const corrected = good((await write(houseId, [{ ...again, verifiedOn: day('2026-01-15') }]))[0]);
    expect(corrected).toEqual({ state: 'written', change: 'changed', meterId, number });
    expect((await versions(houseId)).map(({ change }) => change)).toEqual(['installed', 'corrected']);
    expect((await selectMeters(context.db, houseId, [meterId]))[0]!.verifyBy).toBe('2032-01-15');
    expect(await readings(houseId)).toHaveLength(1);
  });

  test('another provider ties its account to the device and takes away only its own', async () => {
    const { houseId, premisesId, accountId } = await place();
    const first = aMeter({ premisesId, accounts: [account(accountId)] });
    const { meterId } = good((await write(houseId, [first]))[0]);
    const foreign = await buildAccount(context, { houseId, providerId: other, premisesId, kind: 'rso' });
    const tied = { ...first, meterId, change: 'corrected' as const, accounts: [account(foreign, other)] };
    expect(good((await write(houseId, [tied], other))[0]).change).toBe('changed');
    const [meter] = await selectMeters(context.db, houseId, [meterId]);
    expect(meter!.accounts.map((one) => one.accountId).sort()).toEqual([accountId, foreign].sort());
    expect(meter!.sourceId).toBe(provider);
    await write(houseId, [{ ...tied, accounts: [] }], other);
    expect((await selectMeters(context.db, houseId, [meterId]))[0]!.accounts).toEqual([account(accountId)]);
  });

  test('what readings rest on stays as it is', async () => {
    const { houseId, premisesId } = await place();
    const first = aMeter({ premisesId, ...electric });
    const { meterId } = good((await write(houseId, [first]))[0]);
    await context.db
      .insertInto('reading')
      .values({
        house_id: houseId,
        reading_id: newId(),
        meter_id: meterId,
        resource: '3',
        kind: 'current',
        period: '2026-10-01',
        taken_on: '2026-10-20',
        t1: '10',
        source: 'organisation',
        entered_at: context.clock(),
        state: 'active',
      })
      .execute();
    const change = async (given: Partial<MeterWrite>) =>
      (await write(houseId, [{ ...first, meterId, change: 'corrected', ...given }]))[0];
    expect(await change({ tariffs: 2 })).toMatchObject({ errors: [{ field: 'tariffs' }] });
    expect(await change({ givesVolume: true })).toMatchObject({ errors: [{ field: 'givesVolume' }] });
    expect(await change({ resources: [{ resource: '1', unit: '113', base: null }] })).toMatchObject({
      errors: [{ field: 'resources' }],
    });
    await context.db
      .updateTable('meter')
      .set({ state: 'archived', archived_on: '2026-11-01' })
      .where('meter_id', '=', meterId)
      .execute();
    expect(await change({ brand: 'Меркурий' })).toMatchObject({ errors: [{ field: 'meter' }] });
    // The place of a device in the archive is free.
    expect(good((await write(houseId, [first]))[0]).change).toBe('new');
  });

  test('of two that register one device at once one does', async () => {
    const { houseId, premisesId } = await place();
    const answers = await Promise.all([1, 2, 3].map(() => write(houseId, [aMeter({ premisesId })])));
    expect(answers.flat().filter(({ state }) => state === 'written')).toHaveLength(1);
  });

  test('hundreds take as many statements as one', async () => {
    const { houseId, premisesId } = await place();
    const writes = Array.from({ length: 300 }, (_, index) => aMeter({ premisesId, serial: `М-${index}` }));
    const answers = await write(houseId, writes);
    expect(new Set(answers.map((one) => good(one).number)).size).toBe(300);
    expect(await readings(houseId)).toHaveLength(300);
  });
});
