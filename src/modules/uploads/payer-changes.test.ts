import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { buildMeter } from '../../../tests/support/meters.ts';
import {
  actorOf,
  buildBill,
  buildHouse,
  buildLink,
  buildPerson,
  clerkOf,
  signIn,
} from '../../../tests/support/rows.ts';
import { createApp } from '../../app.ts';
import { personParts } from '../../person-parts.ts';
import { transaction } from '../../platform/database/database.ts';
import { NotFound } from '../../platform/errors.ts';
import { type AccountId, type HouseId, newId, type PersonId, type PremisesId } from '../../platform/ids.ts';
import { kopecks } from '../../platform/money.ts';
import { connectedAccounts, formerAccounts, usableAccounts } from '../accounts/index.ts';
import { disconnectAccount } from '../connections/change-connection.ts';
import { connectAccount } from '../connections/connect-account.ts';
import { makeAccountCode } from '../connections/letters/make-code.ts';
import { acceptShare } from '../connections/sharing/accept-share.ts';
import { inviteHelper } from '../connections/sharing/invite-helper.ts';
import { submitReadings } from '../meters/index.ts';
import { readOwnHomes } from '../personal-data/own-homes.ts';
import { writeJson } from '../personal-data/write-page.ts';
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
  return { clerk, guid, payer, other, account };
}

const letters = async (personId: PersonId) =>
  (
    await sql<{ subject: string }>`select subject from mail_message where person_id = ${personId}`.execute(
      desk.context.db,
    )
  ).rows.map(({ subject }) => subject);

const makeCode = (clerk: Clerk, account: { houseId: HouseId; accountId: AccountId }) =>
  makeAccountCode(desk.context, clerkOf(clerk.personId, clerk.organisationId), {
    ...account,
    purpose: 'Просьба жителя',
  });
const workingCodes = async ({ accountId }: { accountId: AccountId }) =>
  (
    await sql`select from account_code where account_id = ${accountId} and expires_at > ${desk.context.now}`.execute(
      desk.context.db,
    )
  ).rows.length;

test('an area, another spelling, a new surname of the same СНИЛС and a left-out СНИЛС suspend nobody', async () => {
  const { clerk, guid, payer, account } = await connected();
  await makeCode(clerk, account);
  await load(clerk, guid, { familyName: 'ИВАНОВ' }, '46,00');
  await load(clerk, guid, { familyName: 'Иванова' });
  expect(await workingCodes(account)).toBe(1);
  await load(clerk, guid, { snils: '' });
  expect(await connectedAccounts(desk.context.db, payer)).toHaveLength(1);
  expect(await letters(payer)).toEqual([]);
});

test('another person as the payer suspends the former payer alone, ends the codes of letters, and tells both', async () => {
  const { clerk, guid, payer, other, account } = await connected();
  await makeCode(clerk, account);
  const fresh = await personOf('Петров', '08765430300');
  // The payer under an account that nobody has confirmed, who proved it by a code.
  const unconfirmed = await personOf('Иванов', '');
  await buildLink(desk.context, { personId: unconfirmed, ...account });
  await sql`update person set snils = null, confirmed = false where person_id = ${unconfirmed}`.execute(
    desk.context.db,
  );
  await sql`update account_link set proof = 'code' where person_id = ${unconfirmed}`.execute(desk.context.db);
  await load(clerk, guid, { familyName: 'Петров', snils: '087-654-303 00' });
  expect(await connectedAccounts(desk.context.db, unconfirmed)).toEqual([]);
  expect(await letters(unconfirmed)).toEqual(['Доступ к лицевому счёту приостановлен']);
  expect(await connectedAccounts(desk.context.db, payer)).toEqual([]);
  expect(await formerAccounts(desk.context.db, payer)).toMatchObject([{ seenThrough: '2026-10-01' }]);
  expect(await connectedAccounts(desk.context.db, other)).toHaveLength(1);
  expect(await letters(payer)).toEqual(['Доступ к лицевому счёту приостановлен']);
  expect(await letters(fresh)).toEqual(['Вас назвали плательщиком лицевого счёта']);
  expect(await workingCodes(account)).toBe(0);
});

