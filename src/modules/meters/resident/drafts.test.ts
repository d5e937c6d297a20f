import type { FastifyInstance } from 'fastify';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../../tests/support/context.ts';
import { buildMeter } from '../../../../tests/support/meters.ts';
import {
  buildAccount,
  buildEmployee,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
  signIn,
} from '../../../../tests/support/rows.ts';
import { createApp } from '../../../app.ts';
import { type MeterId, newId, type OrganisationId, type PersonId } from '../../../platform/ids.ts';
import { loadRules } from '../../../platform/rules/load.ts';
import { placeKey, upsertPremises } from '../../houses/index.ts';

let context: TestContext;
let app: FastifyInstance;
let personId: PersonId;
let providerId: OrganisationId;
let cold: MeterId;
type Browser = Awaited<ReturnType<typeof signIn>>;
let browser: Browser;

beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  app = await createApp(context);
});

beforeEach(async () => {
  context.now = new Date('2026-11-20T09:00:00Z');
  personId = await buildPerson(context);
  providerId = await buildOrganisation(context, { short_name: 'ООО «Двор»' });
  const houseId = await buildHouse(context);
  const rows = [{ category: 'residential' as const, number: '7' }];
  const premisesId = (await upsertPremises(context.db, houseId, rows, context.now)).get(placeKey(rows[0]!))!;
  const accountId = await buildAccount(context, { houseId, providerId, premisesId });
  await buildLink(context, { personId, houseId, accountId, providerId });
  const accounts = [{ accountId, providerId }];
  cold = await buildMeter(context, { houseId, premisesId, accounts, base: { on: '2026-10-20', t1: '100' } });
  browser = await signIn(context, app, personId);
});

const JSON_ONLY = { accept: 'application/json' };

async function send(
  t1: string,
  { cookies = browser.cookies, token, key = newId<never>() }: Partial<{ cookies: object; token: string; key: string }>,
) {
  const answer = await app.inject({
    method: 'POST',
    url: '/readings',
    cookies: cookies as Record<string, string>,
    headers: { ...JSON_ONLY, 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({
      _token: token ?? (await sender()).json().token,
      _key: key,
      [`t1.${cold}.1`]: t1,
    }).toString(),
  });
  // Spaces that hold a number and its word together are no matter of these tests.
  return { status: answer.statusCode, body: JSON.parse(answer.body.replaceAll('\u00a0', ' ')) };
}

const sender = (cookies: Record<string, string> = browser.cookies) =>
  app.inject({ url: '/readings/sender', cookies, headers: JSON_ONLY });
const countReadings = async () =>
  (
    await context.db
      .selectFrom('reading')
      .select('t1')
      .where('meter_id', '=', cold)
      .where('kind', '=', 'current')
      .execute()
  ).length;

describe('a draft that a browser sends by itself', () => {
  test('is refused without a session, with a token of another one, and to whoever acts for an organisation', async () => {
    expect(await sender({})).toMatchObject({ statusCode: 401 });
    const { token } = (await sender()).json();
    expect(await send('104', { cookies: {}, token })).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    const again = await signIn(context, app, personId);
    expect(await send('104', { cookies: again.cookies, token })).toMatchObject({ status: 403 });
    const clerk = await buildEmployee(context, providerId);
    const desk = await signIn(context, app, clerk, providerId);
    expect(await sender(desk.cookies)).toMatchObject({ statusCode: 403 });
    expect(await countReadings()).toBe(0);
  });

  test('is answered in words: recorded, where it goes', async () => {
    expect(await send('104,5', {})).toEqual({
      status: 200,
      body: {
        isSettled: true,
        settled: [`${cold}.1`],
        lines: ['ООО «Двор»: 1 показание передано, будет учтено в квитанции за ноябрь 2026'],
      },
    });
  });

  test.each([
    ['100', /Холодная вода, прибор № .+\. /],
    ['кот', /Холодная вода, прибор № .+\. Впишите цифры с прибора/],
  ])('is asked about or refused by the name of its device: %s', async (value, words) => {
    const { status, body } = await send(value, {});
    expect(status).toBe(422);
    expect(body).toMatchObject({ isSettled: false, settled: [] });
    expect(body.lines).toEqual([expect.stringMatching(words)]);
    expect(await countReadings()).toBe(0);
  });

  test('is recorded once under its key, even when the window has closed between; other values are refused', async () => {
    const key = newId<never>();
    const first = await send('104', { key });
    context.now = new Date('2026-11-25T21:30:00Z');
    browser = await signIn(context, app, personId);
    expect(await send('104', { key })).toEqual(first);
    expect(await send('105', { key })).toMatchObject({ status: 409 });
    expect(await countReadings()).toBe(1);
    const late = await send('105', {});
    expect(late.body.lines).toEqual([expect.stringContaining('за декабрь 2026')]);
  });
});

describe('whose a page is', () => {
  const viewer = async (cookies: Record<string, string>) =>
    (await app.inject({ url: '/vision', cookies })).headers['domovoy-viewer'] as string;

  test('is said on every page by tags that hold neither ids nor secrets', async () => {
    const first = await viewer(browser.cookies);
    const again = await viewer((await signIn(context, app, personId)).cookies);
    const other = await viewer((await signIn(context, app, await buildPerson(context))).cookies);
    const [person, session] = first.split('.');
    expect(again.split('.')[0]).toBe(person);
    expect(again.split('.')[1]).not.toBe(session);
    expect(other.split('.')[0]).not.toBe(person);
    expect(await viewer({})).toBe('-');
    expect((await sender()).json().person).toBe(person);
    for (const part of Object.values(browser.cookies)[0]!.split('.')) expect(first).not.toContain(part);
  });
});
