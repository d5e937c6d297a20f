import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../../src/platform/database/database.ts';
import type { Estate } from './estate.ts';

const OWNERS = ['house_id', 'organisation_id', 'person_id'] as const;

/** All rows of a house, of whoever keeps it and of who lives there, table by table. */
export async function snapshotOf(db: Db, estate: Estate): Promise<Record<string, string>> {
  const { rows: columns } = await sql<{ table: string; column: (typeof OWNERS)[number] }>`
    select c.table_name as table, c.column_name as column from information_schema.columns c
    join pg_class on relname = c.table_name and relkind in ('r', 'p') and not relispartition
    where c.table_schema = 'public' and c.data_type = 'uuid' and c.column_name in (${sql.join(OWNERS)}) order by 1, 2`.execute(
    db,
  );
  const ids = { house_id: estate.houseId, organisation_id: estate.organisationId, person_id: estate.personId };
  const found: Record<string, string> = {};
  for (const { table, column } of columns) {
    // An administrator who reads a question leaves a line with its author, as it should be.
    if (table === 'person_look') continue;
    const { rows } = await sql<{ row: string }>`
      select t::text as row from ${sql.table(table)} t where ${sql.ref(column)} = ${ids[column]} order by 1`.execute(
      db,
    );
    found[`${table} by ${column}`] =
      `${rows.length} ${createHash('sha256').update(JSON.stringify(rows)).digest('hex')}`;
  }
  return found;
}

/** What each table holds, by the transactions that wrote its rows: it is another after any write, even of the same. */
export async function marksOf(db: Db): Promise<Record<string, string>> {
  const { rows: tables } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`.execute(
    db,
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{ mark: string }>`
      select count(*) || ' ' || md5(coalesce(string_agg(xmin::text || ctid::text, ',' order by ctid), '')) as mark
      from ${sql.table(name)}`.execute(db);
    found[name] = rows[0]!.mark;
  }
  return found;
}
