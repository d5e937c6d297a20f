import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { insertUpload } from '../src/modules/uploads/queries/uploads.ts';
import { findScript, type StepName, startProcess } from '../src/modules/uploads/run-apart.ts';
import type { UploadKind } from '../src/modules/uploads/upload.ts';
import type { Context } from '../src/platform/context.ts';
import { recordFile } from '../src/platform/files/files.ts';
import { newId, type OrganisationId, type PersonId, type UploadId } from '../src/platform/ids.ts';

/** The steps of an upload as the worker runs them, measured from outside. */

/** Of the processor's clock in /proc, a second. */
const TICKS = 100;

export interface BenchUpload {
  context: Context;
  organisationId: OrganisationId;
  uploadId: UploadId;
}

/** A step as the worker runs it, with the highest memory that its process had. */
export async function runStep({ context, organisationId, uploadId }: BenchUpload, step: StepName) {
  const script = findScript();
  if (!script) throw new Error('build first: the steps run as processes of their own');
  const started = performance.now();
  const { child, done } = startProcess(context, step, { organisationId, uploadId }, script);
  let megabytes = 0;
  let cpu = 0;
  const watch = setInterval(async () => {
    const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '');
    const [user = 0, system = 0] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    cpu = Math.max(cpu, (user + system) / TICKS);
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    megabytes = Math.max(megabytes, Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024));
  }, 25);
  await done.finally(() => clearInterval(watch));
  return { seconds: (performance.now() - started) / 1000, cpu, megabytes };
}

/** How long a bare COPY of some rows takes into a table without an index: what nobody can go below. */
export async function copySeconds(url: string, select: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of client.query(copyTo(`copy (${select}) to stdout`))) chunks.push(chunk as Buffer);
    await client.query(`create temporary table bare as ${select} limit 0`);
    const started = performance.now();
    const copy = client.query(copyFrom('copy bare from stdin'));
    for (const chunk of chunks) if (!copy.write(chunk)) await new Promise((next) => copy.once('drain', next));
    copy.end();
    await finished(copy);
    return (performance.now() - started) / 1000;
  } finally {
    await client.end();
  }
}

export async function storeUpload(
  context: Context,
  organisationId: OrganisationId,
  kind: UploadKind,
  path: string,
): Promise<UploadId> {
  const uploadId = newId<UploadId>();
  const stored = await context.files.put(createReadStream(path), { limitBytes: 1 << 30, field: 'file' });
  await recordFile(context.db, stored, { name: `${kind}.xlsx`, mediaType: 'application/octet-stream' }, new Date());
  const upload = {
    organisationId,
    uploadId,
    kind,
    fileId: stored.fileId,
    fileName: `${kind}.xlsx`,
    uploadedBy: newId<PersonId>(),
    houses: null,
    throughId: null,
  };
  await insertUpload(context.db, upload, new Date());
  return uploadId;
}
