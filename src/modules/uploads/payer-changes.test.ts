import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { buildHouse, buildLink, buildPerson } from '../../../tests/support/rows.ts';
import type { AccountId, HouseId, PersonId } from '../../platform/ids.ts';
import { connectedAccounts, formerAccounts } from '../accounts/index.ts';
import { ACCOUNTS, PLACES } from './layouts/accounts.ts';
import { type Clerk, Desk } from './test-desk.ts';
import { xlsxOf } from './test-workbooks.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});

const FORMER = { familyName: 'Иванов', givenName: 'Пётр', snils: '112-233-445 95' };

async function load(clerk: Clerk, guid: string, payer: Partial<typeof FORMER>, totalArea = '45,60') {
  const row = {
    record: '1',
    number: 'ЛС-1',
    kind: 'ЛС УО',
    els: '',
    serviceId: '',
    totalArea,
    residents: '2',
    ...FORMER,
    ...payer,
  };
  const file = await xlsxOf([ACCOUNTS, [row]], [PLACES, [{ record: '1', guid, number: '1' }]]);
  return desk.apply(clerk, await desk.upload(clerk, 'accounts', file));
}

async function personOf(name: string, snils: string): Promise<PersonId> {
  const personId = await buildPerson(desk.context);
  await sql`update person set family_name = ${name}, given_name = 'Пётр', middle_name = '', snils = ${snils}, confirmed = true,
    email = ${`${personId}@example.test`} where person_id = ${personId}`.execute(desk.context.db);
  return personId;
}

/** An account with its payer and a second person, who proved it by a bill. */
async function connected() {
  const clerk = await desk.clerk();
  const houseId: HouseId = await buildHouse(desk.context, { managerId: clerk.organisationId });
  const { rows } = await sql<{ guid: string }>`select fias_guid as guid from house where house_id = ${houseId}`.execute(
    desk.context.db,
  );
  const guid = rows[0]!.guid;
  await load(clerk, guid, {});
  const found = await sql<{ id: AccountId }>`select account_id as id from account where house_id = ${houseId}`.execute(
    desk.context.db,
  );
  const account = { houseId, accountId: found.rows[0]!.id, providerId: clerk.organisationId };
  const payer = await personOf('Иванов', '11223344595');
  await buildLink(desk.context, { personId: payer, ...account });
  const other = await personOf('Сидоров', '64270954807');
  await buildLink(desk.context, { personId: other, ...account });
  await sql`update account_link set proof = 'bill_sum' where person_id = ${other}`.execute(desk.context.db);
  return { clerk, guid, payer, other };
}

const letters = async (personId: PersonId) =>
  (
    await sql<{ subject: string }>`select subject from mail_message where person_id = ${personId}`.execute(
      desk.context.db,
    )
  ).rows.map(({ subject }) => subject);

test('an area, another spelling, a new surname of the same СНИЛС and a left-out СНИЛС suspend nobody', async () => {
  const { clerk, guid, payer } = await connected();
  await load(clerk, guid, { familyName: 'ИВАНОВ' }, '46,00');
  await load(clerk, guid, { familyName: 'Иванова' });
  await load(clerk, guid, { snils: '' });
  expect(await connectedAccounts(desk.context.db, payer)).toHaveLength(1);
  expect(await letters(payer)).toEqual([]);
});

test('another person as the payer suspends the former payer alone, and tells both', async () => {
  const { clerk, guid, payer, other } = await connected();
  const fresh = await personOf('Петров', '08765430300');
  await load(clerk, guid, { familyName: 'Петров', snils: '087-654-303 00' });
  expect(await connectedAccounts(desk.context.db, payer)).toEqual([]);
  expect(await formerAccounts(desk.context.db, payer)).toMatchObject([{ seenThrough: '2026-10-01' }]);
  expect(await connectedAccounts(desk.context.db, other)).toHaveLength(1);
  expect(await letters(payer)).toEqual(['Доступ к лицевому счёту приостановлен']);
  expect(await letters(fresh)).toEqual(['Вас назвали плательщиком лицевого счёта']);
});
