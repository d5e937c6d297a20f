import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { TestContext } from '../../../../tests/support/context.ts';
import { buildMeterWorld, createMeterContext, type MeterWorld } from '../../../../tests/support/meter-world.ts';
import { actorOf, buildLink, buildPerson } from '../../../../tests/support/rows.ts';
import { newId, type PersonId, type ReadingId } from '../../../platform/ids.ts';
import { acceptReading, declineReading } from '../decide-deliveries.ts';
import { enterReadings } from '../enter-readings.ts';
import type { Resource } from '../meter.ts';
import { submitReadings } from '../submit-readings.ts';
import { tellDeclined } from './tell-declined.ts';

let context: TestContext;
let world: MeterWorld;
beforeAll(async () => {
  context = await createMeterContext();
});
beforeEach(async () => {
  context.now = new Date('2026-11-18T09:00:00Z');
  world = await buildMeterWorld(context);
  await giveAddress(world.personId);
});

const giveAddress = (personId: PersonId) =>
  sql`update person set email = 'anna@example.test' where person_id = ${personId}`.execute(context.db);

async function send(resource: Resource, t1: string): Promise<ReadingId> {
  const meterId = resource === '1' ? world.cold : world.hot;
  const item = { houseId: world.houseId, meterId, resource, t1, t2: null, t3: null, confirmed: [] };
  const [recorded] = await submitReadings(context, actorOf(world.personId), [item], newId<never>());
  if (recorded?.state !== 'saved') throw new Error(`not saved: ${JSON.stringify(recorded)}`);
  return recorded.readingId;
}
const decline = (readingId: ReadingId, reason: string, clerk = world.clerk) =>
  declineReading(context, clerk, world.houseId, readingId, reason);
const tell = (organisation = world.manager) => tellDeclined(context, world.houseId, organisation);
const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const letters = async (personId = world.personId) =>
  (
    await sql<{ subject: string; body: string; url: string | null }>`
      select subject, body, unsubscribe_url as url from mail_message where person_id = ${personId} order by mail_id`.execute(
      context.db,
    )
  ).rows.map(({ subject, body, url }) => ({ subject: plain(subject), body: plain(body), url }));
const waiting = async () =>
  (
    await sql<{ count: number }>`
      select count(*)::int as count from graphile_worker.jobs where key like 'meters.tell_declined:' || ${world.houseId} || '%'`.execute(
      context.db,
    )
  ).rows[0]!.count;

test('nothing is told where nothing is declined, or what was accepted after all, or is old', async () => {
  const readingId = await send('1', '110');
  await tell();
  expect(await waiting()).toBe(0);
  await decline(readingId, 'На фото 101');
  await acceptReading(context, world.clerk, world.houseId, readingId);
  await tell();
  await decline(readingId, 'На фото 101');
  context.now = new Date('2026-11-25T09:00:00Z');
  await tell();
  expect(await letters()).toEqual([]);
});

test('a refusal is told of once, with the value, the reason and where to send another; no choice ends it', async () => {
  await decline(await send('1', '110'), 'На фото 101, передано 110');
  expect(await waiting()).toBe(1);
  await tell();
  await tell();
  const [letter, ...more] = await letters();
  expect(more).toEqual([]);
  expect(letter?.subject).toMatch(/^Показание отклонено: холодная вода, № /);
  expect(letter?.body).toContain(': 110, снято 18 ноября 2026');
  expect(letter?.body).toContain('Причина: На фото 101, передано 110');
  expect(letter?.body).toContain(`${context.config.PUBLIC_URL}/readings`);
  expect(letter?.url).toBeNull();
});

test('two values of a home are one letter; two organisations, and a second refusal, are two', async () => {
  const cold = await send('1', '110');
  await decline(cold, 'Проверьте цифры');
  await decline(await send('2', '60'), 'Счётчики перепутаны');
  await tell();
  expect((await letters()).map(({ subject }) => subject)).toEqual(['Отклонено: 2 показания']);
  await decline(cold, 'Нет фото прибора', world.supplierClerk);
  await tell(world.supplier);
  await acceptReading(context, world.clerk, world.houseId, cold);
  context.now = new Date('2026-11-18T10:00:00Z');
  await decline(cold, 'Ошиблись, всё же отклоняем');
  await tell();
  const all = await letters();
  expect(all).toHaveLength(3);
  expect(all[1]?.body).toContain('Нет фото прибора');
  expect(all[2]?.body).not.toContain('Счётчики перепутаны');
});

test('a value that a resident sent is told of to its sender alone, a clerk’s to all of the home, and none who has left', async () => {
  const other = await buildPerson(context);
  await giveAddress(other);
  await buildLink(context, {
    personId: other,
    houseId: world.houseId,
    accountId: world.suppliedId,
    providerId: world.supplier,
  });
  await decline(await send('1', '110'), 'Проверьте цифры');
  const item = { meterId: world.cold, resource: '1', t1: '111', t2: null, t3: null, kind: 'current' } as const;
  const [entered] = await enterReadings(context, world.clerk, world.houseId, [
    { ...item, takenOn: null, confirmed: [] },
  ]);
  if (entered?.state !== 'saved') throw new Error('not saved');
  await tell();
  expect([(await letters()).length, (await letters(other)).length]).toEqual([1, 0]);
  await decline(entered.readingId, 'Другой прибор', world.supplierClerk);
  await sql`update account_link set state = 'removed' where person_id = ${world.personId}`.execute(context.db);
  await tell(world.supplier);
  expect([(await letters()).length, (await letters(other)).length]).toEqual([1, 1]);
});
