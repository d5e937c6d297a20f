import { beforeAll, expect, test } from 'vitest';
import { buildEmployee, buildHouse, limitTo, signIn } from '../../../tests/support/rows.ts';
import type { HouseId } from '../../platform/ids.ts';
import { ACCOUNTS, PLACES } from './layouts/accounts.ts';
import { type Clerk, Desk } from './test-desk.ts';
import { xlsxOf } from './test-workbooks.ts';

let desk: Desk;
let open: HouseId;
let closed: HouseId;
let clerk: Clerk;

beforeAll(async () => {
  desk = await Desk.open();
  const { organisationId } = await desk.clerk();
  open = await buildHouse(desk.context, { managerId: organisationId });
  closed = await buildHouse(desk.context, { managerId: organisationId, shortAddress: 'ул. Дальняя, д. 9' });
  const personId = await buildEmployee(desk.context, organisationId);
  await limitTo(desk.context, organisationId, personId, [open]);
  clerk = { ...(await signIn(desk.context, desk.app, personId, organisationId)), organisationId, personId };
});

const guidOf = async (houseId: HouseId) =>
  (
    await desk.context.db
      .selectFrom('house')
      .select('fias_guid')
      .where('house_id', '=', houseId)
      .executeTakeFirstOrThrow()
  ).fias_guid;

const account = (record: string) => ({
  ...{ record, number: `ЛС-${record}`, kind: 'ЛС УО', familyName: 'Иванов', givenName: 'Пётр' },
  ...{ snils: '112-233-445 95', totalArea: '45,60', residents: '2' },
});

test('rows of a house that is not open are refused by its name, at the dry run and when they are loaded; the others are loaded', async () => {
  const file = await xlsxOf(
    [ACCOUNTS, [account('1'), account('2')]],
    [
      PLACES,
      [
        { record: '1', guid: await guidOf(open), number: '1' },
        { record: '2', guid: await guidOf(closed), number: '1' },
      ],
    ],
  );
  const upload = await desk.upload(clerk, 'accounts', file);
  expect(upload.documents).toMatchObject({ total: 2, new: 1, bad: 1 });
  const wrong = (await desk.notes(upload)).filter((note) => note.wrong);
  expect(wrong).toMatchObject([
    { row: 3, message: expect.stringContaining('ул. Дальняя, д. 9: этот дом вам не открыт') },
  ]);
  const loaded = await desk.apply(clerk, upload, 'good_ones');
  expect(loaded).toMatchObject({ state: 'applied', documents: { applied: 1 } });
  const houses = await desk.context.db
    .selectFrom('account')
    .select('house_id')
    .where('provider_id', '=', clerk.organisationId)
    .execute();
  expect(houses).toEqual([{ house_id: open }]);
});

test('what was open when the file was sent counts, whoever decides about it', async () => {
  const file = await xlsxOf(
    [ACCOUNTS, [account('7')]],
    [PLACES, [{ record: '7', guid: await guidOf(closed), number: '2' }]],
  );
  const upload = await desk.upload(clerk, 'accounts', file);
  expect(upload.documents).toMatchObject({ bad: 1 });
  const colleague = await desk.clerk(['1'], clerk.organisationId);
  expect((await colleague.get(`/work/uploads/${upload.uploadId}`)).statusCode).toBe(200);
});
