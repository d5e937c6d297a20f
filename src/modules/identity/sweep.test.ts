import { expect, test } from 'vitest';
import { createTestContext } from '../../../tests/support/context.ts';
import { buildPerson } from '../../../tests/support/rows.ts';
import { sweepSessions } from './jobs.ts';
import { endSession } from './queries/sessions.ts';
import { openSession } from './session.ts';

const DAY = 24 * 3_600_000;

test('a session is kept while it lives and a month after, an ended one no longer than that', async () => {
  const context = await createTestContext();
  const personId = await buildPerson(context);
  const open = () => openSession(context, context.db, { personId, userAgent: 'test', idToken: 'a token' });
  const opened = context.now;
  await open();
  const ended = await open();
  await endSession(context.db, personId, ended.sessionId, opened);
  const count = async () => {
    await sweepSessions.run(context, context.log);
    return (await context.db.selectFrom('session').select('session_id').execute()).length;
  };
  const lifetime = context.config.SESSION_DAYS * DAY;
  context.now = new Date(opened.getTime() + lifetime + 30 * DAY);
  await open();
  expect(await count()).toBe(3);
  context.now = new Date(opened.getTime() + lifetime + 31 * DAY);
  expect(await count()).toBe(1);
});
