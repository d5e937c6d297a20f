import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../../tests/support/context.ts';
import { buildMeter } from '../../../../tests/support/meters.ts';
import {
  actorOf,
  buildAccount,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
} from '../../../../tests/support/rows.ts';
import {
  type AccountId,
  type HouseId,
  type MeterId,
  newId,
  type OrganisationId,
  type PersonId,
  type PremisesId,
} from '../../../platform/ids.ts';
import { month } from '../../../platform/month.ts';
import { loadRules } from '../../../platform/rules/load.ts';
import { chooseNotices, endLetters } from '../../notices/choose-notices.ts';
import { submitReadings } from '../submit-readings.ts';
import { remindHouse, remindMissing } from './remind-house.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
});

interface World {
  houseId: HouseId;
  premisesId: PremisesId;
  providerId: OrganisationId;
  accountId: AccountId;
  personId: PersonId;
  meterId: MeterId;
}
let world: World;

beforeEach(async () => {
  const houseId = await buildHouse(context);
  const premisesId = newId<PremisesId>();
  await context.db
    .insertInto('premises')
    .values({
      house_id: houseId,
      premises_id: premisesId,
      category: 'residential',
      number: '1',
      updated_at: context.now,
    })
    .execute();
  const providerId = await buildOrganisation(context);
  const accountId = await buildAccount(context, { houseId, providerId, premisesId });
  const personId = await buildPerson(context);
  await sql`update person set email = 'anna@example.test' where person_id = ${personId}`.execute(context.db);
  await buildLink(context, { personId, houseId, accountId, providerId });
  const meterId = await buildMeter(context, {
    houseId,
    premisesId,
    accounts: [{ accountId, providerId }],
    base: { on: '2026-10-20', t1: '100' },
    verifyBy: '2027-01-30',
  });
  world = { houseId, premisesId, providerId, accountId, personId, meterId };
});

const letters = async () =>
  (
    await sql<{ subject: string; body: string; url: string | null }>`
      select subject, body, unsubscribe_url as url from mail_message where person_id = ${world.personId} order by mail_id`.execute(
      context.db,
    )
  ).rows.map((letter) => ({ ...letter, subject: plain(letter.subject), body: plain(letter.body) }));
const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const remind = (on: string) => {
  context.now = new Date(`${on}T07:00:00Z`);
  return remindHouse(context, world.houseId);
};

describe('reminders of readings', () => {
  test('one letter on the last day, however often the job runs; none on other days', async () => {
    await remind('2026-11-24');
    expect(await letters()).toEqual([]);
    await remind('2026-11-25');
    await remind('2026-11-25');
    expect((await letters()).map(({ subject }) => subject)).toEqual(['Сегодня последний день для показаний']);
    expect((await letters())[0]?.body).toContain('показания 1 прибора');
  });

  test('nobody who has sent is written to', async () => {
    context.now = new Date('2026-11-20T09:00:00Z');
    const item = {
      houseId: world.houseId,
      meterId: world.meterId,
      resource: '1',
      t1: '104',
      t2: null,
      t3: null,
      confirmed: [],
    } as const;
    await submitReadings(context, actorOf(world.personId), [item], newId());
    await remind('2026-11-25');
    expect(await letters()).toEqual([]);
  });

  test('the day before only for those who chose it', async () => {
    await remind('2026-11-30');
    expect(await letters()).toEqual([]);
    await chooseNotices(context, actorOf(world.personId), ['email'], (kind) => kind === 'readings_before');
    await remind('2026-11-30');
    await remind('2026-12-25');
    expect((await letters()).map(({ subject }) => subject)).toEqual(['Скоро приём показаний за декабрь 2026']);
  });

  test('who has disconnected the account is not written to', async () => {
    await sql`update account_link set state = 'removed' where person_id = ${world.personId}`.execute(context.db);
    await remind('2026-11-25');
    expect(await letters()).toEqual([]);
  });

  test('an organisation asks once in the month', async () => {
    expect(await remindMissing(context, world.providerId, world.houseId, month('2026-11'))).toBe(1);
    expect(await remindMissing(context, world.providerId, world.houseId, month('2026-11'))).toBe(0);
    expect(await remindMissing(context, await buildOrganisation(context), world.houseId, month('2026-11'))).toBe(0);
  });

  test('whoever ended the letters of organisations gets none, and a letter says how to end them', async () => {
    await remindMissing(context, world.providerId, world.houseId, month('2026-11'));
    const [letter] = await letters();
    expect(letter!.url).toContain('.readings_asked.');
    await endLetters(context, actorOf(world.personId), new URL(letter!.url!).searchParams.get('token')!);
    expect(await remindMissing(context, world.providerId, world.houseId, month('2026-12'))).toBe(0);
  });

  test('a device whose verification has ended is not asked about: its value would not count', async () => {
    await context.db
      .updateTable('meter')
      .set({ verify_by: '2026-11-01' })
      .where('meter_id', '=', world.meterId)
      .execute();
    expect(await remindMissing(context, world.providerId, world.houseId, month('2026-11'))).toBe(0);
  });
});

test('before a verification ends: on the days of the rule', async () => {
  for (const on of ['2026-12-30', '2026-12-31', '2026-12-31', '2027-01-23', '2027-01-31']) await remind(on);
  expect((await letters()).map(({ subject }) => subject)).toEqual([
    'Поверка прибора кончается 30 января 2027 г.',
    'Поверка прибора кончается 30 января 2027 г.',
  ]);
});
