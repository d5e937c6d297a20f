import { type CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../tests/support/database.ts';
import { createPool, type Database, type Tables } from '../../platform/database/database.ts';
import { fillPicker } from './fill-picker.ts';
import { childrenOf, findAddress, resolveAddressText, searchAddresses } from './index.ts';

/** A set of the size of a region: 60,000 streets in 400 towns, 120,000 houses. A sequential scan of these would be the dearer plan. */
const FILL = `
  insert into address_object (object_id, parent_id, change_id, guid, region, level, type_name, name, words, place_words)
    values (1, null, 1, gen_random_uuid(), 72, 1, 'обл.', 'Примерная', ' primernaya ', ' primernaya ');
  insert into address_object (object_id, parent_id, change_id, guid, region, level, type_name, name, words, place_words)
    select 1000 + n, 1, 1, gen_random_uuid(), 72, 5, 'г.', w, ' ' || w || ' ', ' ' || w || '  primernaya '
    from generate_series(0, 399) n, lateral (select 'gorod' || chr(97 + n % 26) || chr(97 + n / 26)) t (w);
  insert into address_object (object_id, parent_id, change_id, guid, region, level, type_name, name, words, place_words, kladr)
    select 10000 + n, 1000 + n / 50, 1, gen_random_uuid(), 72, 8, 'ул.', w, ' ' || w || ' ', ' ' || w || ' ' || p.place_words,
      '72' || lpad(n::text, 15, '0')
    from generate_series(0, 59999) n
    join address_object p on p.object_id = 1000 + n / 150,
    lateral (select 'ul' || left(translate(md5(n::text), '0123456789', 'ghijklnqrs'), 9)) t (w);
  insert into address_house (house_id, parent_id, change_id, guid, region, number, number_key, house_type)
    select 1000000 + n, 10000 + n / 2, 1, gen_random_uuid(), 72, (5 + n % 2)::text, (5 + n % 2)::text, 2
    from generate_series(0, 119999) n;
  analyze address_object, address_house;`;

let db: Database;
let queries: CompiledQuery[] = [];

beforeAll(async () => {
  const { url, db: plain } = await createTestDatabase();
  await sql.raw(FILL).execute(plain);
  const pool = createPool({ url, connections: 2 });
  db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    log(event) {
      queries.push(event.query);
    },
  });
  return () => db.destroy();
});

/** Scans of the big tables in the plans of everything that the work asked of the database. */
async function sequentialScans(work: () => Promise<unknown>): Promise<string[]> {
  queries = [];
  await work();
  const scans: string[] = [];
  for (const { sql: text, parameters } of [...queries]) {
    const explain = { ...sql.raw(`explain ${text}`).compile(db), parameters };
    const { rows } = await db.executeQuery<{ 'QUERY PLAN': string }>(explain);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    if (/Seq Scan on address_(object|house)/.test(plan)) scans.push(`${text}\n${plan}`);
  }
  expect(queries.length).toBeGreaterThan(0);
  return scans;
}

test('the search, the picker and the look-up of an address use indexes', async () => {
  const street = await db
    .selectFrom('address_object')
    .select(['guid', 'words', 'kladr'])
    .where('object_id', '=', 10_777n)
    .executeTakeFirstOrThrow();
  const house = await db
    .selectFrom('address_house')
    .select('guid')
    .where('parent_id', '=', 10_777n)
    .where('number_key', '=', '5')
    .executeTakeFirstOrThrow();
  const region = await db
    .selectFrom('address_object')
    .select('guid')
    .where('object_id', '=', 1n)
    .executeTakeFirstOrThrow();
  const name = street.words.trim();
  expect((await searchAddresses(db, `примерная ${name} 5`)).houses[0]).toMatchObject({ guid: house.guid, exact: true });
  const works: Record<string, () => Promise<unknown>> = {
    search: () => searchAddresses(db, `примерная ${name} 5`),
    'search with a wrong letter': () => searchAddresses(db, `примернаа ${name.slice(0, 8)}z${name.slice(9)} 5`),
    'search in a region': () => searchAddresses(db, `${name} 5`, { regionCode: '72' }),
    resolve: () => resolveAddressText(db, house.guid),
    address: () => findAddress(db, house.guid),
    regions: () => childrenOf(db, null, 1),
    towns: () => childrenOf(db, region.guid, 5),
    houses: () => childrenOf(db, street.guid, 10),
    picker: () => fillPicker(db, { selected: { house: house.guid }, was: null, code: '', find: '' }),
    'picker by code': () =>
      fillPicker(db, { selected: {}, was: null, code: `${street.kladr} 72:01:0:1 71701000`, find: '' }),
  };
  for (const [what, work] of Object.entries(works)) expect(await sequentialScans(work), what).toEqual([]);
});

test('a list too long for a window is narrowed by the beginning of the name', async () => {
  const region = await db
    .selectFrom('address_object')
    .select('guid')
    .where('object_id', '=', 1n)
    .executeTakeFirstOrThrow();
  const pick = async (find: string) => {
    const { rows } = await fillPicker(db, { selected: { region: region.guid }, was: null, code: '', find });
    return rows.find(({ key }) => key === 'city')!;
  };
  expect(await pick('')).toMatchObject({ total: 400, options: [] });
  const narrowed = await pick('gorodab');
  expect(narrowed.options.map(({ label }) => label)).toEqual(['г. gorodab']);
});
