import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildHouse, buildOrganisation, buildPerson, clerkOf } from '../../../tests/support/rows.ts';
import { Invalid } from '../../platform/errors.ts';
import { parse } from '../../platform/http/forms.ts';
import { newId, type OrganisationId } from '../../platform/ids.ts';
import { editHouse, houseForm } from './edit-house.ts';
import { findHousesByCodes, upsertPremises } from './index.ts';

let context: TestContext;
let manager: OrganisationId;
beforeAll(async () => {
  context = await createTestContext();
  manager = await buildOrganisation(context);
});

const numberOf = (serial: number) => `77${String(serial).padStart(23, '0')}-00001`;
const find = async (...codes: string[]) => (await findHousesByCodes(context.db, codes)).map(({ fiasGuid }) => fiasGuid);
const aGuid = () => newId<never>() as string;

describe('the published codes of a house', () => {
  test('a code of premises, an empty one and an unknown one find nothing', async () => {
    const houseId = await buildHouse(context);
    const flat = { category: 'residential' as const, number: '1', cadastralNumber: '77:02:0021003:77' };
    const ids = await upsertPremises(context.db, houseId, [flat], context.clock());
    expect(await find('77:02:0021003:77', [...ids.values()][0]!, '', '-', numberOf(404))).toEqual([]);
    expect(await find()).toEqual([]);
  });

  test('our id, the number of the state system and the cadastral number find it, however they are written', async () => {
    const fiasGuid = aGuid();
    const given = { fiasGuid, uniqueNumber: numberOf(1), cadastralNumber: ' 77:02:0021003:1045 ' };
    const houseId = await buildHouse(context, given);
    for (const code of [numberOf(1), numberOf(1).replace('-', '–'), '77:02:0021003:1045', `{${houseId.toUpperCase()}}`])
      expect(await findHousesByCodes(context.db, [code])).toEqual([{ code, fiasGuid }]);
  });

  test('two houses that are said to have one cadastral number are both found', async () => {
    const houses = [aGuid(), aGuid()];
    for (const fiasGuid of houses) await buildHouse(context, { fiasGuid, cadastralNumber: '77:02:0021003:2000' });
    expect((await find('77:02:0021003:2000')).sort()).toEqual(houses.sort());
  });

  test('a corrected code finds the house, the former one no longer; what the card keeps stays findable', async () => {
    const fiasGuid = aGuid();
    const first = { fiasGuid, managerId: manager, uniqueNumber: numberOf(2), cadastralNumber: '77:02:0021003:3000' };
    const houseId = await buildHouse(context, first);
    await buildHouse(context, { fiasGuid, uniqueNumber: numberOf(3) });
    expect(await find(numberOf(2))).toEqual([]);
    expect(await find(numberOf(3), '77:02:0021003:3000', houseId)).toEqual([fiasGuid, fiasGuid, fiasGuid]);
    const clerk = clerkOf(await buildPerson(context), manager);
    await editHouse(context, clerk, houseId, parse(houseForm, { uniqueNumber: numberOf(4) }));
    expect(await find(numberOf(3), '77:02:0021003:3000')).toEqual([]);
    expect(await find(numberOf(4), houseId)).toEqual([fiasGuid, fiasGuid]);
  });

  test('the form refuses what is no number of a house', () => {
    for (const uniqueNumber of ['1', '7'.repeat(30), `${'7'.repeat(25)}-0000000001`])
      expect(() => parse(houseForm, { uniqueNumber })).toThrow(Invalid);
    expect(parse(houseForm, { uniqueNumber: ` ${'7'.repeat(25)} – 00001 ` }).uniqueNumber).toBe(
      `${'7'.repeat(25)}-00001`,
    );
    expect(parse(houseForm, { uniqueNumber: '' }).uniqueNumber).toBeNull();
  });
});
