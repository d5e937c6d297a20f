import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildOrganisation } from '../../../tests/support/rows.ts';
import type { Db } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import { searchDesk } from './search-desk.ts';
import { spansBetween, spansOf, wordsQuery } from './search-spans.ts';
import { explained, fillDesk } from './test-desk.ts';

describe('spans of time', () => {
  const moment = fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 }).map((time) => new Date(time));

  test('a receipt between the bounds is in exactly one span of the walk', () => {
    fc.assert(
      fc.property(moment, moment, moment, (a, b, c) => {
        const [oldest, at, newest] = [a, b, c].sort((one, two) => one.getTime() - two.getTime()) as [Date, Date, Date];
        const walk = spansBetween(oldest, newest);
        expect(new Set(walk).size).toBe(walk.length);
        expect(spansOf(at).filter((span) => walk.includes(span))).toHaveLength(1);
      }),
    );
  });

  test('four years are walked in about a hundred steps', () => {
    expect(spansBetween(new Date('2022-11-01'), new Date('2026-11-01')).length).toBeLessThan(110);
  });
});

describe('what is typed', () => {
  test.each([
    ['   ', null],
    ["'\\ & | ! ( ) :*", null],
    ['Течёт кран', { whole: "'течет' & 'кран'", unfinished: "'течет' & 'кран':*" }],
    ['д. 12', { whole: "'д' & '12'", unfinished: null }],
    ["Лескова' | 'x", { whole: "'лескова' & 'x'", unfinished: null }],
    ['123456', { whole: "('123456' | '-123456')", unfinished: "('123456':* | '-123456':*)" }],
    ['77-26-000123', { whole: "'77-26-000123'", unfinished: "'77-26-000123':*" }],
  ])('%s', (text, expected) => expect(wordsQuery(text)).toEqual(expected));

  test('anything at all makes a question that the database takes', async () => {
    const { db } = await createTestContext();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
        const query = wordsQuery(text);
        for (const words of [query?.whole, query?.unfinished])
          if (words) await sql`select to_tsquery('russian', ${words})`.execute(db);
      }),
      { numRuns: 200 },
    );
  });
});

const ROWS = 100_000;
const PAGE = 25;
let context: TestContext;
let organisationId: OrganisationId;

beforeAll(async () => {
  context = await createTestContext();
  organisationId = await buildOrganisation(context);
  const other = await buildOrganisation(context);
  await fillDesk(context.db, organisationId, ROWS);
  await fillDesk(context.db, other, 2000);
  await sql`analyze desk_appeal`.execute(context.db);
}, 120_000);

/** Words of the generated texts and the share of rows that have them; see `fillDesk`. */
const WORDS = {
  'in every row': ['квартира', ROWS],
  'in every second row': ['подъезд', ROWS / 2],
  'in every tenth row': ['лифт', ROWS / 10],
  'in every hundredth row': ['крыша', ROWS / 100],
  'in every thousandth row': ['подвал', ROWS / 1000],
  'in five rows': ['фундамент', 5],
  'in no row': ['космодром', 0],
  'two words, together rare': ['лифт крыша', ROWS / 1100],
  'an unfinished word': ['подв', ROWS / 1000],
  'an unfinished frequent word': ['подъез', ROWS / 2],
  'the address of a house': ['лескова 17', 100],
} as const;

describe(`the search over ${ROWS} rows touches at most ten times what it shows, and reads no table whole`, () => {
  test.each(Object.entries(WORDS))('%s', async (_name, [text, count]) => {
    const search = (db: Db) =>
      searchDesk(db, { organisationId, houses: null, kinds: ['appeal', 'request'], text, after: null, limit: PAGE });
    for (const settings of [[], ['set plan_cache_mode = force_generic_plan']]) {
      const { result, touched, kinds } = await explained(context.url, search, settings);
      const { lines } = result as Awaited<ReturnType<typeof search>>;
      if (count > 2 * PAGE || count < PAGE) expect(lines.length).toBe(Math.min(count, PAGE + 1));
      expect(kinds).not.toContain('Seq Scan');
      // Four rows tell where the desk begins and ends.
      expect(touched - 4).toBeLessThanOrEqual(10 * lines.length);
    }
  });

  test('pages follow one another without a gap, newest first, and later ones are as cheap', async () => {
    const ids: string[] = [];
    let after: { receivedAt: Date; deskId: string } | null = null;
    for (let page = 0; page < 40; page += 1) {
      const search = (db: Db) =>
        searchDesk(db, {
          organisationId,
          houses: null,
          kinds: ['appeal', 'request'],
          text: 'крыша',
          after,
          limit: PAGE,
        });
      const { result, touched } = await explained(context.url, search);
      const { lines } = result as Awaited<ReturnType<typeof search>>;
      expect(touched - 4).toBeLessThanOrEqual(10 * lines.length);
      ids.push(...lines.slice(0, PAGE).map(({ deskId }) => deskId));
      const last = lines[PAGE - 1];
      if (!last || lines.length <= PAGE) break;
      after = { receivedAt: last.receivedAt, deskId: last.deskId };
    }
    const { rows } = await sql<{ desk_id: string }>`
      select desk_id from desk_appeal where organisation_id = ${organisationId} and words @@ to_tsquery('russian', 'крыша')
      order by received_at desc, desk_id desc`.execute(context.db);
    expect(ids).toEqual(rows.map(({ desk_id }) => desk_id).slice(0, ids.length));
    expect(ids.length).toBe(1000);
  }, 60_000);
});

describe('what is found', () => {
  test('pages of an unfinished word follow one another; behind the last page of whole words nothing begins anew', async () => {
    const pages = async (text: string) => {
      const ids: string[] = [];
      for (let after: { receivedAt: Date; deskId: string } | null = null; ; ) {
        const { lines } = await searchDesk(context.db, {
          organisationId,
          houses: null,
          kinds: ['appeal', 'request'],
          text,
          after,
          limit: 30,
        });
        const last = lines.slice(0, 30).at(-1);
        ids.push(...lines.slice(0, 30).map(({ deskId }) => deskId));
        if (!last) return ids;
        after = { receivedAt: last.receivedAt, deskId: last.deskId };
      }
    };
    const whole = await pages('подвал');
    expect(new Set(whole).size).toBe(ROWS / 1000);
    expect(await pages('подв')).toEqual(whole);
  });

  const find = (text: string, kinds: ('appeal' | 'request' | 'territory')[] = ['appeal', 'request']) =>
    searchDesk(context.db, { organisationId, houses: null, kinds, text, after: null, limit: PAGE });

  test('capital letters, «ё» and endings make no difference; words of no meaning ask for nothing', async () => {
    const numbers = async (text: string) => (await find(text)).lines.map(({ number }) => number);
    expect(await numbers('ФУНДАМЕНТА')).toEqual(await numbers('фундамент'));
    expect(await numbers('ФУНДАМЕНТА')).toHaveLength(5);
    expect(await numbers('чёрный фундамент')).toHaveLength(5);
    expect(await find('и в на')).toEqual({ exact: false, lines: [], empty: true });
    expect(await find('')).toMatchObject({ empty: true });
  });

  test('another organisation’s rows and other kinds are not found', async () => {
    // The other desk has five of its own.
    expect((await find('фундамент')).lines).toHaveLength(5);
    expect((await find('квартира', ['territory'])).lines).toEqual([]);
  });
});
