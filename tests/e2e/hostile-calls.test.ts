import { beforeAll, describe, expect, test } from 'vitest';
import { newId, type PremisesId } from '../../src/platform/ids.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { buildMeter } from '../support/meters.ts';
import { buildAccount, buildEmployee, buildHouse, buildOrganisation, buildProviderLine } from '../support/rows.ts';
import { buildKey, System } from '../support/system.ts';

/** What no honest program sends. */
const VALUES: Readonly<Record<string, unknown>> = {
  null: null,
  'an empty text': '',
  'a NUL': 'a\u0000b',
  'half of a letter': '\ud800',
  'a long text': 'я'.repeat(100_000),
  'a huge number': 1e308,
  'a number below zero': -1,
  'digits without end': '9'.repeat(400),
  'a true': true,
  'a list': [[], [1]],
  'an object': { __proto__: null, constructor: { prototype: 1 }, toString: 1 },
  'a deep thing': JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`),
  'a day that is not': '2026-02-31',
  'the last day of time': '9999-12-31',
  'the year zero': '0000-01-01',
  'an id of nothing': '019ab000-0000-7000-8000-000000000000',
  'a key of nothing': '019ab000-0000-7000-8000-000000000000.019ab000-0000-7000-8000-000000000000',
};

let application: TestApplication;
let system: System;
/** A call of each route that changes something, as it should be; each field is put wrong in turn. */
let calls: Record<string, { list: string; item: Record<string, unknown> | string }>;

beforeAll(async () => {
  application = await startApplication({ settings: { RATE_LIMIT_PER_MINUTE: '100000' } });
  const { context } = application;
  const organisationId = await buildOrganisation(context);
  const head = await buildEmployee(context, organisationId, 'head');
  system = new System(application.url, await buildKey(context, organisationId, head));
  const houseId = await buildHouse(context);
  await buildProviderLine(context, organisationId, houseId, 'ул. Лескова, д. 1');
  const premisesId = newId<PremisesId>();
  const premises = { house_id: houseId, premises_id: premisesId, category: 'residential' as const, number: '1' };
  await context.db
    .insertInto('premises')
    .values({ ...premises, updated_at: context.now })
    .execute();
  const accountId = await buildAccount(context, { houseId, providerId: organisationId, premisesId, number: 'ЛС-Х' });
  const serial = 'Х-1';
  const accounts = [{ accountId, providerId: organisationId }];
  await buildMeter(context, { houseId, premisesId, accounts, serial, base: { on: '2026-10-20', t1: '1' } });
  const reading = {
    meter: { houseId, serial },
    resource: '1',
    t1: '2',
    t2: null,
    takenOn: '2026-11-09',
    period: '2026-11',
  };
  const place = {
    number: null,
    houseId,
    accounts: ['ЛС-Х'],
    premisesId,
    roomId: null,
    place: 'кухня',
    kind: 'individual',
  };
  const dates = { installedOn: null, usedFrom: '2026-01-01', verifiedOn: '2026-01-01', baseOn: null };
  const resources = [{ resource: '1', unit: '113', base: { t1: '0' } }];
  const id = `${houseId}.${newId()}`;
  calls = {
    '/api/v1/readings': { list: 'readings', item: { ...reading, kind: 'current', confirm: ['zero'] } },
    '/api/v1/readings/fetched': { list: 'ids', item: id },
    '/api/v1/readings/decisions': { list: 'decisions', item: { id, decision: 'decline', reason: 'Причина' } },
    '/api/v1/meters': {
      list: 'meters',
      item: {
        ...place,
        ...dates,
        serial: 'Х-2',
        ratio: '1',
        tariffs: 1,
        digits: 5,
        verificationInterval: 6,
        resources,
      },
    },
  };
});

const apiRoutes = () => application.app.routes.filter(({ url }) => url.startsWith('/api/'));

test('every route of the API that changes something is tried here', () => {
  const changing = apiRoutes().filter(({ method }) => method !== 'GET');
  expect(changing.map(({ url }) => url).toSorted()).toEqual(Object.keys(calls).toSorted());
});

describe('what no honest program sends', () => {
  test.each(Object.keys(VALUES))('%s', async (kind) => {
    const value = VALUES[kind];
    const failed: string[] = [];
    const note = (what: string, { status, html }: { status: number; html: string }) => {
      if (status >= 500 || !html.startsWith('{')) failed.push(`${what}: ${status} ${html.slice(0, 200)}`);
    };
    for (const [url, { list, item }] of Object.entries(calls)) {
      const fields = typeof item === 'string' ? [] : Object.keys(item);
      const named = typeof value === 'string' && fields.length > 0 ? [{ ...(item as object), [value]: 1 }] : [];
      const items = [value, ...named, ...fields.map((field) => ({ ...(item as object), [field]: value }))];
      note(`${url} all`, await system.post(url, { [list]: items }));
      note(`${url} body`, await system.post(url, value));
      note(`${url} list`, await system.post(url, { [list]: value }));
    }
    const text = typeof value === 'string' ? value.slice(0, 2000) : JSON.stringify(value)?.slice(0, 2000);
    for (const { url } of apiRoutes().filter(({ method }) => method === 'GET'))
      for (const field of ['after', 'limit', 'period', 'state', 'house'])
        note(`${url}?${field}`, await system.get(`${url}?${new URLSearchParams({ [field]: text.toWellFormed() })}`));
    expect(failed).toEqual([]);
  });

  test('a body that is cut, doubled or no UTF-8', async () => {
    for (const body of ['{"readings":[{"meter":"', '{"readings":[]}{"readings":[]}', '\ufeff{}', '[]', '"', '0', ''])
      expect([400, 422]).toContain((await system.post('/api/v1/readings', body)).status);
  });
});
