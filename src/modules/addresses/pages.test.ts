import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { createApp } from '../../app.ts';
import { loadRegions } from '../classifiers/index.ts';
import { type Address, importGar, searchAddresses } from './index.ts';
import { ownPath } from './return-to.ts';

let context: TestContext;
let app: FastifyInstance;
let house: Address;
let region: string;
let street: string;

beforeAll(async () => {
  context = await createTestContext();
  app = await createApp(context, { assetsFolder: 'src/ui' });
});

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ');
const query = (fields: Record<string, string>) => `/addresses/choose?${new URLSearchParams(fields)}`;
/** The value that a select shows as chosen; null when none. */
const chosen = (html: string, name: string) => {
  const select = new RegExp(`<select[^>]*name="${name}"[^>]*>(.*?)</select>`, 's').exec(html)?.[1] ?? '';
  return /<option value="([^"]+)"[^>]* selected/.exec(select)?.[1] ?? null;
};
const disabled = (html: string, name: string) =>
  / disabled/.test(new RegExp(`<select[^>]*name="${name}"[^>]*>`).exec(html)?.[0] ?? '');
const was = (html: string) => /name="was" value="([^"]*)"/.exec(html)![1]!;

test('before any address is loaded the pages say so', async () => {
  expect(words((await get('/addresses/choose')).body)).toContain('Адреса ещё не загружены');
  expect((await get('/addresses/search?q=милашенкова+4')).statusCode).toBe(200);
});

