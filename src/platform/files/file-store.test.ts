import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TEST_ENVIRONMENT } from '../../../tests/support/context.ts';
import { type S3, startS3 } from '../../../tests/support/s3.ts';
import { readConfig } from '../config.ts';
import { Invalid } from '../errors.ts';
import { type FileId, newId } from '../ids.ts';
import { FileMissing, type FileStore, openFiles } from './files.ts';

/** More than two parts of S3. */
const LARGE = randomBytes(11 * 1_048_576 + 7);
const LIMIT = { limitBytes: 64 * 1_048_576, field: 'file' };
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
/** In pieces as a socket gives them. */
const streamOf = (bytes: Buffer, size = 65_536) =>
  Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })(),
  );
const LATER = new Date(Date.now() + 3_600_000);
const nobody = async () => new Set<FileId>();

interface Kind {
  settings(): Promise<Record<string, string>>;
  /** Leaves what a process leaves that is killed while it writes. */
  breakOff(files: FileStore): Promise<void>;
  unfinished(): Promise<number>;
  /** Something that is not ours, and whether it is still there. */
  foreign: { put(): Promise<void>; isThere(): Promise<boolean> };
}

let folder: string;
let s3: S3;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domovoy-store-'));
  s3 = await startS3();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const parts = async () => (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.part')).length;

async function client() {
  const { S3Client, PutObjectCommand, HeadObjectCommand, CreateMultipartUploadCommand } = await import(
    '@aws-sdk/client-s3'
  );
  const { S3_ENDPOINT = '', S3_BUCKET: Bucket = '' } = s3.settings;
  const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  const own = new S3Client({ endpoint: S3_ENDPOINT, region: 'us-east-1', forcePathStyle: true, credentials });
  return { own, Bucket, PutObjectCommand, HeadObjectCommand, CreateMultipartUploadCommand };
}

const KINDS: Record<string, Kind> = {
  'a folder': {
    settings: async () => ({ FILES_DIR: folder }),
    async breakOff() {
      const fileId = newId<FileId>();
      await mkdir(join(folder, fileId.slice(-2)), { recursive: true });
      await writeFile(join(folder, fileId.slice(-2), `${fileId}.part`), 'half');
    },
    unfinished: parts,
    foreign: {
      put: () => writeFile(join(folder, 'lost+found'), 'x'),
      isThere: async () => existsSync(join(folder, 'lost+found')),
    },
  },
  S3: {
    settings: async () => s3.settings,
    async breakOff() {
      const { own, Bucket, CreateMultipartUploadCommand } = await client();
      await own.send(new CreateMultipartUploadCommand({ Bucket, Key: newId() }));
    },
    unfinished: () => s3.unfinished(),
    foreign: {
      async put() {
        const { own, Bucket, PutObjectCommand } = await client();
        await own.send(new PutObjectCommand({ Bucket, Key: 'backups/notes.txt', Body: 'x' }));
      },
      async isThere() {
        const { own, Bucket, HeadObjectCommand } = await client();
        return own.send(new HeadObjectCommand({ Bucket, Key: 'backups/notes.txt' })).then(Boolean, () => false);
      },
    },
  },
};

describe.each(Object.entries(KINDS))('%s', (_, kind) => {
  let files: FileStore;
  const put = async (content: Buffer | Readable) => files.put(content, LIMIT);
  const read = (fileId: FileId) => buffer(files.open(fileId));

  beforeAll(async () => {
    const settings = { ...TEST_ENVIRONMENT, DATABASE_URL: 'postgres://localhost/none', ...(await kind.settings()) };
    files = openFiles(readConfig(settings));
  });
  beforeEach(() => files.removeForsaken(LATER, nobody));

  test('what is larger than allowed leaves nothing, small or in many parts', async () => {
    for (const limitBytes of [3, 6 * 1_048_576]) {
      const failure = await files.put(streamOf(LARGE), { limitBytes, field: 'photo' }).catch((error) => error);
      expect(failure).toBeInstanceOf(Invalid);
      expect(failure.fields).toEqual([{ field: 'photo', message: expect.stringContaining('Файл больше') }]);
    }
    expect([await files.isEmpty(), await kind.unfinished()]).toEqual([true, 0]);
  });

  test('a source that breaks off leaves nothing and tells why', async () => {
    for (const length of [10, 7 * 1_048_576]) {
      const source = new PassThrough();
      const putting = put(source);
      source.write(LARGE.subarray(0, length), () => source.destroy(new Error('the line broke')));
      await expect(putting).rejects.toThrow('the line broke');
    }
    await expect(put(new PassThrough().destroy(new Error('broken before')))).rejects.toThrow();
    expect([await files.isEmpty(), await kind.unfinished()]).toEqual([true, 0]);
  });

  test('a file that is not there', async () => {
    const nowhere = newId<FileId>();
    await expect(read(nowhere)).rejects.toThrow(FileMissing);
    await expect(files.withLocalCopy(nowhere, async () => 'ran')).rejects.toThrow(FileMissing);
    await files.remove(nowhere);
  });

  test.each([
    ['no bytes', Buffer.alloc(0)],
    ['a few', Buffer.from('акт осмотра')],
    ['one part exactly', LARGE.subarray(0, 5 * 1_048_576)],
    ['several parts', LARGE],
  ])('%s come back as they were', async (_, content) => {
    for (const source of [content, streamOf(content)]) {
      const stored = await put(source);
      expect(stored).toEqual({ fileId: stored.fileId, sizeBytes: content.length, sha256: sha256(content) });
      expect((await read(stored.fileId)).equals(content)).toBe(true);
    }
    expect([await files.isEmpty(), await kind.unfinished()]).toEqual([false, 0]);
  });

  test('from here to there, both ends included', async () => {
    const { fileId } = await put(LARGE);
    const size = LARGE.length;
    for (const [first, last] of [
      // s3rver answers 0-0 with the whole.
      [0, 1],
      [5, 5],
      [0, size - 1],
      [5_242_000, 5_243_000],
      [size - 3, size - 1],
    ] as const) {
      const part = await buffer(files.open(fileId, { first, last }));
      expect(part.equals(LARGE.subarray(first, last + 1))).toBe(true);
    }
  });

  test('a reader that goes away in the middle takes nothing with it', async () => {
    const { fileId } = await put(LARGE);
    for await (const piece of files.open(fileId)) if (piece) break;
    files.open(fileId).destroy();
    expect((await read(fileId)).length).toBe(LARGE.length);
  });

  test('under an id of before, for a restore; twice is once', async () => {
    const fileId = newId<FileId>();
    for (const text of ['first', 'second'])
      expect((await files.put(Buffer.from(text), { ...LIMIT, fileId })).fileId).toBe(fileId);
    expect(String(await read(fileId))).toBe('second');
  });

  test('a path for programs, as long as they run', async () => {
    const { fileId } = await put(LARGE);
    let path = '';
    const seen = await files.withLocalCopy(fileId, async (given) => {
      path = given;
      return readFile(given);
    });
    expect(seen.equals(LARGE)).toBe(true);
    const failing = files.withLocalCopy(fileId, async (given) => {
      path = given;
      throw new Error('of the program');
    });
    await expect(failing).rejects.toThrow('of the program');
    if (kind === KINDS.S3) expect(existsSync(path)).toBe(false);
  });

  test('many at once do not mix', async () => {
    const contents = Array.from({ length: 12 }, (_, index) => LARGE.subarray(index, index + 300_000 * (index + 1)));
    const stored = await Promise.all(contents.map((content) => put(streamOf(content))));
    const back = await Promise.all(stored.map(({ fileId }) => read(fileId)));
    expect(back.map((bytes, index) => bytes.equals(contents[index]!))).toEqual(contents.map(() => true));
    expect(new Set(stored.map(({ fileId }) => fileId)).size).toBe(contents.length);
  });

  test('removed is missing', async () => {
    const { fileId } = await put(Buffer.from('x'));
    await files.remove(fileId);
    await expect(read(fileId)).rejects.toThrow(FileMissing);
    await files.remove(fileId);
  });

  test('the sweep takes what is old and unknown, and what was never finished; nothing else', async () => {
    const [known, unknown] = [await put(Buffer.from('known')), await put(Buffer.from('unknown'))];
    await kind.breakOff(files);
    await kind.foreign.put();
    const ask = async (ids: readonly FileId[]) => new Set(ids.filter((id) => id === known.fileId));
    expect(await files.removeForsaken(new Date(Date.now() - 3_600_000), ask)).toBe(0);
    expect(await kind.unfinished()).toBe(1);
    expect(await files.removeForsaken(LATER, ask)).toBe(2);
    expect(await kind.unfinished()).toBe(0);
    expect(String(await read(known.fileId))).toBe('known');
    await expect(read(unknown.fileId)).rejects.toThrow(FileMissing);
    expect(await kind.foreign.isThere()).toBe(true);
    expect(await files.isEmpty()).toBe(false);
  });
});

describe('a store that is away is not a store without files', () => {
  const environment = { ...TEST_ENVIRONMENT, DATABASE_URL: 'postgres://localhost/none' };

  test('a folder that is not mounted', async () => {
    const files = openFiles(readConfig({ ...environment, FILES_DIR: join(folder, 'not', 'mounted') }));
    const failure = await buffer(files.open(newId())).catch((error) => error);
    expect(failure).not.toBeInstanceOf(FileMissing);
    expect(failure.code).toBe('ENOENT');
  });

  test('a server that fails, and a bucket that is not there', async () => {
    const files = openFiles(readConfig({ ...environment, ...s3.settings }));
    const { fileId } = await files.put(Buffer.from('x'), LIMIT);
    s3.answerWith(403);
    const failures = [await buffer(files.open(fileId)).catch((error) => error)];
    s3.answerWith(null);
    const elsewhere = openFiles(readConfig({ ...environment, ...s3.settings, S3_BUCKET: 'other' }));
    failures.push(await buffer(elsewhere.open(fileId)).catch((error) => error));
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(Error);
      expect(failure).not.toBeInstanceOf(FileMissing);
    }
    expect(String(await buffer(files.open(fileId)))).toBe('x');
  });
});

test('settings name exactly one kind of store, whole', () => {
  const refusal = (settings: Record<string, string>) => {
    try {
      readConfig({ ...TEST_ENVIRONMENT, DATABASE_URL: 'postgres://localhost/none', ...settings });
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(refusal({})).toContain('FILES_DIR: не задано');
  expect(refusal({ FILES_DIR: '/a', S3_BUCKET: 'b' })).toContain('FILES_DIR: задано вместе с S3_BUCKET');
  expect(refusal({ S3_BUCKET: 'b', S3_ENDPOINT: 'ftp://a' })).toMatch(
    /S3_ENDPOINT: адрес вида.*S3_ACCESS_KEY_ID: не задано.*S3_SECRET_ACCESS_KEY: не задано/s,
  );
  expect(refusal({ FILES_DIR: '/a' })).toBeNull();
  expect(refusal(s3.settings)).toBeNull();
});
