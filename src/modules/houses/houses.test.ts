import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { actingOf, actorOf, buildHouse, buildOrganisation, buildPerson, clerkOf } from '../../../tests/support/rows.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict, Forbidden, Invalid, NotFound, NotSignedIn } from '../../platform/errors.ts';
import { type HouseId, newId, type OrganisationId, type PersonId, type PremisesId } from '../../platform/ids.ts';
import { day } from '../../platform/month.ts';
import { findHouseLine } from '../organisations/index.ts';
import { editHouse, houseForm } from './edit-house.ts';
import {
  addOwnership,
  endOwnership,
  ensurePremises,
  findHouseByFias,
  ownersOf,
  placeKey,
  readHome,
  readHouse,
  readPremises,
  recordOwnership,
  standingOf,
  upsertEntrances,
  upsertHouse,
  upsertLifts,
  upsertPremises,
  upsertRooms,
} from './index.ts';
import { countParts, selectHouseVersions } from './queries/houses.ts';
import { selectPremisesPage } from './queries/premises.ts';

let context: TestContext;
let manager: OrganisationId;
let clerk: PersonId;
const by = newId<PersonId>();

beforeAll(async () => {
  context = await createTestContext();
  manager = await buildOrganisation(context);
  clerk = await buildPerson(context);
});

const aHouse = () => buildHouse(context, { managerId: manager });
async function aFlat(houseId: HouseId, number = '12'): Promise<PremisesId> {
  const ids = await upsertPremises(context.db, houseId, [{ category: 'residential', number }], context.clock());
  return ids.get(placeKey({ category: 'residential', number }))!;
}
const aRight = (houseId: HouseId, premisesId: PremisesId, numerator = 1n, denominator = 1n) => ({
  houseId,
  premisesId,
  holder: 'person' as const,
  familyName: 'Петрова',
  givenName: 'Анна',
  snils: '11223344595',
  numerator,
  denominator,
  registeredOn: day('2020-05-05'),
});

describe('recording a right of ownership', () => {
  test('is refused to nobody, to a resident and to an inspector', async () => {
    const houseId = await aHouse();
    const right = aRight(houseId, await aFlat(houseId));
    await expect(recordOwnership(context, { kind: 'anonymous' }, right)).rejects.toThrow(NotSignedIn);
    await expect(recordOwnership(context, actorOf(clerk), right)).rejects.toThrow(Forbidden);
    const inspector = actorOf(clerk, { acting: actingOf(manager, { role: 'head', powers: ['4'] }) });
    await expect(recordOwnership(context, inspector, right)).rejects.toThrow(Forbidden);
  });

  test('in a house that another organisation manages is "not found"', async () => {
    const houseId = await aHouse();
    const right = aRight(houseId, await aFlat(houseId));
    const other = clerkOf(clerk, await buildOrganisation(context));
    await expect(recordOwnership(context, other, right)).rejects.toThrow(NotFound);
  });

  test('of premises of another house is "not found"', async () => {
    const [houseId, otherId] = [await aHouse(), await aHouse()];
    const right = aRight(houseId, await aFlat(otherId));
    await expect(recordOwnership(context, clerkOf(clerk, manager), right)).rejects.toThrow(NotFound);
  });

  test('above the whole is refused with what is free, and is not written', async () => {
    const houseId = await aHouse();
    const premisesId = await aFlat(houseId);
    await recordOwnership(context, clerkOf(clerk, manager), aRight(houseId, premisesId, 2n, 3n));
    const more = recordOwnership(context, clerkOf(clerk, manager), aRight(houseId, premisesId, 1n, 2n));
    await expect(more).rejects.toThrow(Invalid);
    await expect(more).rejects.toMatchObject({ fields: [{ field: 'share', message: expect.stringContaining('1/3') }] });
    expect(await ownersOf(context.db, houseId, premisesId)).toHaveLength(1);
  });

  test('by several clerks at once never passes the whole', async () => {
    const houseId = await aHouse();
    const premisesId = await aFlat(houseId);
    const tries = Array.from({ length: 6 }, () =>
      recordOwnership(context, clerkOf(clerk, manager), aRight(houseId, premisesId, 1n, 3n)),
    );
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(await ownersOf(context.db, houseId, premisesId)).toHaveLength(3);
  });

  test('with a day of registration in the future is refused', async () => {
    const houseId = await aHouse();
    const right = { ...aRight(houseId, await aFlat(houseId)), registeredOn: day('2026-11-11') };
    await expect(recordOwnership(context, clerkOf(clerk, manager), right)).rejects.toThrow(Invalid);
  });

  test('twice by the same form records one right and one audit event', async () => {
    const houseId = await aHouse();
    const premisesId = await aFlat(houseId);
    const form = aRight(houseId, premisesId, 1n, 4n);
    const first = await recordOwnership(context, clerkOf(clerk, manager), form, 'key-1');
    expect(await recordOwnership(context, clerkOf(clerk, manager), form, 'key-1')).toBe(first);
    expect(await ownersOf(context.db, houseId, premisesId)).toHaveLength(1);
    const events = await context.db.selectFrom('audit_event').selectAll().where('house_id', '=', houseId).execute();
    expect(events.map((event) => event.action)).toEqual(['ownership.recorded']);
  });

  test('ends only once, not in the future and not before it began; then it no longer counts', async () => {
    const houseId = await aHouse();
    const premisesId = await aFlat(houseId);
    const actor = clerkOf(clerk, manager);
    const ownershipId = await recordOwnership(context, actor, aRight(houseId, premisesId));
    const end = (endedOn: string) =>
      endOwnership(context, actor, { houseId, premisesId, ownershipId, endedOn: day(endedOn) });
    await expect(end('2026-11-11')).rejects.toThrow(Invalid);
    await expect(end('2020-05-04')).rejects.toThrow(Invalid);
    await end('2026-11-10');
    await expect(end('2026-11-10')).rejects.toThrow(Conflict);
    await recordOwnership(context, actor, aRight(houseId, premisesId));
    const [premises] = await readPremises(context.db, houseId, [premisesId]);
    expect(premises?.owners).toHaveLength(1);
    expect(await ownersOf(context.db, houseId, premisesId)).toHaveLength(2);
  });
});

