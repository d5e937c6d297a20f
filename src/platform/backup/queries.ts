import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { STORE_LOCK } from '../files/queries.ts';

const quoted = (name: string): string => pg.escapeIdentifier(name);
const list = (names: readonly string[]): string => names.map(quoted).join(', ');

/** A connection for hours, whose text of every value is the same on every server. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'domovoy-backup', keepAlive: true });
  // A connection that breaks fails its query; without a listener the event would end the process.
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`set client_encoding = 'UTF8'; set datestyle = 'ISO, YMD'; set timezone = 'UTC'; set intervalstyle = 'postgres';
    set bytea_output = 'hex'; set extra_float_digits = 1; set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0`);
  return client;
}

/** One backup at a time, and no sweep of the store meanwhile. Until the connection ends. */
export async function tryBackupLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(`select pg_try_advisory_lock(${STORE_LOCK}) as taken`);
  return rows[0]!.taken;
}

export interface Snapshot {
  at: Date;
  postgresql: string;
  migrations: string[];
  tables: { name: string; columns: string[] }[];
}

/** What a restored installation makes anew, or must not have: pieces of files that are on their way are in no backup. */
const WITHOUT_ROWS = ['kysely_migration', 'kysely_migration_lock', 'arriving_file'];

/**
 * Begins a transaction whose every read is of one moment, and keeps the tables from being changed until its end.
 * @returns null for a database without our tables
 */
export async function beginSnapshot(client: pg.Client): Promise<Snapshot | null> {
  await client.query('begin isolation level repeatable read read only');
  const { rows: tables } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
     group by c.relname order by c.relname`,
  );
  if (!tables.some(({ name }) => name === 'kysely_migration')) return null;
  await client.query(`lock table ${list(tables.map(({ name }) => name))} in access share mode`);
  const { rows: migrations } = await client.query<{ name: string }>('select name from kysely_migration order by name');
  const { rows } = await client.query<{ at: Date; version: string }>(
    `select now() as at, current_setting('server_version') as version`,
  );
  return {
    at: rows[0]!.at,
    postgresql: rows[0]!.version,
    migrations: migrations.map(({ name }) => name),
    tables: tables.filter(({ name }) => !WITHOUT_ROWS.includes(name)),
  };
}

/** Begins the transaction that fills an empty database. */
export const beginFilling = async (client: pg.Client): Promise<void> =>
  void (await client.query(`begin; set local maintenance_work_mem = '256MB'`));

export const endTransaction = async (client: pg.Client): Promise<void> => void (await client.query('commit'));

export interface CopyOut {
  rows: Readable;
  /** Once it has ended. */
  count(): number;
}

function copyOut(client: pg.Client, what: string): CopyOut {
  const rows = client.query(copyTo(`copy ${what} to stdout`));
  return { rows, count: () => rows.rowCount };
}

export const copyTable = (client: pg.Client, name: string, columns: readonly string[]): CopyOut =>
  copyOut(client, `${quoted(name)} (${list(columns)})`);

/** Files that rows name: id, length, hash. */
export const copyFileList = (client: pg.Client): CopyOut =>
  copyOut(client, `(select file_id, size_bytes, encode(sha256, 'hex') from stored_file order by file_id)`);

const JOB_COLUMNS = 'task, queue, payload, run_at, attempts, max_attempts, last_error, key, priority, flags';

/**
 * Jobs by what they are, not by the queue's inner tables, which change with its versions. One that was running at the moment will run
 * again: nobody knows how far it came, and each has one effect however often it runs.
 */
export const copyJobs = (client: pg.Client): CopyOut =>
  copyOut(
    client,
    `(select task.identifier, queue.queue_name, job.payload, job.run_at,
        case when job.locked_at is null then job.attempts else greatest(job.attempts - 1, 0) end, job.max_attempts, job.last_error,
        job.key, job.priority, case when job.flags is null then null else array(select jsonb_object_keys(job.flags)) end
      from graphile_worker._private_jobs job
      join graphile_worker._private_tasks task on task.id = job.task_id
      left join graphile_worker._private_job_queues queue on queue.id = job.job_queue_id order by job.id)`,
  );

async function copyIn(client: pg.Client, target: string, rows: Readable): Promise<number> {
  const into = client.query(copyFrom(`copy ${target} from stdin`));
  await pipeline(rows, into);
  return into.rowCount;
}

/** @returns how many rows came in */
export const fillTable = (
  client: pg.Client,
  { name, columns }: { name: string; columns: readonly string[] },
  rows: Readable,
): Promise<number> => copyIn(client, `${quoted(name)} (${list(columns)})`, rows);

/** Adds the jobs to the queue through its own door. @returns how many */
export async function fillJobs(client: pg.Client, rows: Readable): Promise<number> {
  await client.query(`create temp table restored_job (task text, queue text, payload json, run_at timestamptz, attempts int, max_attempts int,
    last_error text, key text, priority int, flags text[], id bigint) on commit drop`);
  const count = await copyIn(client, `restored_job (${JOB_COLUMNS})`, rows);
  // In statements of their own: one does not see the rows that a function adds while it runs.
  await client.query(`update restored_job set id = (graphile_worker.add_job(task, payload => payload, queue_name => queue,
    run_at => run_at, max_attempts => max_attempts, job_key => key, priority => priority, flags => flags)).id`);
  await client.query(`update graphile_worker._private_jobs job set attempts = restored.attempts, last_error = restored.last_error
    from restored_job restored where job.id = restored.id`);
  return count;
}

/** Whether there is nothing of anybody's in the database: no table, no view, no queue. */
export async function isEmptyDatabase(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ empty: boolean }>(
    `select not exists (
        select from pg_class c where c.relnamespace = to_regnamespace('public') and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
          and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e'))
      and to_regnamespace('graphile_worker') is null as empty`,
  );
  return rows[0]!.empty;
}

/** Takes what was begun out of a database that was empty before. */
export async function emptyDatabase(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`,
  );
  if (rows.length > 0) await client.query(`drop table ${list(rows.map(({ name }) => name))} cascade`);
  await client.query('drop schema if exists graphile_worker cascade');
}

