/** The same work by the bare driver: statements that were written down, rows one by one, and COPY. */
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { HouseId } from '../src/platform/ids.ts';
import { firstDay, type Month } from '../src/platform/month.ts';
import type { Statement } from './recording.ts';

/** The same statements by the bare driver, prepared under names. */
export async function replay(pool: pg.Pool, statements: readonly Statement[]): Promise<void> {
  const client = await pool.connect();
  const names = new Map<string, string>();
  for (const { text, values } of statements) {
    if (values.length === 0) await client.query(text);
    else {
      const name = names.get(text) ?? `bare${names.size}`;
      names.set(text, name);
      await client.query({ name, text, values });
    }
  }
  for (const name of names.values()) await client.query(`deallocate ${name}`);
  client.release(true);
}

const TABLES = ['reading', 'reading_delivery', 'consumption'] as const;
export type Rows = Record<(typeof TABLES)[number], { columns: string[]; rows: unknown[][] }>;

/** What the API wrote for a month, for tables of the same shape. */
export async function rowsOf(pool: pg.Pool, houseIds: readonly HouseId[], period: Month): Promise<Rows> {
  const result: Partial<Rows> = {};
  for (const table of TABLES) {
    const { rows, fields } = await pool.query({
      text: `select * from ${table} where house_id = any($1) and period = $2`,
      values: [houseIds, firstDay(period)],
      rowMode: 'array',
      types: { getTypeParser: () => (text: string) => text },
    });
    await pool.query(`create schema if not exists bare`);
    await pool.query(`create table if not exists bare.${table} (like ${table} including all)`);
    await pool.query(`truncate bare.${table}`);
    result[table] = { columns: fields.map(({ name }) => name), rows };
  }
  return result as Rows;
}

/** One INSERT a row, a transaction a house's worth of readings, as the API has it. */
export async function insertRows(pool: pg.Pool, written: Rows, batch: number): Promise<void> {
  const client = await pool.connect();
  for (const table of TABLES) {
    const { columns, rows } = written[table];
    const text = `insert into bare.${table} (${columns.join()}) values (${columns.map((_, index) => `$${index + 1}`).join()})`;
    for (const [index, values] of rows.entries()) {
      if (index % batch === 0) await client.query('begin');
      await client.query({ name: `row-${table}`, text, values });
      if (index % batch === batch - 1 || index === rows.length - 1) await client.query('commit');
    }
  }
  for (const table of TABLES) await client.query(`truncate bare.${table}`);
  client.release(true);
}

export async function copyRows(pool: pg.Pool, written: Rows): Promise<void> {
  const client = await pool.connect();
  await client.query('begin');
  for (const table of TABLES) {
    const { columns, rows } = written[table];
    const stream = client.query(copyFrom(`copy bare.${table} (${columns.join()}) from stdin`));
    const cell = (value: unknown) =>
      value === null
        ? '\\N'
        : String(value).replace(/[\\\n\r\t]/g, (sign) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[sign] ?? '\\\\');
    if (!stream.write(rows.map((row) => `${row.map(cell).join('\t')}\n`).join(''))) await once(stream, 'drain');
    stream.end();
    await finished(stream);
  }
  await client.query('commit');
  client.release();
}
