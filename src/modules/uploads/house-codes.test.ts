import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { importGar } from '../addresses/index.ts';
import { ACCOUNTS, PLACES } from './layouts/accounts.ts';
import { HOUSE } from './layouts/houses.ts';
import { Desk } from './test-desk.ts';
import { xlsxOf } from './test-workbooks.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
  await importGar(desk.context, 'data/gar/demo-77');
});

const namedBy = (guid: string) =>
  xlsxOf([ACCOUNTS, [{ record: '1', number: 'УО-1', kind: 'ЛС УО' }]], [PLACES, [{ record: '1', guid, number: '1' }]]);

test("the state system's code of a house is kept, and names it where there is no address", async () => {
  const clerk = await desk.clerk();
  const code = `77${'0'.repeat(23)}-00012`;
  const address = 'ул. Фонвизина, д. 12';
  const unknown = await desk.upload(clerk, 'accounts', await namedBy(code));
  expect((await desk.notes(unknown)).map(({ message }) => message)).toEqual([
    'дом по этому коду не найден: укажите GUID дома по ФИАС или адрес дома',
  ]);
  const upload = await desk.upload(
    clerk,
    'houses',
    await xlsxOf([HOUSE, [{ address, guid: code, yearInUse: '1979' }]]),
  );
  expect((await desk.notes(upload)).map(({ message }) => message)).toEqual([]);
  await desk.apply(clerk, upload);
  const { rows } =
    await sql`select unique_number, array(select code from house_code c where c.fias_guid = h.fias_guid) as codes
    from house h where manager_id = ${clerk.organisationId}`.execute(desk.context.db);
  expect(rows).toMatchObject([{ unique_number: code, codes: expect.arrayContaining([code]) }]);
  const named = await desk.upload(clerk, 'accounts', await namedBy(code));
  expect((await desk.notes(named)).map(({ message }) => message)).toEqual([]);
  expect(named.documents).toMatchObject({ new: 1, bad: 0 });
});
