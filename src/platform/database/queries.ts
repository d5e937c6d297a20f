import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Answers when the database does. */
export async function ping(db: Db): Promise<void> {
  await sql`select 1`.execute(db);
}

/** What an operator wants to know of the server that answers. */
export interface ServerFacts {
  /** As the server says: «18.4». */
  version: string;
  /** 150004 for 15.4. */
  versionNumber: number;
  database: string;
  /** «UTF8». */
  encoding: string;
  startedAt: Date;
  now: Date;
  /** Extensions that the migrations need and the server does not offer. */
  missingExtensions: string[];
}

export async function selectServerFacts(db: Db, extensions: readonly string[]): Promise<ServerFacts> {
  const { rows } = await sql<ServerFacts>`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as "versionNumber",
      current_database() as database, current_setting('server_encoding') as encoding, pg_postmaster_start_time() as "startedAt", clock_timestamp() as now,
      array(select wanted from unnest(${[...extensions]}::text[]) as wanted
        where wanted not in (select name from pg_available_extensions)) as "missingExtensions"`.execute(db);
  return rows[0]!;
}

/** Names of the migrations that were applied; empty where none ever was. */
export async function selectAppliedMigrations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ known: boolean }>`select to_regclass('kysely_migration') is not null as known`.execute(
    db,
  );
  if (!rows[0]?.known) return [];
  const applied = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return applied.rows.map(({ name }) => name);
}
