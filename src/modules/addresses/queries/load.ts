/**
 * What the importer does in the database: staging, the merge and the journal, all on one connection in one transaction,
 * so that a load that fails leaves no trace and readers see the old data until it is done.
 */
import type { Writable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { FileKind } from '../gar/file-kinds.ts';
import { createStages } from './stage.ts';

export async function connectLoader(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'domovoy gar import' });
  // Its query fails with the same error; without a listener the event would end the process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Opens the transaction of one region and its staging tables. Two loads of one region wait for each other. */
export async function beginLoad(client: pg.Client, region: number): Promise<void> {
  await client.query('begin');
  await client.query(`select pg_advisory_xact_lock(hashtext('address region'), $1)`, [region]);
  await client.query(`set local work_mem = '256MB'; set local maintenance_work_mem = '256MB'; set local jit = off`);
  await createStages(client);
}

export const commitLoad = (client: pg.Client) => client.query('commit');

export const openCopy = (client: pg.Client, kind: Pick<FileKind, 'stage' | 'columns'>): Writable =>
  client.query(copyFrom(`copy stage_${kind.stage} (${kind.columns}) from stdin`));

/** Objects of a region that are in use now. */
export async function countHouses(client: pg.Client, region: number): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from address_house where region = $1 and gone_on is null',
    [region],
  );
  return rows[0]!.count;
}

export async function upsertTypes(client: pg.Client, types: readonly object[]): Promise<void> {
  await client.query(
    `insert into address_type (kind, code, level, short_name, name, valid_to)
     select kind, code, level, short_name, name, valid_to from jsonb_to_recordset($1::jsonb)
       as new (kind text, code int, level smallint, short_name text, name text, valid_to date)
     on conflict (kind, code) do update set
       level = excluded.level, short_name = excluded.short_name, name = excluded.name, valid_to = excluded.valid_to`,
    [JSON.stringify(types)],
  );
}

export interface LoadRecord {
  loadId: string;
  region: number;
  kind: 'full' | 'delta';
  version: string;
  source: string;
  state: 'done' | 'failed';
  startedAt: Date;
  finishedAt: Date;
  counts: Record<string, number>;
  failure: string | null;
}

export async function insertLoad(client: pg.Client, load: LoadRecord): Promise<void> {
  await client.query(
    `insert into address_load
       (load_id, region, kind, version, source, state, started_at, finished_at, counts, failure)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      load.loadId,
      load.region,
      load.kind,
      load.version,
      load.source,
      load.state,
      load.startedAt,
      load.finishedAt,
      JSON.stringify(load.counts),
      load.failure,
    ],
  );
}

/** After a load the planner must know how big the tables are now. */
export async function analyseAddresses(client: pg.Client): Promise<void> {
  await client.query('analyze address_object, address_house, address_premises');
}
