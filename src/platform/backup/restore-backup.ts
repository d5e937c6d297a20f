import { listMigrations, migrate } from '../database/migrate.ts';
import type { FileStore } from '../files/store.ts';
import type { BackupReader } from './archive.ts';
import { BackupError } from './backup-error.ts';
import { fillDatabase } from './fill-database.ts';
import { emptyStore, fillStore } from './fill-store.ts';
import type { Manifest } from './manifest.ts';
import { openArchive } from './open-archive.ts';
import { analyze, connect, endTransaction } from './queries.ts';
import { type Target, takeTarget } from './target.ts';
import { verifyBackup } from './verify-backup.ts';

export interface RestoreOrder {
  from: string;
  databaseUrl: string;
  files: FileStore;
  /** Of the installation that the backup is put into; null where it has no key yet. */
  keyFingerprint: string | null;
  /** What is there gives way: its database is kept under another name, its files stay beside those that come. */
  replace: boolean;
  /** The secrets that another key has sealed may be lost. */
  otherKey: boolean;
  say(line: string): void;
}

/** Reads all of a backup and proves it, and changes nothing. @throws BackupError */
export async function checkBackup(from: string, say: (line: string) => void): Promise<Manifest> {
  const reader = await openArchive(from);
  try {
    const manifest = await verifyBackup(reader, say);
    await refuseNewer(manifest);
    return manifest;
  } finally {
    await reader.close();
  }
}

/**
 * Puts a backup into an empty database and an empty store, and migrates it. All of it is proved first; the rows are committed when the files
 * are in the store. Whatever fails leaves the target as it was.
 * @throws BackupError
 */
export async function restoreBackup(order: RestoreOrder): Promise<Manifest> {
  const { files, say } = order;
  const reader = await openArchive(order.from);
  try {
    say('Проверяю копию.');
    const manifest = await verifyBackup(reader, say);
    await refuseNewer(manifest);
    refuseOtherKey(manifest, order);
    const hadFiles = !(await files.isEmpty());
    if (hadFiles && !order.replace)
      throw new BackupError(`В хранилище ${files.place} уже есть файлы: укажите пустое или добавьте --replace.`);
    const target = await takeTarget(order);
    try {
      await fill(order, manifest, reader, target);
      for (const name of await migrate(target.url)) say(`Применена миграция ${name}`);
      await target.keep();
    } catch (error) {
      const undo = async () => {
        await target.giveBack();
        if (!hadFiles) await emptyStore(files, reader);
      };
      await undo().catch((cause) => say(`Начатое не удалось убрать: ${cause.message}`));
      throw error;
    }
    return manifest;
  } finally {
    await reader.close();
  }
}

async function fill({ files, say }: RestoreOrder, manifest: Manifest, reader: BackupReader, target: Target) {
  await migrate(target.url, undefined, manifest.migrations);
  const client = await connect(target.url);
  try {
    say('Загружаю базу данных.');
    await fillDatabase(client, manifest, reader, say);
    say('Загружаю файлы.');
    await fillStore(files, manifest, reader, say);
    await endTransaction(client);
    await analyze(client);
  } finally {
    await client.end();
  }
}

async function refuseNewer({ migrations, version }: Manifest): Promise<void> {
  const known = await listMigrations();
  if (migrations.every((name) => known.includes(name))) return;
  throw new BackupError(`Копия сделана более новой версией программы (${version}): сначала обновите программу.`);
}

function refuseOtherKey(manifest: Manifest, { keyFingerprint, otherKey }: RestoreOrder): void {
  if (otherKey || manifest.keyFingerprint === keyFingerprint) return;
  throw new BackupError(
    'SECRET_KEY не тот, с которым сделана копия: ключи магазинов и уведомлений из неё будет не прочитать, магазины придётся подключить заново. Задайте прежний SECRET_KEY или добавьте --other-key.',
  );
}
