import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { FAMILIES, FAMILY_KEY, type Family } from '../../src/platform/database/families.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

interface Constraint {
  name: string;
  table: string;
  kind: string;
  columns: string[];
  foreign: string | null;
  onDelete: string;
  onUpdate: string;
}

let database: TestDatabase;
let columns: { table: string; column: string; type: string; identity: string; fallback: string | null }[];
let constraints: Constraint[];
let indexes: { table: string; name: string; unique: boolean; columns: string[] }[];

/** Made by the migrator, not by us. */
const FOREIGN_TABLES = /^kysely_/;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  columns = (
    await sql<(typeof columns)[number]>`
      select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type, a.attidentity as identity,
        pg_get_expr(d.adbin, d.adrelid) as fallback
      from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`.execute(
      db,
    )
  ).rows.filter((row) => !FOREIGN_TABLES.test(row.table));
  constraints = (
    await sql<Constraint>`
      select k.conname as name, c.relname as table, k.contype as kind, f.relname as foreign, k.confdeltype as "onDelete", k.confupdtype as "onUpdate",
        coalesce((select array_agg(a.attname::text order by n) from unnest(k.conkey) with ordinality u(num, n)
          join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num), '{}') as columns
      from pg_constraint k join pg_class c on c.oid = k.conrelid left join pg_class f on f.oid = k.confrelid
      where k.connamespace = 'public'::regnamespace and k.contype <> 'n'`.execute(db)
  ).rows.filter((row) => !FOREIGN_TABLES.test(row.table));
  indexes = (
    await sql<(typeof indexes)[number]>`
      select c.relname as table, i.relname as name, x.indisunique as unique,
        array(select coalesce(a.attname::text, '') from unnest(x.indkey::int[]) with ordinality u(num, n)
          left join pg_attribute a on a.attrelid = x.indrelid and a.attnum = u.num order by n) as columns
      from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`.execute(db)
  ).rows.filter((row) => !FOREIGN_TABLES.test(row.table));
});

const familyOf = (table: string): Family | null =>
  (Object.keys(FAMILIES) as Family[]).find((family) => FAMILIES[family].includes(table)) ?? null;
const keyOf = (table: string): string | null => {
  const family = familyOf(table);
  return family && family in FAMILY_KEY ? FAMILY_KEY[family as keyof typeof FAMILY_KEY] : null;
};

describe('the catalogue keeps the rules of the schema', () => {
  test('every table belongs to one family, and every listed table exists', () => {
    const tables = [...new Set(columns.map((row) => row.table))].sort();
    expect(tables).toEqual(Object.values(FAMILIES).flat().sort());
  });

  test("a keyed table has its family's key in the primary key and in every unique constraint and index", () => {
    const unique = [...constraints.filter((row) => 'pux'.includes(row.kind)), ...indexes.filter((row) => row.unique)];
    const wrong = unique.filter((row) => {
      const key = keyOf(row.table);
      return key !== null && !row.columns.includes(key);
    });
    expect(wrong.map((row) => `${row.table}: ${row.name}`)).toEqual([]);
    const without = Object.values(FAMILIES)
      .flat()
      .filter((table) => !constraints.some((row) => row.table === table && row.kind === 'p'));
    expect(without).toEqual([]);
  });

  test('a foreign key stays in its family or points at a reference table, and never cascades an update', () => {
    const wrong = constraints.filter((row) => {
      if (row.kind !== 'f') return false;
      const [from, to] = [familyOf(row.table), familyOf(row.foreign!)];
      const allowed = to === 'reference' || (from === to && keyOf(row.table) === row.columns[0]);
      return !allowed || row.onUpdate !== 'a' || !'arc'.includes(row.onDelete);
    });
    expect(wrong.map((row) => row.name)).toEqual([]);
  });

  test('a foreign key to a keyed table is indexed', () => {
    const wrong = constraints.filter(
      (row) =>
        row.kind === 'f' &&
        keyOf(row.foreign!) !== null &&
        !indexes.some(
          (index) =>
            index.table === row.table &&
            row.columns.every(
              (column, position) => index.columns.slice(0, row.columns.length).includes(column) && position >= 0,
            ),
        ),
    );
    expect(wrong.map((row) => `${row.table}: ${row.name}`)).toEqual([]);
  });

  test('constraints are named by us, in at most 48 characters', () => {
    expect(
      constraints
        .filter((row) => row.name.length > 48 || /_(pkey|key|fkey|check|excl)\d*$/.test(row.name))
        .map((row) => row.name),
    ).toEqual([]);
  });

  test('times are zoned, money is whole kopecks, keys are not counted by sequences', () => {
    expect(
      columns
        .filter((row) => row.type === 'timestamp without time zone' || row.type.startsWith('time '))
        .map((row) => `${row.table}.${row.column}`),
    ).toEqual([]);
    expect(
      columns.filter((row) => row.type === 'money' || row.type === 'real').map((row) => `${row.table}.${row.column}`),
    ).toEqual([]);
    const sums =
      /^(amount|total|charged|penalty|opening|stated|carried|paid|subsidies|due|settled|receivable|advance)$/;
    const floating = columns.filter((row) => sums.test(row.column) && row.type !== 'bigint');
    expect(floating.map((row) => `${row.table}.${row.column}: ${row.type}`)).toEqual([]);
    expect(
      columns
        .filter((row) => row.identity !== '' || row.fallback?.includes('nextval'))
        .map((row) => `${row.table}.${row.column}`),
    ).toEqual([]);
  });

  test('there are no triggers', async () => {
    const { rows } = await sql<{ name: string }>`
      select t.tgname as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where not t.tgisinternal and c.relnamespace = 'public'::regnamespace`.execute(database.db);
    expect(rows).toEqual([]);
  });
});
