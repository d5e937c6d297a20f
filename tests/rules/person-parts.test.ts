import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { personParts } from '../../src/person-parts.ts';
import { FAMILIES } from '../../src/platform/database/families.ts';
import { createTestDatabase } from '../support/database.ts';

const deleted = personParts.flatMap((part) => part.deletes);
const stays = personParts.flatMap((part) => part.stays);
const staying = stays.flatMap(({ tables }) => tables);

test('every person-keyed table is emptied at a deletion, or its staying is declared with why and until when', () => {
  const silent = FAMILIES.person.filter((table) => !deleted.includes(table) && !staying.includes(table));
  expect(silent).toEqual([]);
  expect(deleted.filter((table) => staying.includes(table))).toEqual([]);
  expect([...deleted, ...staying].filter((table, index, all) => all.indexOf(table) !== index)).toEqual([]);
});

test('what is declared is there: tables in the catalogue, terms among the dated rules, else a reason', async () => {
  const { db } = await createTestDatabase();
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'`.execute(db);
  const known = new Set(rows.map(({ name }) => name));
  expect([...deleted, ...staying].filter((table) => !known.has(table))).toEqual([]);
  const rules = JSON.parse(readFileSync('data/rules.json', 'utf8')) as { key: string; source: string }[];
  const keys = new Set(rules.map(({ key }) => key));
  expect(stays.filter(({ rule, why }) => (rule ? !keys.has(rule) : !why)).map(({ what }) => what)).toEqual([]);
});

test('files of the archive have names of their own, in ASCII', () => {
  const names = personParts.flatMap(({ tables }) => tables.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z-]+$/.test(name))).toEqual([]);
  expect(new Set(personParts.map(({ name }) => name)).size).toBe(personParts.length);
});
