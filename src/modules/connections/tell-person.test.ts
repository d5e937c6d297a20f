import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildAccount, buildHouse, buildLink, buildOrganisation, buildPerson } from '../../../tests/support/rows.ts';
import { transaction } from '../../platform/database/database.ts';
import { type ClaimId, newId, type PersonId } from '../../platform/ids.ts';
import { tellClaimed, tellConnectedJob, tellDecided } from './tell-person.ts';

let context: TestContext;
let personId: PersonId;
beforeAll(async () => {
  context = await createTestContext();
});
beforeEach(async () => {
  context.now = new Date('2026-11-10T09:00:00Z');
  personId = await buildPerson(context);
  await sql`update person set email = 'anna@example.test' where person_id = ${personId}`.execute(context.db);
});

const letters = () =>
  context.db
    .selectFrom('mail_message')
    .select(['subject', 'body', 'kind', 'unsubscribe_url as off'])
    .where('person_id', '=', personId)
    .orderBy('mail_id')
    .execute();
const tell = () => tellConnectedJob.run(context, { personId }, context.log);

async function connect(number: string, state: 'connected' | 'pending' = 'connected') {
  const [providerId, houseId] = [await buildOrganisation(context), await buildHouse(context)];
  const accountId = await buildAccount(context, { houseId, providerId, number });
  await buildLink(context, { personId, houseId, accountId, providerId, state });
}

test('accounts connected one after another are one letter; later ones another', async () => {
  await connect('ЛС-11');
  await connect('ЛС-22');
  await connect('ЛС-33', 'pending');
  await tell();
  await tell();
  await connect('ЛС-44');
  await tell();
  const [both, later, ...more] = await letters();
  expect(more).toEqual([]);
  expect(both?.subject.replaceAll('\u00a0', ' ')).toBe('Подключено: 2 счёта');
  expect(both?.body).toMatch(/ЛС-11[\s\S]*ЛС-22|ЛС-22[\s\S]*ЛС-11/);
  expect(both?.body).not.toContain('ЛС-33');
  expect(both?.body).toContain(`${context.config.PUBLIC_URL}/accounts`);
  expect(later).toMatchObject({ subject: 'Лицевой счёт подключён', off: null });
  expect(later?.body).not.toContain('ЛС-11');
});

test('what was connected long ago, or not at all, is no news', async () => {
  await tell();
  await connect('ЛС-11');
  context.now = new Date('2026-11-20T09:00:00Z');
  await tell();
  expect(await letters()).toEqual([]);
});

test('a claim is told of when it goes and when it is decided, with the reason; no number stands in a subject', async () => {
  const claimId = newId<ClaimId>();
  const claim = { personId, claimId, provider: 'ООО «Двор»' };
  await transaction(context.db, async (trx) => {
    await tellClaimed(context, trx, { ...claim, number: '7700012345', dueOn: '2026-11-17' });
    await tellDecided(context, trx, { ...claim, approved: false, reason: 'Вы не <b>собственник</b>' });
    await tellDecided(context, trx, { ...claim, approved: true, reason: null });
  });
  const [sent, refused, ...more] = await letters();
  expect(more).toEqual([]);
  expect(sent?.body).toMatch(/7700012345[\s\S]*17\sноября/);
  expect(refused).toMatchObject({ kind: 'claim_decided', subject: 'В подключении лицевого счёта отказано' });
  expect(refused?.body).toContain('Причина: Вы не <b>собственник</b>');
  for (const { subject } of [sent!, refused!]) expect(subject).not.toMatch(/\d/);
});
