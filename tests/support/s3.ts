import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { afterAll } from 'vitest';

const BUCKET = 'domovoy-files';

export interface S3 {
  /** As an operator would write them. */
  settings: Record<string, string>;
  /** How many files were begun in parts and are neither whole nor given up. */
  unfinished(): Promise<number>;
  /** From now on every request is answered so; null: as it should be. */
  answerWith(status: number | null): void;
}

/** A small S3 server with an empty bucket, on a port of its own, until the tests of the file end. */
export async function startS3(): Promise<S3> {
  const directory = await mkdtemp(join(tmpdir(), 'domovoy-s3-'));
  const uploads = join(directory, BUCKET, '._S3rver_uploads');
  let only: number | null = null;
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: BUCKET }],
  });
  server.middleware.unshift(async (ctx, next) => {
    if (only !== null) ctx.status = only;
    else if (ctx.method === 'GET' && 'uploads' in ctx.query) Object.assign(ctx, await listUploads(uploads));
    else if (ctx.method === 'DELETE' && ctx.query.uploadId) {
      await rm(join(uploads, ctx.query.uploadId), { recursive: true });
      ctx.status = 204;
    } else await next();
  });
  const { port } = await server.run();
  afterAll(async () => {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });
  return {
    settings: {
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_BUCKET: BUCKET,
      S3_ACCESS_KEY_ID: 'S3RVER',
      S3_SECRET_ACCESS_KEY: 'S3RVER',
      S3_FORCE_PATH_STYLE: '1',
    },
    unfinished: async () => (await namesIn(uploads)).length,
    answerWith(status) {
      only = status;
    },
  };
}

const namesIn = (folder: string) => readdir(folder).catch(() => []);

/** s3rver takes files in parts and forgets to list and to give up what was begun; so the answer is written here. */
async function listUploads(folder: string): Promise<{ type: string; body: string }> {
  const entries = await Promise.all(
    (await namesIn(folder)).map(async (uploadId) => {
      const key = await readFile(join(folder, uploadId, 'key'), 'utf8');
      const { birthtime } = await stat(join(folder, uploadId));
      return `<Upload><Key>${key}</Key><UploadId>${uploadId}</UploadId><Initiated>${birthtime.toISOString()}</Initiated></Upload>`;
    }),
  );
  const body = `<?xml version="1.0" encoding="UTF-8"?><ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated>${entries.join('')}</ListMultipartUploadsResult>`;
  return { type: 'application/xml', body };
}
