import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Db } from '../../../platform/database/database.ts';
import type { StagedCell } from '../sections.ts';
import type { UploadKey } from '../upload.ts';
import '../tables.ts';

export interface StagedRow {
  document: number;
  sheet: number;
  row: number;
  content: readonly StagedCell[];
}

const FLUSH_CHARACTERS = 1 << 17;

/** Writes rows of one upload by COPY, in a transaction of their own: a process that dies leaves nothing behind. */
export class Staging {
  readonly #client: pg.Client;
  readonly #copy: ReturnType<typeof copyFrom>;
  readonly #done: Promise<void>;
  readonly #prefix: string;
  #lines = '';

  private constructor(client: pg.Client, key: UploadKey) {
    this.#client = client;
    this.#prefix = `${key.organisationId}\t${key.uploadId}\t`;
    this.#copy = client.query(
      copyFrom('copy upload_row (organisation_id, upload_id, document, sheet, row_number, content) from stdin'),
    );
    this.#done = finished(this.#copy);
    this.#done.catch(() => undefined);
  }

  /** Rows of an earlier reading of the same upload are replaced. */
  static async open(url: string, key: UploadKey): Promise<Staging> {
    const client = new pg.Client({ connectionString: url, application_name: 'domovoy-upload' });
    // Without a listener a lost connection would end the process; the query in progress fails by itself.
    client.on('error', () => undefined);
    await client.connect();
    await client.query('begin');
    await client.query('delete from upload_row where organisation_id = $1 and upload_id = $2', [
      key.organisationId,
      key.uploadId,
    ]);
    return new Staging(client, key);
  }

  async add(row: StagedRow): Promise<void> {
    const json = JSON.stringify(row.content);
    this.#lines += `${this.#prefix}${row.document}\t${row.sheet}\t${row.row}\t${json.includes('\\') ? json.replaceAll('\\', '\\\\') : json}\n`;
    if (this.#lines.length > FLUSH_CHARACTERS) await this.#flush();
  }

  async commit(): Promise<void> {
    await this.#flush();
    this.#copy.end();
    await this.#done;
    await this.#client.query('commit');
    await this.#client.end();
  }

  /** Gives up: nothing of the rows stays. */
  async abandon(): Promise<void> {
    this.#copy.destroy();
    await this.#client.end().catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const more = this.#copy.write(this.#lines);
    this.#lines = '';
    if (!more) await Promise.race([once(this.#copy, 'drain'), this.#done]);
  }
}

/** Rows of some documents, those of given sheets only when they are named, in the order of documents, sheets and rows. */
export async function selectStagedRows(
  db: Db,
  key: UploadKey,
  documents: readonly number[],
  sheets: readonly number[] | null = null,
): Promise<StagedRow[]> {
  if (documents.length === 0) return [];
  const { rows } = await sql<StagedRow>`
    select document, sheet, row_number as row, content from upload_row
    where organisation_id = ${key.organisationId} and upload_id = ${key.uploadId} and document = any(${documents}::int[])
      and (${sheets}::int[] is null or sheet = any(${sheets}::int[]))
    order by document, sheet, row_number`.execute(db);
  return rows;
}

/** Which document each row belongs to, in the order of the workbook, after the last one seen. */
export async function selectRowOrder(
  db: Db,
  key: UploadKey,
  after: { sheet: number; row: number },
  limit: number,
): Promise<{ sheet: number; row: number; document: number }[]> {
  const { rows } = await sql<{ sheet: number; row: number; document: number }>`
    select sheet, row_number as row, document from upload_row
    where organisation_id = ${key.organisationId} and upload_id = ${key.uploadId}
      and (sheet, row_number) > (${after.sheet}::int, ${after.row}::int)
    order by sheet, row_number limit ${limit}`.execute(db);
  return rows;
}

export async function deleteStagedRows(db: Db, key: UploadKey): Promise<void> {
  await db
    .deleteFrom('upload_row')
    .where('organisation_id', '=', key.organisationId)
    .where('upload_id', '=', key.uploadId)
    .execute();
}