test('who connects as the payer while the payer changes is not connected', async () => {
  const { context } = desk;
  const { account } = await connected();
  const person = await personOf('Иванов', '11223344595');
  const { rows } = await sql<{ number: string }>`
    select service_id as number from account where account_id = ${account.accountId}`.execute(context.db);
  let connecting: ReturnType<typeof connectAccount> | undefined;
  await transaction(context.db, async (trx) => {
    await sql`update account set snils = '08765430300' where account_id = ${account.accountId}`.execute(trx);
    connecting = connectAccount(context, actorOf(person), {
      ...{ number: rows[0]!.number, providerId: null, accountId: null },
      proof: { kind: 'payer' },
    });
    connecting.catch(() => undefined);
    await expect
      .poll(async () => {
        const waiting = await sql`
          select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(
          context.db,
        );
        return waiting.rows.length;
      })
      .toBe(1);
  });
  expect(await connecting).toEqual({ kind: 'connected', count: 0 });
  expect(await connectedAccounts(context.db, person)).toEqual([]);
});

test('a former payer reads the bills that came to them, and nothing newer than the change: by no page, file or call', async () => {
  const { context } = desk;
  const { clerk, guid, payer, account } = await connected();
  const { houseId, accountId } = account;
  await buildBill(context, { ...account, period: '2026-09', payable: 111_111 });
  await buildBill(context, { ...account, period: '2026-08', payable: 8_888_888 });
  const [link] = await connectedAccounts(context.db, payer);
  const invitation = { linkIds: [link!.linkId], invitedAs: 'Сын', email: null, rights: [], until: null, key: newId() };
  const { code } = await inviteHelper(context, actorOf(payer), invitation);
  const helper = await buildPerson(context);
  await acceptShare(context, actorOf(helper), code!);
  await load(clerk, guid, { familyName: 'Тайнопетров', snils: '087-654-303 00' });
  expect(await usableAccounts(context.db, helper, 'see', context.clock())).toEqual([]);

  const before = context.now;
  context.now = new Date('2026-12-06T09:00:00Z');
  await buildBill(context, { ...account, period: '2026-11', payable: 7_654_321 });
  // Of a month before the change, issued after it: drawn up for the new payer.
  await sql`update payment_document set issued_at = '2026-12-05T09:00:00Z', body = jsonb_set(body, '{payer,name}', '"Тайнопетров"')
    where account_id = ${accountId} and period = '2026-08-01'`.execute(context.db);
  const { rows: documents } = await sql<{ id: string; period: string }>`
    select document_id as id, period from payment_document where account_id = ${accountId}`.execute(context.db);
  const bill = (period: string) => documents.find((one) => one.period === period)!.id;
  const { rows: places } = await sql<{ id: PremisesId }>`
    select premises_id as id from account_place where account_id = ${accountId}`.execute(context.db);
  const meterId = await buildMeter(context, {
    ...{ houseId, premisesId: places[0]!.id, serial: 'ТАЙНЫЙ-1', accounts: [account] },
    base: { on: '2026-12-01', t1: '98765' },
  });
  const app = await createApp(context, { assetsFolder: 'src/ui' });
  const browser = await signIn(context, app, payer);
  const shown = async (path: string, status: number) => {
    const { statusCode, body } = await browser.get(path);
    expect(statusCode, path).toBe(status);
    const text = body.replace(/\s/g, '');
    for (const secret of ['76543,21', '88888,88', '98765', 'ТАЙНЫЙ-1', 'Тайнопетров'])
      expect(text, `${secret} at ${path}`).not.toContain(secret);
    return text;
  };
  for (const path of ['/', '/accounts', '/meters', '/readings', '/pay', '/history', '/history.csv', '/appeals'])
    await shown(path, 200);
  for (const path of ['/why/account', '/why/bill', '/why/reading', '/settings/views']) await shown(path, 200);
  for (const path of [
    `/bills/${houseId}/${bill('2026-11-01')}`,
    `/bills/${houseId}/${bill('2026-08-01')}`,
    `/movements/${houseId}/${accountId}`,
    `/meters/${houseId}/${meterId}`,
    `/meters/${houseId}/${meterId}/readings.csv`,
    `/accounts/${link!.linkId}/share`,
    `/appeals/new?about=charge&house=${houseId}&document=${bill('2026-11-01')}&line=1`,
    `/appeals/new?about=bill&link=${link!.linkId}`,
    `/appeals/new?about=reading&link=${link!.linkId}`,
  ])
    await shown(path, 404);
  const reading = { houseId, meterId, resource: '1', t1: '99999', t2: null, t3: null, confirmed: [] } as never;
  await expect(submitReadings(context, actorOf(payer), [reading], newId())).rejects.toThrow(NotFound);
  for (const { tables } of personParts)
    for (const table of tables) {
      let text = '';
      for await (const piece of writeJson(context.db, payer, table)) text += piece;
      expect(text, table.name).not.toMatch(/Тайнопетров|ТАЙНЫЙ-1|98765/);
    }

  for (const path of ['/bills', `/bills?account=${accountId}`]) {
    const list = await shown(path, 200);
    expect(list).toContain('1111,11');
    expect(list).not.toMatch(/Осталосьзаплатить|Движениепосчёту/);
  }
  const own = await shown(`/bills/${houseId}/${bill('2026-09-01')}`, 200);
  expect(own).toContain('1111,11');
  expect(own).not.toMatch(/pay\?account=|Осталосьзаплатить|Оплаченопоэтой|Несогласны/);
  context.now = before;
  await app.close();
});

test('the sum of a bill that was seen as a helper or as a former payer proves nothing; of a later one it does', async () => {
  const { context } = desk;
  const { clerk, guid, payer, account } = await connected();
  const { accountId } = account;
  await buildBill(context, { ...account, payable: 111_111 });
  const [link] = await connectedAccounts(context.db, payer);
  const invitation = { linkIds: [link!.linkId], invitedAs: 'Сын', email: null, rights: [], until: null, key: newId() };
  const { code } = await inviteHelper(context, actorOf(payer), invitation);
  const helper = await buildPerson(context);
  await acceptShare(context, actorOf(helper), code!);
  const { rows } = await sql<{
    number: string;
  }>`select service_id as number from account where account_id = ${accountId}`.execute(context.db);
  const prove = (person: PersonId, sum: number) =>
    connectAccount(context, actorOf(person), {
      ...{ number: rows[0]!.number, providerId: null, accountId },
      proof: { kind: 'bill_sum', sum: kopecks(sum) },
    });
  // Whether the sum is right is not said.
  const seen = { kind: 'refused', failure: null, message: expect.stringContaining('ничего не подтверждает') };
  expect(await prove(helper, 111_111)).toMatchObject(seen);
  expect(await prove(helper, 1)).toMatchObject(seen);
  await load(clerk, guid, { familyName: 'Тайнопетров', snils: '087-654-303 00' });
  for (const person of [helper, payer]) expect(await prove(person, 111_111)).toMatchObject(seen);
  const before = context.now;
  context.now = new Date('2026-12-06T09:00:00Z');
  // Put away, it is still until the change that the account was theirs.
  await disconnectAccount(context, actorOf(payer), link!.linkId);
  expect((await readOwnHomes(context.db, payer))[0]!.mine[0]!.until).toEqual(before);
  await buildBill(context, { ...account, period: '2026-11', payable: 222_222 });
  for (const person of [helper, payer]) expect(await prove(person, 222_222)).toMatchObject({ kind: 'connected' });
  context.now = before;
});
