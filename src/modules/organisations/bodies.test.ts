import { beforeAll, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildOrganisation } from '../../../tests/support/rows.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import { findBodies, insertPower } from './index.ts';

let context: TestContext;
let region: OrganisationId;
let district: OrganisationId;
let settlement: OrganisationId;
let elsewhere: OrganisationId;

beforeAll(async () => {
  context = await createTestContext();
  const build = async (power: string, regionCode: string, oktmo?: string) => {
    const organisationId = await buildOrganisation(context);
    await insertPower(context.db, organisationId, power, regionCode, oktmo);
    return organisationId;
  };
  region = await build('8', '50');
  settlement = await build('8', '50', '46748101');
  district = await build('8', '50', '46748000');
  elsewhere = await build('8', '50', '46750000');
  await build('8', '77');
});

const bodies = async (oktmo: string, powerCodes = ['8']) =>
  (await findBodies(context.db, { powerCodes, regionCode: '50', oktmo })).map((body) => body.organisationId);

test('a body of another municipality, region or power is not found', async () => {
  expect(await bodies('46748101')).not.toContain(elsewhere);
  expect(await bodies('')).toEqual([region]);
  expect(await bodies("46' or true --")).toEqual([region]);
  expect(await bodies('46748101', ['4'])).toEqual([]);
});

test('the nearest territory comes first', async () => {
  expect(await bodies('46748101')).toEqual([settlement, district, region]);
  expect(await bodies('46748101001')).toEqual([settlement, district, region]);
  expect(await bodies('46748105')).toEqual([district, region]);
});

test('the place of a power is kept when the power is named again without one, and changed when it is named', async () => {
  await insertPower(context.db, settlement, '8', '50');
  expect(await bodies('46748101')).toContain(settlement);
  await insertPower(context.db, settlement, '8', '50', '46748105');
  expect(await bodies('46748101')).not.toContain(settlement);
  expect((await bodies('46748105'))[0]).toBe(settlement);
});
