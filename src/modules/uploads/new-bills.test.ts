import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildHouse, buildLink, buildPerson } from '../../../tests/support/rows.ts';
import type { AccountId, HouseId, PersonId } from '../../platform/ids.ts';
import { billingJobs } from '../billing/index.ts';
import { HEADS, LINES } from './layouts/bills.ts';
import { aHome, anAccount, type Home, head, line } from './test-bills.ts';
import { Desk } from './test-desk.ts';
import { xlsxOf } from './test-workbooks.ts';
import type { Upload } from './upload.ts';

let desk: Desk;
let home: Home;
let personId: PersonId;
beforeAll(async () => {
  desk = await Desk.open();
});
beforeEach(async () => {
  desk.context.now = new Date('2026-11-05T09:00:00Z');
  home = await aHome(desk);
  personId = await someone(home.houseId, home.accountId);
});

/** A person with an address who has connected an account. */
async function someone(houseId: HouseId, accountId: AccountId, state: 'connected' | 'pending' = 'connected') {
  const one = await buildPerson(desk.context);
  await sql`update person set email = 'anna@example.test' where person_id = ${one}`.execute(desk.context.db);
  await buildLink(desk.context, { personId: one, houseId, accountId, providerId: home.clerk.organisationId, state });
  return one;
}

/** The jobs that wait, as the worker would do them; those who wait for them get theirs. @returns how many ran */
async function runJobs(again = false): Promise<number> {
  let ran = 0;
  for (const kind of billingJobs) {
    const { rows } = await sql<{ id: string; payload: unknown }>`
      select job.id::text as id, job.payload from graphile_worker._private_jobs job
      join graphile_worker._private_tasks task on task.id = job.task_id where task.identifier = ${kind.name}`.execute(
      desk.context.db,
    );
    for (const { id, payload } of rows) {
      await kind.run(desk.context, kind.payload.parse(payload), desk.context.log);
      if (!again) await sql`select graphile_worker.complete_jobs(array[${id}::bigint])`.execute(desk.context.db);
      ran += 1;
    }
  }
  return ran;
}

const letters = async (to = personId) =>
  (
    await desk.context.db
      .selectFrom('mail_message')
      .select(['subject', 'body', 'unsubscribe_url as off'])
      .where('person_id', '=', to)
      .orderBy('mail_id')
      .execute()
  ).map(({ subject, body, off }) => ({ subject: plain(subject), body: plain(body), off }));
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

async function load(heads: Record<string, string>[], lines: Record<string, string>[]): Promise<Upload> {
  const file = await xlsxOf([HEADS, heads.map((one) => head(one))], [LINES, lines.map((one) => line(one))]);
  return desk.apply(home.clerk, await desk.upload(home.clerk, 'bills', file));
}

describe('nobody is told', () => {
  test('before the upload is applied, or of what it has not brought', async () => {
    const file = await xlsxOf([HEADS, [head({ serviceId: home.serviceId })]], [LINES, [line()]]);
    await desk.upload(home.clerk, 'bills', file);
    await runJobs();
    expect(await letters()).toEqual([]);
  });

  test('whose claim still waits, or who has no account of these', async () => {
    const waiting = await someone(home.houseId, home.accountId, 'pending');
    const other = await anAccount(desk, home.clerk.organisationId, home.houseId, 'ЛС-9');
    const neighbour = await someone(home.houseId, other.accountId);
    await load([{ serviceId: home.serviceId }], [{}]);
    await runJobs();
    expect([await letters(waiting), await letters(neighbour)]).toEqual([[], []]);
    expect(await letters()).toHaveLength(1);
  });

  test('of months long past, which somebody puts in afterwards', async () => {
    await load([{ serviceId: home.serviceId, period: '08.2026' }], [{}]);
    await runJobs();
    expect(await letters()).toEqual([]);
  });
});

describe('a letter', () => {
  test('says how much, by when and where to look', async () => {
    await load([{ serviceId: home.serviceId }], [{ payable: '5123,45' }]);
    await runJobs();
    const [letter, ...more] = await letters();
    expect(more).toEqual([]);
    expect(letter?.subject).toBe('Квитанция за октябрь 2026: 5 123,45 ₽');
    expect(letter?.body).toMatch(/К оплате: 5 123,45 ₽\nОплатить до: \d+ ноября 2026 г\. включительно/);
    expect(letter?.body).toMatch(new RegExp(`/bills/${home.houseId}/[0-9a-f-]{36}`));
    expect(letter?.off).toContain('.new_bill.');
  });

  test('of what was paid before the letter says so', async () => {
    await load([{ serviceId: home.serviceId }], [{ payable: '5123,45' }]);
    await sql`update document_due set settled = due, line_settled = line_due where house_id = ${home.houseId}`.execute(
      desk.context.db,
    );
    await runJobs();
    const [letter] = await letters();
    expect(letter?.subject).toBe('Квитанция за октябрь 2026: 5 123,45 ₽, уже оплачено');
    expect(letter?.body).toContain('К оплате: 5 123,45 ₽, уже оплачено');
    expect(letter?.body).not.toContain('Оплатить до');
  });

  test('is one for all accounts of a person, in whatever houses', async () => {
    const { organisationId } = home.clerk;
    const second = await anAccount(desk, organisationId, home.houseId, 'ЛС-2');
    const houseId = await buildHouse(desk.context, { managerId: organisationId });
    const third = await anAccount(desk, organisationId, houseId, 'ЛС-3');
    for (const [inHouse, accountId] of [
      [home.houseId, second.accountId],
      [houseId, third.accountId],
    ] as const)
      await buildLink(desk.context, { personId, houseId: inHouse, accountId, providerId: organisationId });
    const accounts = [home, second, third];
    await load(
      accounts.map(({ serviceId }, index) => ({ serviceId, document: String(index + 1) })),
      accounts.map((_one, index) => ({ document: String(index + 1), payable: '100' })),
    );
    await runJobs();
    const sent = await letters();
    expect(sent.map(({ subject }) => subject)).toEqual(['3 квитанции за октябрь 2026: 300,00 ₽']);
    expect(sent[0]?.body).toContain('/pay');
  });

  test('of a correction says so', async () => {
    await load([{ serviceId: home.serviceId }], [{ payable: '100' }]);
    await runJobs();
    await load([{ serviceId: home.serviceId }], [{ payable: '80' }]);
    await runJobs();
    expect((await letters()).map(({ subject }) => subject)).toEqual([
      'Квитанция за октябрь 2026: 100,00 ₽',
      'Исправлена квитанция за октябрь 2026: 80,00 ₽',
    ]);
    expect((await letters())[1]?.body).toContain('больше не действует');
  });

  test('goes once, however often its jobs are repeated after a kill', async () => {
    await load([{ serviceId: home.serviceId }], [{}]);
    expect(await runJobs(true)).toBeGreaterThan(0);
    await runJobs(true);
    await runJobs();
    expect(await letters()).toHaveLength(1);
  });

  test('comes to nobody who has ended such letters', async () => {
    await sql`insert into notice_choice (person_id, kind, channel, wanted, changed_at)
      values (${personId}, 'new_bill', 'email', false, now())`.execute(desk.context.db);
    await load([{ serviceId: home.serviceId }], [{}]);
    await runJobs();
    expect(await letters()).toEqual([]);
  });
});
