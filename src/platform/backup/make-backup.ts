import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline as link, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { type FileStore, isOfFile } from '../files/store.ts';
import type { FileId } from '../ids.ts';
import type { BackupWriter } from './archive.ts';
import { BackupError } from './backup-error.ts';
import { FORMAT, type Manifest, partOf } from './manifest.ts';
import { createArchive } from './open-archive.ts';
import { type Progress, progressOf } from './progress.ts';
import {
  beginSnapshot,
  type CopyOut,
  connect,
  copyFileList,
  copyJobs,
  copyTable,
  endTransaction,
  type Snapshot,
  tryBackupLock,
} from './queries.ts';

export interface BackupOrder {
  /** A folder, or a file whose name ends in .tar. */
  to: string;
  databaseUrl: string;
  files: FileStore;
  /** Of the program. */
  version: string;
  keyFingerprint: string;
  say(line: string): void;
  /** How long another backup, or the nightly sweep of the store, is waited for. */
  patienceMs?: number;
}

/** Text packs to a fifth at the fastest level; the slower ones win little and take several times as long. */
const GZIP = { level: 1 };

/**
 * Writes a backup while the application runs: the rows of one moment, then the files that those rows name. Files of a row are in the store
 * before the row is, and nothing is swept out of the store meanwhile, so no row of the backup names a file that it lacks, except what the
 * store had lost before.
 * @throws BackupError
 */
export async function makeBackup(order: BackupOrder): Promise<Manifest> {
  const writer = await createArchive(order.to);
  const folder = await mkdtemp(join(tmpdir(), 'domovoy-backup-'));
  const client = await connect(order.databaseUrl).catch(async (error: Error) => {
    await writer.abandon();
    throw new BackupError(`База данных не отвечает: ${error.message}`);
  });
  try {
    await waitForLock(client, order);
    const manifest = await write(order, client, new Summed(writer, folder), folder);
    await writer.finish();
    return manifest;
  } catch (error) {
    await writer.abandon();
    throw (error as NodeJS.ErrnoException)?.code === 'ENOSPC' ? new BackupError('На диске кончилось место.') : error;
  } finally {
    await client.end();
    await rm(folder, { recursive: true, force: true });
  }
}

async function waitForLock(client: pg.Client, { say, patienceMs = 120_000 }: BackupOrder): Promise<void> {
  const end = performance.now() + patienceMs;
  for (let tries = 0; !(await tryBackupLock(client)); tries += 1) {
    if (performance.now() >= end)
      throw new BackupError('Другая резервная копия ещё пишется, или идёт ночная уборка файлов: попробуйте позже.');
    if (tries === 0) say('Жду, пока кончится другая копия или ночная уборка файлов.');
    await new Promise((next) => setTimeout(next, 1000));
  }
}

/** Keeps the sums of all parts for the list at the end. On the disk: there may be millions of them. */
class Summed {
  readonly #writer: BackupWriter;
  readonly #path: string;
  readonly #lines;

  constructor(writer: BackupWriter, folder: string) {
    this.#writer = writer;
    this.#path = join(folder, 'sums');
    this.#lines = createWriteStream(this.#path);
  }

  async add(name: string, content: Readable) {
    const part = await this.#writer.add(name, content);
    // As `sha256sum --check` reads it.
    if (!this.#lines.write(`${part.sha256}  ${name}\n`)) await once(this.#lines, 'drain');
    return part;
  }

  async end(): Promise<void> {
    this.#lines.end();
    await once(this.#lines, 'close');
    await this.#writer.add(partOf.sums, createReadStream(this.#path));
  }
}

async function write(order: BackupOrder, client: pg.Client, writer: Summed, folder: string): Promise<Manifest> {
  const snapshot = await beginSnapshot(client);
  if (!snapshot) throw new BackupError('В этой базе нет данных «Домового»: проверьте её адрес.');
  const progress = progressOf(order.say);
  order.say(`Таблиц: ${snapshot.tables.length}`);
  const tables = await writeTables(client, snapshot, writer, progress);
  const jobs = await writeRows(writer, partOf.jobs, copyJobs(client));
  const list = join(folder, 'files');
  const fileList = copyFileList(client);
  await pipeline(fileList.rows, createWriteStream(list));
  // The rows are written: the database need not keep their moment any longer while the files are copied.
  await endTransaction(client);
  const files = await writeFiles(order, list, fileList.count(), writer, progress);
  const manifest: Manifest = {
    format: FORMAT,
    version: order.version,
    madeAt: new Date().toISOString(),
    snapshotAt: snapshot.at.toISOString(),
    postgresql: snapshot.postgresql,
    migrations: snapshot.migrations,
    tables,
    jobs,
    files,
    keyFingerprint: order.keyFingerprint,
  };
  await writer.add(partOf.manifest, Readable.from([Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)]));
  await writer.end();
  return manifest;
}

async function writeRows(writer: Summed, name: string, { rows, count }: CopyOut) {
  // Either one's failure ends the other, and the part's reader is told.
  const packed = link(rows, createGzip(GZIP), () => undefined);
  const part = await writer.add(name, packed);
  return { rows: count(), ...part };
}

async function writeTables(client: pg.Client, { tables }: Snapshot, writer: Summed, progress: Progress) {
  const written: Manifest['tables'] = [];
  for (const { name, columns } of tables) {
    const part = await writeRows(writer, partOf.table(name), copyTable(client, name, columns));
    written.push({ name, columns, ...part });
    progress(`  таблица ${written.length} из ${tables.length}: ${name}, строк ${part.rows}`);
  }
  return written;
}

async function writeFiles(
  { files, say }: BackupOrder,
  list: string,
  total: number,
  writer: Summed,
  progress: Progress,
): Promise<Manifest['files']> {
  const done: Manifest['files'] = { count: 0, sizeBytes: 0, missing: [], changed: [] };
  say(`Файлов: ${total}`);
  for await (const line of createInterface({ input: createReadStream(list) })) {
    const [fileId, , sha256] = line.split('\t') as [FileId, string, string];
    const source = files.open(fileId);
    const part = await writer.add(partOf.file(fileId), source).catch(async (error: unknown) => {
      // One bad sector must not leave the installation without any backup.
      if (source.errored === error && (await isOfFile(files, error))) return null;
      throw error;
    });
    if (!part) done.missing.push(fileId);
    else {
      done.count += 1;
      done.sizeBytes += part.sizeBytes;
      if (part.sha256 !== sha256) done.changed.push(fileId);
    }
    progress(`  файлов ${done.count} из ${total}, ${Math.round(done.sizeBytes / 1_048_576)} МБ`);
  }
  return done;
}
