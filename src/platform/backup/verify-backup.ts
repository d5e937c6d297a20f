import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { BackupReader } from './archive.ts';
import { BackupError } from './backup-error.ts';
import { type Manifest, partOf, readManifest } from './manifest.ts';
import { progressOf } from './progress.ts';

const LINE = /^([0-9a-f]{64}) {2}(\S+)$/;

/** Each line of the list of sums, in the order in which parts were written. */
async function* readSums(reader: BackupReader): AsyncGenerator<{ name: string; sha256: string }> {
  for await (const line of createInterface({ input: await reader.open(partOf.sums) })) {
    const [, sha256, name] = LINE.exec(line) ?? [];
    if (!sha256 || !name) throw new BackupError(`Список сумм ${partOf.sums} повреждён.`);
    yield { name, sha256 };
  }
}

/** Files of a backup, in their order. */
export async function* readFileIds(reader: BackupReader): AsyncGenerator<string> {
  for await (const { name } of readSums(reader)) if (name.startsWith('files/')) yield name.slice('files/ab/'.length);
}

/**
 * Reads all of a backup and compares it with its sums and its manifest.
 * @throws BackupError that names the first part that is damaged or not there
 */
export async function verifyBackup(reader: BackupReader, say: (line: string) => void): Promise<Manifest> {
  const manifest = readManifest(await text(await reader.open(partOf.manifest)));
  const expected = new Map([
    ...manifest.tables.map(({ name, sha256 }) => [partOf.table(name), sha256] as const),
    [partOf.jobs, manifest.jobs.sha256] as const,
  ]);
  const progress = progressOf(say);
  let [files, sizeBytes, hasManifest] = [0, 0, false];
  for await (const { name, sha256 } of readSums(reader)) {
    const said = expected.get(name);
    if (said !== undefined && said !== sha256) throw damaged(name);
    expected.delete(name);
    const size = await checkPart(reader, name, sha256);
    if (name === partOf.manifest) hasManifest = true;
    if (name.startsWith('files/')) [files, sizeBytes] = [files + 1, sizeBytes + size];
    progress(`  проверено: ${name}`);
  }
  const [lost] = expected.keys();
  if (lost) throw new BackupError(`В копии нет части ${lost}.`);
  if (!hasManifest || files !== manifest.files.count || sizeBytes !== manifest.files.sizeBytes)
    throw new BackupError(`В копии не все файлы: их ${files} из ${manifest.files.count}.`);
  return manifest;
}

const damaged = (name: string) => new BackupError(`Копия повреждена: не сходится сумма части ${name}.`);

async function checkPart(reader: BackupReader, name: string, sha256: string): Promise<number> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of (await reader.open(name)) as AsyncIterable<Buffer>) {
    hash.update(piece);
    size += piece.length;
  }
  if (hash.digest('hex') !== sha256) throw damaged(name);
  return size;
}
