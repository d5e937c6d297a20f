import { expect, test } from 'vitest';
import { createTestContext } from '../../../tests/support/context.ts';
import { buildAccount, buildHouse, buildOrganisation, buildPerson } from '../../../tests/support/rows.ts';
import { sweepTries } from './jobs.ts';
import { countAttempts, countFailedProofs, insertAttempt, insertFailedProof } from './queries.ts';

const DAY = 24 * 3_600_000;

test('failed tries are kept for a month: those of today still count against the limits', async () => {
  const context = await createTestContext();
  const { db, now } = context;
  const personId = await buildPerson(context);
  const houseId = await buildHouse(context);
  const accountId = await buildAccount(context, { houseId, providerId: await buildOrganisation(context) });
  for (const days of [0, 29, 31, 300]) {
    const at = new Date(now.getTime() - days * DAY);
    await insertAttempt(db, personId, at);
    await insertFailedProof(db, { houseId, accountId, personId, at });
  }
  await sweepTries.run(context, context.log);
  const ever = new Date(0);
  expect((await countAttempts(db, personId, ever)).count).toBe(2);
  expect(await countFailedProofs(db, houseId, accountId, ever)).toBe(2);
  const dayAgo = new Date(now.getTime() - DAY);
  expect((await countAttempts(db, personId, dayAgo)).count).toBe(1);
});
