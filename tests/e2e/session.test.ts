import { beforeAll, expect, test } from 'vitest';
import { newId } from '../../src/platform/ids.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { buildEmployee, buildOrganisation, signIn } from '../support/rows.ts';

let application: TestApplication;
beforeAll(async () => {
  application = await startApplication({ settings: { RATE_LIMIT_PER_MINUTE: '40' } });
}, 60_000);

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
  const texts = await context.db.selectFrom('legal_text').select(['kind', 'version']).execute();
  for (const organisation_id of [one, other])
    for (const text of texts)
      await context.db
        .insertInto('acceptance')
        .values({
          ...text,
          person_id: personId,
          acceptance_id: newId() as never,
          organisation_id,
          accepted_at: context.now,
          way: 'test',
        })
        .execute();
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
  expect(await context.db.selectFrom('shop').selectAll().execute()).toEqual([]);
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
