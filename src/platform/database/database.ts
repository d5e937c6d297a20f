import { type Kysely, Kysely as KyselyInstance, type Transaction as KyselyTransaction, PostgresDialect } from 'kysely';
import pg from 'pg';
import { nameStatements } from './named-statements.ts';

/** Each module adds its tables here by declaration merging, so a table's type lives with its noun. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the modules
export interface Tables {}

export type Database = Kysely<Tables>;
export type Transaction = KyselyTransaction<Tables>;
/** What a query takes: it runs the same way in or out of a transaction. */
export type Db = Database | Transaction;

// int8 holds kopecks and counts: exact, as bigint. A date stays text "YYYY-MM-DD": a day has no zone. numeric stays exact text.
pg.types.setTypeParser(pg.types.builtins.INT8, BigInt);
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

export interface DatabaseOptions {
  url: string;
  /** Connections of this process at the most. */
  connections?: number;
  /** Off behind a transaction pooler, which cannot keep prepared statements. */
  namedStatements?: boolean;
  applicationName?: string;
  /** How long whoever asks waits for a connection, new or freed by another; 10 seconds unless said otherwise. */
  patienceMs?: number;
  onError?: (error: Error) => void;
  /** int8 as text, for a library that puts its rows into JSON, which knows no bigint. */
  integersAsText?: boolean;
}

const INTEGERS_AS_TEXT: pg.CustomTypesConfig = {
  getTypeParser: (type, format) =>
    type === pg.types.builtins.INT8 ? (text: string) => text : pg.types.getTypeParser(type, format as 'text'),
};

export function createPool(options: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections ?? 10,
    application_name: options.applicationName ?? 'domovoy',
    connectionTimeoutMillis: options.patienceMs ?? 10_000,
    idleTimeoutMillis: 60_000,
    ...(options.integersAsText ? { types: INTEGERS_AS_TEXT } : {}),
  });
  // An idle connection that the server ends must not end the process: the pool replaces it.
  pool.on('error', (error) => options.onError?.(error));
  // The same for a connection in use: its query fails, and without a listener the event would end the process.
  pool.on('connect', (client) => client.on('error', (error) => options.onError?.(error)));
  return pool;
}

export function createDatabase(pool: pg.Pool, options: { namedStatements?: boolean } = {}): Database {
  return new KyselyInstance<Tables>({
    dialect: new PostgresDialect({ pool: options.namedStatements === false ? pool : nameStatements(pool) }),
  });
}

/** Runs `work` in one transaction. The use case opens it and passes it on; no network call belongs in it. */
export function transaction<T>(database: Database, work: (trx: Transaction) => Promise<T>): Promise<T> {
  return database.transaction().execute(work);
}

/** A unique, check or foreign key was violated: the name of the constraint, or null for any other error. Shards add "_<number>". */
export function violatedConstraint(error: unknown): string | null {
  if (!(error instanceof pg.DatabaseError) || !error.code?.startsWith('23')) return null;
  return error.constraint?.replace(/_\d{6,}$/, '') ?? null;
}