describe('with the demo set', () => {
  beforeAll(async () => {
    await loadRegions(context.db);
    await importGar(context, 'data/gar/demo-77');
    house = (await searchAddresses(context.db, 'петровско разумовский 12')).houses[0]!;
    region = house.path[0]!.guid;
    street = house.path[1]!.guid;
  });

  describe('what is refused', () => {
    test.each([
      'https://evil.test/',
      '//evil.test',
      '/\\evil.test',
      '/\t/evil.test',
      'javascript:alert(1)',
      '\\\\evil.test',
      '/ /evil.test',
      '',
      'a',
    ])('%j is no way back', (path) => {
      expect(ownPath(path)).toBeNull();
    });

    test('a foreign address to return to is left out', async () => {
      for (const path of ['https://evil.test/x', '//evil.test/x', '/\\evil.test']) {
        const answer = await get(`/addresses/chosen?${new URLSearchParams({ house: house.guid, return_to: path })}`);
        expect(answer.statusCode).toBe(303);
        expect(answer.headers.location).toBe(`/addresses/search?address=${house.guid}`);
      }
    });

    test('a house that the register does not have', async () => {
      expect((await get('/addresses/chosen?house=x')).statusCode).toBe(404);
      expect((await get('/addresses/chosen?house=00000000-0000-4000-8000-000000000000')).statusCode).toBe(404);
    });

    test('nonsense in the fields breaks nothing and is shown as text', async () => {
      const bad = '"><script>alert(1)</script>';
      const answer = await get(
        `/addresses/choose?${new URLSearchParams({ region: bad, house: bad, was: bad, code: bad, find: bad, param: bad })}`,
      );
      expect(answer.statusCode).toBe(200);
      expect(answer.body).not.toContain('<script>alert');
      expect((await get(`/addresses/search?${new URLSearchParams({ q: bad })}`)).body).not.toContain('<script>alert');
      expect((await get('/addresses/choose?region=a&region=b&code=1&code=2')).statusCode).toBe(200);
    });
  });

  describe('the one-line search', () => {
    test('answers hints as JSON', async () => {
      const answer = await get(`/addresses/search?q=${encodeURIComponent('петровско разумовский 12')}`, {
        accept: 'application/json',
      });
      expect(answer.json()).toEqual({
        results: [{ id: house.guid, label: '127220, г. Москва, проезд Петровско-Разумовский, д. 12' }],
      });
      expect((await get('/addresses/search?q=', { accept: 'application/json' })).json()).toEqual({ results: [] });
    });

    test('answers a page whose results lead back with the GUID', async () => {
      const fields = { q: 'милашенкова 4', return_to: '/houses/new?step=2', param: 'fias' };
      const { body } = await get(`/addresses/search?${new URLSearchParams(fields)}`);
      expect(body).toMatch(/href="\/houses\/new\?step=2&amp;fias=[0-9a-f-]{36}"/);
      expect(words(body)).toContain('ул. Милашенкова, д. 4');
    });

    test('a hint that was chosen by script goes straight back', async () => {
      const fields = { q: house.full, address: house.guid, return_to: '/appeals/new' };
      const answer = await get(`/addresses/search?${new URLSearchParams(fields)}`);
      expect(answer.headers.location).toBe(`/appeals/new?address=${house.guid}`);
    });
  });

  describe('the window «Выбор адреса»', () => {
    test('has its nine rows; empty levels are disabled', async () => {
      const { body } = await get('/addresses/choose');
      for (const label of [
        'Субъект РФ',
        'Район',
        'Город',
        'Населенный пункт',
        'Элемент планировочной структуры',
        'Улица',
        'Номер здания',
        'Классификационный код',
        'Индекс',
      ])
        expect(words(body)).toContain(label);
      expect(disabled(body, 'region')).toBe(false);
      for (const name of ['district', 'city', 'settlement', 'plan', 'street', 'house'])
        expect(disabled(body, name)).toBe(true);
    });

    test('step by step: the region opens the streets, the street the houses, the house fills the index', async () => {
      const start = await get('/addresses/choose?return_to=/appeals/new');
      const first = await get(query({ return_to: '/appeals/new', region, was: was(start.body) }));
      expect(disabled(first.body, 'street')).toBe(false);
      expect(disabled(first.body, 'district')).toBe(true);
      const second = await get(query({ return_to: '/appeals/new', region, street, was: was(first.body) }));
      expect(disabled(second.body, 'house')).toBe(false);
      expect(words(second.body)).not.toContain('Выбрать ');
      const third = await get(
        query({ return_to: '/appeals/new', region, street, house: house.guid, was: was(second.body) }),
      );
      expect(chosen(third.body, 'house')).toBe(house.guid);
      expect(third.body).toMatch(/name="index"[^>]*value="127220"|value="127220"[^>]*name="index"/);
      expect(third.body).toContain('formaction="/addresses/chosen"');
      const last = await get(
        `/addresses/chosen?${new URLSearchParams({ region, street, house: house.guid, return_to: '/appeals/new' })}`,
      );
      expect(last.headers.location).toBe(`/appeals/new?address=${house.guid}`);
    });

    test('a house alone fills the rows above; ✕ clears its row and those below', async () => {
      const { body } = await get(query({ house: house.guid }));
      expect([chosen(body, 'region'), chosen(body, 'street'), chosen(body, 'house')]).toEqual([
        region,
        street,
        house.guid,
      ]);
      const clear = /class="level__clear" href="([^"]*)"[^>]*>(?:(?!<\/a>).)*Улица/s
        .exec(body)![1]!
        .replaceAll('&amp;', '&');
      const cleared = (await get(clear)).body;
      expect([chosen(cleared, 'region'), chosen(cleared, 'street'), chosen(cleared, 'house')]).toEqual([
        region,
        null,
        null,
      ]);
    });

    test('another street takes the house away; an emptied street too; an emptied region everything', async () => {
      const other = (await searchAddresses(context.db, 'милашенкова')).places[0]!.guid;
      const before = was((await get(query({ house: house.guid }))).body);
      const changed = (await get(query({ region, street: other, house: house.guid, was: before }))).body;
      expect([chosen(changed, 'street'), chosen(changed, 'house')]).toEqual([other, null]);
      const emptied = (await get(query({ region, street: '', house: house.guid, was: before }))).body;
      expect([chosen(emptied, 'region'), chosen(emptied, 'street'), chosen(emptied, 'house')]).toEqual([
        region,
        null,
        null,
      ]);
      const nothing = (await get(query({ region: '', street, house: house.guid, was: before }))).body;
      expect([chosen(nothing, 'region'), chosen(nothing, 'street'), chosen(nothing, 'house')]).toEqual([
        null,
        null,
        null,
      ]);
    });

    test('a code alone fills the rest, one of a street too, several offer a choice, an unknown one is named', async () => {
      const byGuid = (await get(query({ code: house.guid }))).body;
      expect(chosen(byGuid, 'house')).toBe(house.guid);
      const { kladr } = await context.db
        .selectFrom('address_object')
        .select('kladr')
        .where('guid', '=', street)
        .executeTakeFirstOrThrow();
      if (kladr) expect(chosen((await get(query({ code: kladr }))).body, 'street')).toBe(street);
      const other = (await searchAddresses(context.db, 'милашенкова 4')).houses[0]!;
      const several = (await get(query({ code: `${house.guid}, ${other.guid}` }))).body;
      expect(words(several)).toContain('нашлось несколько домов');
      expect(several).toContain(`house=${other.guid}`);
      expect(words((await get(query({ code: '7700000009999999' }))).body)).toContain(
        'Нет дома или улицы с кодом 7700000009999999',
      );
    });

    test('the region chosen last is offered next time', async () => {
      const first = await get(query({ region }));
      const cookie = String(first.headers['set-cookie']).split(';')[0]!;
      expect(cookie).toBe(`domovoy_region=${region}`);
      expect(chosen((await get('/addresses/choose', { cookie })).body, 'region')).toBe(region);
      expect(chosen((await get('/addresses/choose', { cookie: 'domovoy_region=x' })).body, 'region')).toBeNull();
    });
  });
});