/** Columns of our tables as they are now, to be compared with those of a backup. */
export async function selectColumns(client: pg.Client): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition group by c.relname`,
  );
  return new Map(rows.map(({ name, columns }) => [name, columns]));
}

/** Takes out what migrations had put in: the backup has it, as it became. */
export async function clearTables(client: pg.Client, names: readonly string[]): Promise<void> {
  const found = names.map(
    (name) => `select ${pg.escapeLiteral(name)} as name where exists (select from ${quoted(name)})`,
  );
  const { rows } = await client.query<{ name: string }>(found.join(' union all '));
  if (rows.length > 0) await client.query(`truncate ${list(rows.map(({ name }) => name))}`);
}

export interface Later {
  drop: string[];
  create: string[];
}

/**
 * What is taken off our tables before they are filled and put back afterwards. Without foreign keys they may be filled in any order, and the
 * keys are proved in one pass; an index is built faster from all rows than row by row. Primary keys and other constraints stay.
 * @param large tables whose indexes are taken off
 */
export async function selectLater(client: pg.Client, large: readonly string[]): Promise<Later> {
  const { rows: keys } = await client.query<{ drop: string; create: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
        format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as create
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0 order by conname`,
  );
  const { rows: indexes } = await client.query<{ drop: string; create: string }>(
    `select format('drop index %s', i.indexrelid::regclass) as drop, pg_get_indexdef(i.indexrelid) as create
     from pg_index i join pg_class c on c.oid = i.indrelid
     where c.relnamespace = 'public'::regnamespace and c.relname = any($1)
       and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
       and not exists (select from pg_depend d where d.objid = i.indexrelid and d.deptype = 'e')
     order by 2`,
    [large],
  );
  return {
    drop: [...keys, ...indexes].map((row) => row.drop),
    create: [...indexes, ...keys].map((row) => row.create),
  };
}

export const execute = async (client: pg.Client, statement: string): Promise<void> =>
  void (await client.query(statement));

/** Who signed out, or was signed out, after the moment of the backup must not be signed in again by it. */
export async function endSessions(client: pg.Client): Promise<void> {
  await client.query('update session set ended_at = now() where ended_at is null');
}

/** Planned anew: a table that was filled has no statistics yet. */
export const analyze = async (client: pg.Client): Promise<void> => void (await client.query('analyze'));

export async function countConnections(client: pg.Client, database: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()
      and backend_type = 'client backend'`,
    [database],
  );
  return rows[0]!.count;
}

export const createDatabase = async (client: pg.Client, name: string): Promise<void> =>
  void (await client.query(`create database ${quoted(name)} encoding 'UTF8' template template0`));
export const dropDatabase = async (client: pg.Client, name: string): Promise<void> =>
  void (await client.query(`drop database if exists ${quoted(name)} with (force)`));

/** All names at once, or none. */
export async function renameDatabases(
  client: pg.Client,
  ...names: readonly [from: string, to: string][]
): Promise<void> {
  await client.query('begin');
  for (const [from, to] of names) await client.query(`alter database ${quoted(from)} rename to ${quoted(to)}`);
  await client.query('commit');
}