describe('what a person is to premises', () => {
  const owners = [{ holder: 'person' as const, snils: '11223344595' }];
  test.each([
    ['owner', { snils: '11223344595', confirmed: true }, false],
    ['payer', { snils: '11223344595', confirmed: false }, false],
    ['payer', { snils: '08765430300', confirmed: true }, false],
    ['payer', { snils: null, confirmed: true }, false],
    ['tenant', { snils: null, confirmed: true }, true],
  ] as const)('%s: %o, tenant: %s', (standing, person, isTenant) => {
    expect(standingOf(person, owners, { isTenant })).toBe(standing);
  });

  test('an organisation that owns makes nobody an owner', () => {
    const organisation = [{ holder: 'organisation' as const, snils: null }];
    expect(standingOf({ snils: null, confirmed: true }, organisation, { isTenant: false })).toBe('payer');
  });
});

describe('a house', () => {
  test('two loads of one address at once make one house', async () => {
    const fiasGuid = newId<never>() as string;
    const input = { fiasGuid, regionCode: '77', zone: 'Europe/Moscow', address: 'а', shortAddress: 'а' };
    const load = () => transaction(context.db, (trx) => upsertHouse(trx, input, by, context.clock()));
    const ids = await Promise.all([load(), load(), load()]);
    expect(new Set(ids).size).toBe(1);
    expect(await findHouseByFias(context.db, fiasGuid)).toBe(ids[0]);
  });

  test('keeps what its card said, and only when something changed', async () => {
    const fiasGuid = newId<never>() as string;
    const base = { fiasGuid, regionCode: '77', zone: 'Europe/Moscow', address: 'а', shortAddress: 'а' };
    const load = (more: object) =>
      transaction(context.db, (trx) => upsertHouse(trx, { ...base, ...more }, by, context.clock()));
    const houseId = await load({ yearBuilt: 1978, totalArea: '3456.7', managerId: manager });
    await load({ totalArea: '3456.70' });
    expect(await selectHouseVersions(context.db, houseId)).toHaveLength(0);
    await load({ yearBuilt: 1979 });
    const [version] = await selectHouseVersions(context.db, houseId);
    expect(version?.card).toMatchObject({ yearBuilt: 1978 });
    expect(await readHouse(context.db, houseId)).toMatchObject({ yearBuilt: 1979, totalArea: '3456.7000' });
  });

  test('that goes to another manager leaves the list of the former one', async () => {
    const [before, after] = [await buildOrganisation(context), await buildOrganisation(context)];
    const fiasGuid = newId<never>() as string;
    const houseId = await buildHouse(context, { fiasGuid, managerId: before });
    expect(await findHouseLine(context.db, before, houseId)).toMatchObject({ manages: true });
    await buildHouse(context, { fiasGuid, managerId: after });
    expect(await findHouseLine(context.db, before, houseId)).toBeUndefined();
    expect(await findHouseLine(context.db, after, houseId)).toMatchObject({ manages: true });
  });

  test('edited by its manager: contradictions are named, the source becomes the manager', async () => {
    const houseId = await aHouse();
    const actor = clerkOf(clerk, manager);
    const wrong = houseForm.parse({ yearBuilt: '2030', wearPercent: '34,5', storeysMin: '9', storeysMax: '5' });
    await expect(editHouse(context, actor, houseId, wrong)).rejects.toMatchObject({
      fields: [{ field: 'yearBuilt' }, { field: 'wearOn' }, { field: 'storeysMin' }],
    });
    const other = clerkOf(clerk, await buildOrganisation(context));
    await expect(editHouse(context, other, houseId, houseForm.parse({}))).rejects.toThrow(NotFound);
    const form = houseForm.parse({
      yearBuilt: '1978',
      wearPercent: '34,5',
      wearOn: '01.02.2020',
      totalArea: '3 456,7',
    });
    expect(await editHouse(context, actor, houseId, form)).toBe(true);
    expect(await editHouse(context, actor, houseId, form)).toBe(false);
    expect(await readHouse(context.db, houseId)).toMatchObject({ sourceId: manager, wearPercent: '34.50' });
  });

  test.each(['19780', 'давно', '1599'])('a year of %s is refused', (yearBuilt) => {
    expect(houseForm.safeParse({ yearBuilt }).success).toBe(false);
  });
});

