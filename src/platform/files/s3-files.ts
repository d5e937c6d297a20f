import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Config } from '../config.ts';
import { type FileId, isUuid, newId } from '../ids.ts';
import { lateStream } from './late-stream.ts';
import { causeOf, Measure } from './measure.ts';
import { FileMissing, type FileStore } from './store.ts';

export type S3Setting = Extract<keyof Config, `S3_${string}`>;

/** The least that S3 takes as a part of many. */
const PART_BYTES = 5 * 1_048_576;
/** Parts of one file on their way at once: with the one that is being filled, 15 MB of memory a file. */
const PARTS_AT_ONCE = 2;

/** The client of Amazon takes 130 ms and 37 MB to load: installations with a local folder go without. */
const loadSdk = async () => ({
  ...(await import('@aws-sdk/client-s3')),
  ...(await import('@aws-sdk/lib-storage')),
});
type Sdk = Awaited<ReturnType<typeof loadSdk>>;

/** Files as objects of a bucket, each under its id; other objects of the bucket are left alone. */
export function s3Files(config: Pick<Config, S3Setting>): FileStore {
  const Bucket = config.S3_BUCKET!;
  let opened: Promise<{ sdk: Sdk; client: S3Client }> | null = null;
  const s3 = () => {
    opened ??= loadSdk().then((sdk) => ({ sdk, client: connect(sdk, config) }));
    return opened;
  };
  const store: FileStore = {
    place: `${config.S3_ENDPOINT ?? 's3'}/${Bucket}`,
    async put(content, { fileId = newId<FileId>(), ...limit }) {
      const measure = new Measure(limit);
      const source = content instanceof Readable ? content : Readable.from([content]);
      // Before the first await: a source that fails meanwhile is heard.
      const passing = pipeline(source, measure);
      passing.catch(() => undefined);
      const { sdk, client } = await s3();
      const upload = new sdk.Upload({
        client,
        params: { Bucket, Key: fileId, Body: measure },
        partSize: PART_BYTES,
        queueSize: PARTS_AT_ONCE,
        leavePartsOnError: false,
      });
      try {
        await upload.done();
      } catch (error) {
        measure.destroy();
        throw await causeOf(passing, error);
      }
      return { fileId, sizeBytes: measure.sizeBytes, sha256: measure.sha256() };
    },
    open: (fileId, range) =>
      lateStream(async (abortSignal) => {
        const { sdk, client } = await s3();
        const Range = range && `bytes=${range.first}-${range.last}`;
        const answer = await client
          .send(new sdk.GetObjectCommand({ Bucket, Key: fileId, ...(Range && { Range }) }), { abortSignal })
          .catch((error) => {
            throw error?.name === 'NoSuchKey' ? new FileMissing({ cause: error }) : error;
          });
        const asked = range && range.last - range.first + 1;
        if (asked !== undefined && answer.ContentLength !== asked)
          throw new Error(`the store answers ${answer.ContentLength} bytes for a range of ${asked}`);
        return answer.Body as Readable;
      }),
    async withLocalCopy(fileId, run) {
      const folder = await mkdtemp(join(tmpdir(), 'domovoy-file-'));
      try {
        const path = join(folder, 'copy');
        await pipeline(store.open(fileId), createWriteStream(path));
        return await run(path);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async remove(fileId) {
      const { sdk, client } = await s3();
      await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: fileId }));
    },
    async removeForsaken(before, known) {
      const { sdk, client } = await s3();
      let removed = await abortForsaken(sdk, client, Bucket, before);
      for await (const { Contents = [] } of sdk.paginateListObjectsV2({ client }, { Bucket })) {
        const old = Contents.filter(({ Key, LastModified }) => isUuid(Key ?? '') && LastModified! < before).map(
          ({ Key }) => Key as FileId,
        );
        const kept = await known(old);
        for (const fileId of old) {
          if (kept.has(fileId)) continue;
          await store.remove(fileId);
          removed += 1;
        }
      }
      return removed;
    },
    async isEmpty() {
      const { sdk, client } = await s3();
      for await (const { Contents = [] } of sdk.paginateListObjectsV2({ client }, { Bucket }))
        if (Contents.some(({ Key }) => isUuid(Key ?? ''))) return false;
      return true;
    },
  };
  return store;
}

function connect(sdk: Sdk, config: Pick<Config, S3Setting>): S3Client {
  return new sdk.S3Client({
    ...(config.S3_ENDPOINT && { endpoint: config.S3_ENDPOINT }),
    region: config.S3_REGION,
    forcePathStyle: config.S3_FORCE_PATH_STYLE,
    credentials: { accessKeyId: config.S3_ACCESS_KEY_ID!, secretAccessKey: config.S3_SECRET_ACCESS_KEY! },
    maxAttempts: 3,
    // The checksums that Amazon added in 2024 are refused by other stores. The signature covers each part as it is.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 5_000,
      // Without any movement: who downloads slowly holds a stream open for long.
      socketTimeout: 120_000,
      // Each download takes one: a few slow telephones must not hold all of them.
      httpAgent: { maxSockets: 256 },
      httpsAgent: { maxSockets: 256 },
    },
  });
}

/**
 * Parts that were sent and never made into a file are not seen in the bucket and are paid for.
 * A store that cannot list them is left to its own rules of life.
 */
async function abortForsaken(sdk: Sdk, client: S3Client, Bucket: string, before: Date): Promise<number> {
  let aborted = 0;
  let marker: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await client
      .send(new sdk.ListMultipartUploadsCommand({ Bucket, ...marker }))
      .catch((error) => (error?.name === 'NotImplemented' ? null : Promise.reject(error)));
    for (const { Key, UploadId, Initiated } of page?.Uploads ?? []) {
      if (!isUuid(Key ?? '') || Initiated! >= before) continue;
      await client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
      aborted += 1;
    }
    if (!page?.IsTruncated) return aborted;
    marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}
