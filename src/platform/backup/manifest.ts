import { z } from 'zod';
import { type Config, deriveKey } from '../config.ts';
import { BackupError } from './backup-error.ts';

/** Changes when an older program could not read what a newer one wrote. */
export const FORMAT = 1;

/** Names of parts, in the order in which they are written: tables, jobs, files, then the two that speak of all others. */
export const partOf = {
  table: (name: string) => `tables/${name}.copy.gz`,
  jobs: 'jobs.copy.gz',
  /** As in a local folder of files, so that one can be put back by hand. */
  file: (fileId: string) => `files/${fileId.slice(-2)}/${fileId}`,
  manifest: 'manifest.json',
  sums: 'SHA256SUMS',
} as const;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const part = { rows: count, sizeBytes: count, sha256: hash };

export const Manifest = z.object({
  format: z.literal(FORMAT),
  /** Of the program that made it. */
  version: z.string(),
  madeAt: z.iso.datetime(),
  /** The moment that the rows are of, by the clock of the database. */
  snapshotAt: z.iso.datetime(),
  postgresql: z.string(),
  /** Names of the migrations that had been applied, in their order. */
  migrations: z.array(z.string()).min(1),
  tables: z.array(
    z.object({ name: z.string().regex(/^[a-z_][a-z0-9_]*$/), columns: z.array(z.string()).min(1), ...part }),
  ),
  jobs: z.object(part),
  files: z.object({
    count,
    sizeBytes: count,
    /** What the store had lost, or could not read, before the backup was made. */
    missing: z.array(z.string()),
    /** What the store had with other bytes than were put; it is here as it was found. */
    changed: z.array(z.string()),
  }),
  /** Of SECRET_KEY: tells another key, not the key itself. */
  keyFingerprint: z.string(),
});
export type Manifest = z.output<typeof Manifest>;
export type TablePart = Manifest['tables'][number];

/** @throws BackupError for what is no manifest, or one of another format */
export function readManifest(text: string): Manifest {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    throw new BackupError('Опись копии manifest.json повреждена: её не удалось прочитать.');
  }
  const { format, version } = (said ?? {}) as { format?: unknown; version?: unknown };
  if (typeof format === 'number' && format > FORMAT)
    throw new BackupError(`Копия сделана более новой версией программы (${version}): сначала обновите программу.`);
  const read = Manifest.safeParse(said);
  if (!read.success) throw new BackupError('Опись копии manifest.json повреждена: в ней не то, что должно быть.');
  return read.data;
}

export const keyFingerprint = (config: Pick<Config, 'SECRET_KEY'>): string =>
  deriveKey(config, 'fingerprint in backups').toString('hex').slice(0, 16);