describe('parts of a house in bulk', () => {
  test('thousands of premises are one statement; a repeated row counts once, the last word wins', async () => {
    const houseId = await aHouse();
    const rows = Array.from({ length: 3000 }, (_, index) => ({
      category: 'residential' as const,
      number: String(index + 1),
      totalArea: '49.5',
    }));
    const at = context.clock();
    const ids = await upsertPremises(context.db, houseId, [...rows, { ...rows[0]!, totalArea: '50.1' }], at);
    expect(ids.size).toBe(3000);
    const again = await upsertPremises(context.db, houseId, rows.slice(1), at);
    expect(again.get('residential 2')).toBe(ids.get('residential 2'));
    const [first] = await readPremises(context.db, houseId, [ids.get('residential 1')!]);
    expect(first).toMatchObject({ totalArea: '50.1000', described: true });
    expect((await countParts(context.db, houseId)).flats).toBe(3000);
  });

  test('premises named by an account stay as they were described', async () => {
    const houseId = await aHouse();
    const flat = { category: 'residential' as const, number: '7' };
    const [id] = (
      await upsertPremises(context.db, houseId, [{ ...flat, totalArea: '49.5' }], context.clock())
    ).values();
    const ids = await ensurePremises(context.db, houseId, [flat, { ...flat, number: '8' }], context.clock());
    expect(ids.get('residential 7')).toBe(id);
    const [seven, eight] = await Promise.all(
      ['7', '8'].map(
        async (number) => (await readPremises(context.db, houseId, [ids.get(`residential ${number}`)!]))[0],
      ),
    );
    expect([seven?.described, seven?.totalArea, eight?.described]).toEqual([true, '49.5000', false]);
  });

  test('entrances, rooms and lifts are written once and corrected', async () => {
    const houseId = await aHouse();
    const premisesId = await aFlat(houseId);
    for (const storeys of [5, 9]) {
      await upsertEntrances(context.db, houseId, [{ number: '1', storeys }, { number: '2' }]);
      await upsertLifts(context.db, houseId, [{ entranceNumber: '1', factoryNumber: 'Л-1', details: { storeys } }]);
      await upsertRooms(context.db, houseId, [{ premisesId, number: '1', area: '12.4' }], context.clock());
    }
    expect(await countParts(context.db, houseId)).toEqual({ premises: 1, flats: 1, entrances: 2, lifts: 1 });
  });

  test('a page follows a page in the order that people count', async () => {
    const houseId = await aHouse();
    const numbers = ['10', '2', '1', '10а', 'Н-3', '100'];
    const rows = numbers.map((number) => ({ category: 'residential' as const, number }));
    await upsertPremises(context.db, houseId, rows, context.clock());
    const seen: string[] = [];
    for (let after = null as Parameters<typeof selectPremisesPage>[1]['after']; seen.length < 20; ) {
      const page = await selectPremisesPage(context.db, { houseId, search: '', after, limit: 2 });
      if (page.length === 0) break;
      seen.push(...page.map((row) => row.number));
      after = page.at(-1)!;
    }
    expect(seen).toEqual(['1', '2', 'Н-3', '10', '10а', '100']);
  });
});

test('a home is one statement: the house, its premises and who owns them', async () => {
  const houseId = await aHouse();
  const premisesId = await aFlat(houseId);
  await transaction(context.db, (trx) => addOwnership(trx, aRight(houseId, premisesId, 1n, 3n), by, context.clock()));
  const home = await readHome(context.db, houseId, [premisesId]);
  expect(home?.house.managerId).toBe(manager);
  expect(home?.premises).toMatchObject([{ number: '12', totalArea: null, owners: [{ snils: '11223344595' }] }]);
  const [premises] = await readPremises(context.db, houseId, [premisesId]);
  expect(premises?.owners).toMatchObject([{ numerator: 1n, denominator: 3n, registeredOn: '2020-05-05' }]);
});
