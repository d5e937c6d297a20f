import { existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { transaction } from '../database/database.ts';
import { type FileId, newId } from '../ids.ts';
import { daysAgo, sweepPlatform } from '../sweep.ts';
import { readVerdicts, receiveAttachment, recordAttachment, removeAttachment } from './index.ts';
import { judgeFile } from './judge-file.ts';
import { countWaiting } from './queries.ts';
import * as made from './test-files.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
});

async function attach(content: Buffer, name: string, to: TestContext = context): Promise<FileId> {
  const received = await receiveAttachment(to, Readable.from([content]), { name, field: 'files' });
  await transaction(to.db, (trx) => recordAttachment(trx, received, to.now));
  return received.fileId;
}
const judge = (fileId: FileId, to: TestContext = context) => judgeFile.run(to, { fileId }, to.log);
const verdictOf = async (fileId: FileId, to: TestContext = context) =>
  (await readVerdicts(to.db, [fileId])).get(fileId)!;
const jobsOf = async (fileId: FileId, { db }: TestContext = context) =>
  (
    await sql<{
      key: string;
      run_at: Date;
    }>`select key, run_at from graphile_worker.jobs where key like ${`%${fileId}`}`.execute(db)
  ).rows;

describe('what is not looked at is not clean', () => {
  test('a file waits for its job', async () => {
    const fileId = await attach(made.PDF, 'акт.pdf');
    expect(await verdictOf(fileId)).toMatchObject({ verdict: 'waiting', threat: null });
    expect(await jobsOf(fileId)).toHaveLength(1);
  });

  test('a scanner that is away keeps it waiting, and it is tried again later and later', async () => {
    const away = await createTestContext({ CLAMD_URL: `unix:/tmp/${newId()}.sock` });
    const fileId = await attach(await made.jpeg(), 'фото.jpg', away);
    const minutes: number[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      await judge(fileId, away);
      const [job] = await jobsOf(fileId, away);
      minutes.push(Math.round((job!.run_at.getTime() - away.now.getTime()) / 60_000));
    }
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(await verdictOf(fileId, away)).toMatchObject({ verdict: 'waiting', shownId: null });
    expect(await countWaiting(away.db)).toEqual({ waiting: 1, stuck: 1 });
  });

  test('a picture that cannot be drawn anew is for its sender alone', async () => {
    const fileId = await attach(made.HEIC.subarray(0, 300), 'снимок.heic');
    await judge(fileId);
    expect(await verdictOf(fileId)).toMatchObject({ verdict: 'unreadable', shownId: null });
  });
});

test('a file that a page names twice belongs where it was put first', async () => {
  const received = await receiveAttachment(context, Readable.from([made.PDF]), { name: 'акт.pdf', field: 'files' });
  await recordAttachment(context.db, received, context.now);
  await expect(recordAttachment(context.db, received, context.now)).rejects.toThrow('уже приложен');
});

describe('without a scanner the verdict says so', () => {
  test('a document is shown as it is; a second job does nothing', async () => {
    const fileId = await attach(made.PDF, 'акт.pdf');
    await judge(fileId);
    const judged = await verdictOf(fileId);
    expect(judged).toMatchObject({ verdict: 'unscanned', shownId: null, shownMediaType: 'application/pdf' });
    await judge(fileId);
    expect(await verdictOf(fileId)).toEqual(judged);
  });

  test.each([
    ['снимок.jpg', () => made.jpeg(60, 30)],
    ['снимок.png', () => made.png(30, 60)],
    ['снимок.heic', async () => made.HEIC],
    ['снимок.tif', async () => made.tiff([[30, 60]])],
  ])('%s is a JPEG to others, upright, without where it was taken', async (name, make) => {
    const content = await make();
    const fileId = await attach(content, name);
    await judge(fileId);
    const file = await verdictOf(fileId);
    expect(file).toMatchObject({ verdict: 'unscanned', name, shownName: 'снимок.jpg', shownMediaType: 'image/jpeg' });
    const shown = readFileSync(context.files.path(file.shownId!));
    expect(shown.length).toBe(file.shownSizeBytes);
    const about = await sharp(shown).metadata();
    expect([about.format, about.exif, about.xmp, about.iptc, about.orientation]).toEqual([
      'jpeg',
      ...Array(4).fill(undefined),
    ]);
    // Those that lay on their side stand; the fixture of HEIC is broad itself.
    expect(about.height > about.width).toBe(!name.endsWith('heic'));
    expect(readFileSync(context.files.path(fileId))).toEqual(content);
  });

  test('scans of several pages stay a TIFF, whatever the size of each', async () => {
    for (const pages of [
      [
        [40, 30],
        [40, 30],
        [40, 30],
      ],
      [
        [40, 30],
        [30, 50],
      ],
    ] as [number, number][][]) {
      const fileId = await attach(made.tiff(pages), 'скан.tiff');
      await judge(fileId);
      const file = await verdictOf(fileId);
      expect(file).toMatchObject({ verdict: 'unscanned', shownName: 'скан.tiff', shownMediaType: 'image/tiff' });
      expect((await sharp(context.files.path(file.shownId!)).metadata()).pages).toBe(pages.length);
    }
  });
});

test('a removed file goes with its copy, at once from the lists and at night from the disk', async () => {
  const fileId = await attach(await made.jpeg(), 'фото.jpg');
  await judge(fileId);
  const { shownId } = await verdictOf(fileId);
  await removeAttachment(context.db, fileId);
  expect(await readVerdicts(context.db, [fileId, shownId!])).toEqual(new Map());
  await judge(fileId);
  context.now = daysAgo(new Date(), -3);
  await sweepPlatform.run(context, context.log);
  expect([fileId, shownId!].map((id) => existsSync(context.files.path(id)))).toEqual([false, false]);
});
