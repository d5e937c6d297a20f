import { beforeAll, expect, test } from 'vitest';
import { sweepSignInAttempts } from '../../src/modules/identity/index.ts';
import { newId, type OrganisationId, type PersonId } from '../../src/platform/ids.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { buildEmployee, buildOrganisation, buildPerson, signIn } from '../support/rows.ts';

let application: TestApplication;
beforeAll(async () => {
  application = await startApplication({ settings: { RATE_LIMIT_PER_MINUTE: '40' } });
}, 60_000);

async function accept(personId: PersonId, organisationId: OrganisationId | null): Promise<void> {
  const { db, now } = application.context;
  for (const text of await db.selectFrom('legal_text').select(['kind', 'version']).execute())
    await db
      .insertInto('acceptance')
      .values({
        ...text,
        person_id: personId,
        acceptance_id: newId() as string,
        organisation_id: organisationId,
        accepted_at: now,
        way: 'test',
      })
      .execute();
}

test('a form that was opened for one organisation is not taken for another', async () => {
  const { context, app } = application;
  const [one, other] = [await buildOrganisation(context), await buildOrganisation(context)];
  const personId = await buildEmployee(context, one, 'head');
  await context.db
    .insertInto('employee')
    .values({
      organisation_id: other,
      employee_id: personId as never,
      person_id: personId,
      role: 'head',
      valid_from: '2020-01-01',
    })
    .execute();
  for (const organisationId of [one, other]) await accept(personId, organisationId);
  const browser = await signIn(context, app, personId, one);
  const opened = await browser.get('/work/shops');
  expect(opened.statusCode).toBe(200);
  const token = /name="_token" value="([^"]+)"/.exec(opened.body)![1]!;
  await context.db
    .updateTable('session')
    .set({ acting_organisation_id: other })
    .where('person_id', '=', personId)
    .execute();
  const sent = await app.inject({
    method: 'POST',
    url: '/work/shops',
    cookies: browser.cookies,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ _token: token, shopId: '100500', secret: 'secret of the first' }).toString(),
  });
  expect(sent.statusCode).toBe(403);
  expect(sent.body).toContain('Сейчас вы действуете от имени');
  expect(await context.db.selectFrom('shop').selectAll().execute()).toEqual([]);
});

test('who accepted the texts for an organisation has not accepted them as a resident once the work there has ended', async () => {
  const { context, app } = application;
  const organisationId = await buildOrganisation(context);
  const personId = await buildEmployee(context, organisationId);
  await accept(personId, organisationId);
  const browser = await signIn(context, app, personId, organisationId);
  expect((await browser.get('/work')).statusCode).toBe(200);
  await context.db.updateTable('employee').set({ valid_to: '2026-11-09' }).where('person_id', '=', personId).execute();
  expect((await browser.get('/accounts')).headers.location).toContain('/welcome');
});

test('the setting says at each request who administers: a session that was opened before changes nothing', async () => {
  const { context, app } = application;
  const personId = await buildPerson(context, { administrator: true });
  await accept(personId, null);
  const browser = await signIn(context, app, personId);
  const open = async () => (await browser.get('/administration/organisations')).statusCode;
  const listed = context.config.ADMINISTRATORS;
  expect(await open()).toBe(200);
  context.config.ADMINISTRATORS = ['another'];
  expect(await open()).toBe(403);
  context.config.ADMINISTRATORS = listed;
  expect(await open()).toBe(200);
});

test.each(['%00', '%FF', 'x', ''])('an answer of the provider with the state "%s" is refused', async (state) => {
  const url = `/sign-in/callback?state=${state}&code=x`;
  expect((await application.app.inject({ method: 'GET', url })).statusCode).toBe(403);
});

test('a form sent to an address that is not is told so, not that it is stale', async () => {
  const payload = { method: 'POST' as const, url: '/no-such-form', payload: {} };
  expect((await application.app.inject(payload)).statusCode).toBe(404);
});

test('entries that were begun and not finished are swept', async () => {
  const { context } = application;
  await application.client().get('/sign-in');
  await sweepSignInAttempts.run(context, context.log);
  const count = async () => (await context.db.selectFrom('sign_in_attempt').select('state').execute()).length;
  expect(await count()).toBe(1);
  context.now = new Date(context.now.getTime() + 2 * 3_600_000);
  await sweepSignInAttempts.run(context, context.log);
  expect(await count()).toBe(0);
});

test.each([
  ['a page that one may not open', '/settings', 303],
  ['a page that is not', '/no-such-page', 404],
])('%s is counted against the limit too', async (_, url, usual) => {
  const ask = () => application.app.inject({ method: 'GET', url, remoteAddress: `10.0.0.${usual % 250}` });
  expect((await ask()).statusCode).toBe(usual);
  for (let times = 0; times < 45; times += 1) await ask();
  expect((await ask()).statusCode).toBe(429);
});
