import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import {
  readVerdicts,
  receiveAttachment,
  recordAttachment,
  tryScannerAndGoOn,
} from '../../src/platform/attachments/index.ts';
import { judgeFile } from '../../src/platform/attachments/judge-file.ts';
import { parseClamdUrl, scanStream } from '../../src/platform/attachments/scan/clamd.ts';
import { largeArchive, nestedArchive, tryScanner } from '../../src/platform/attachments/scan/probe.ts';
import { docx, gather, PDF, png } from '../../src/platform/attachments/test-files.ts';
import { transaction } from '../../src/platform/database/database.ts';
import type { FileId } from '../../src/platform/ids.ts';
import { createTestContext, type TestContext } from '../support/context.ts';
import { CLAMD, type Daemon, DEBIAN_LIMITS, EICAR, OUR_LIMITS, OWN_THREAT, startDaemon } from './daemon.ts';

// The machine that proves the product must have it; a developer's may do without.
const mustRun = CLAMD !== null || Boolean(process.env.CI);
if (!mustRun)
  console.log('Без clamd проверки антивируса не запускались: apt-get install --no-install-recommends clamav-daemon');

const daemons: Daemon[] = [];
const folders = new Set<string>();
afterAll(async () => {
  await Promise.all(daemons.map((daemon) => daemon.kill()));
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function begin(limits: readonly string[], again?: Daemon): Promise<Daemon> {
  const daemon = await startDaemon(limits, again);
  daemons.push(daemon);
  folders.add(daemon.folder);
  return daemon;
}
async function withScanner(limits: readonly string[]): Promise<{ context: TestContext; daemon: Daemon }> {
  const daemon = await begin(limits);
  const context = await createTestContext({ CLAMD_URL: daemon.url });
  folders.add(context.config.FILES_DIR);
  return { daemon, context };
}

/** A PDF that holds the text behind so many bytes. */
const pdfWith = (threat: string, behind: number) =>
  Readable.from(
    (function* () {
      yield PDF.subarray(0, 9);
      for (let left = behind; left > 0; left -= 65_536) yield Buffer.alloc(Math.min(left, 65_536), 0x20);
      yield Buffer.from(`${threat}\n%%EOF\n`);
    })(),
  );

/** Attaches a file and judges it once. */
async function judged(context: TestContext, content: Buffer | Readable, name: string) {
  const stream = content instanceof Readable ? content : Readable.from([content]);
  const received = await receiveAttachment(context, stream, { name, field: 'files' });
  await transaction(context.db, (trx) => recordAttachment(trx, received, context.now));
  await judgeFile.run(context, { fileId: received.fileId }, context.log);
  return stateOf(context, received.fileId);
}
async function stateOf(context: TestContext, fileId: FileId) {
  const file = (await readVerdicts(context.db, [fileId])).get(fileId)!;
  const row = await context.db
    .selectFrom('stored_file')
    .select('problem')
    .where('file_id', '=', fileId)
    .executeTakeFirst();
  return { ...file, problem: row!.problem };
}

describe.runIf(mustRun)('a real clamd with our limits', () => {
  test('finds what is there, and lets the rest pass', async () => {
    const { context } = await withScanner(OUR_LIMITS);
    expect(await judged(context, PDF, 'акт.pdf')).toMatchObject({ verdict: 'clean', threat: null });
    const photo = await judged(context, await png(), 'снимок.png');
    expect(photo).toMatchObject({ verdict: 'clean', shownMediaType: 'image/jpeg' });
    expect(photo.shownId).not.toBeNull();
    const infected = await judged(context, await docx([['word/media/a.bin', EICAR]]), 'письмо.docx');
    expect(infected).toMatchObject({ verdict: 'infected', threat: expect.stringContaining('Domovoy.Test.Eicar') });
    const late = await judged(context, pdfWith(OWN_THREAT, 30 * 1_048_576), 'скан.pdf');
    expect(late).toMatchObject({ verdict: 'infected', threat: expect.stringContaining('Domovoy.Test.Own') });
  });

  test('what it does not unpack is not clean', async () => {
    const { context } = await withScanner([...OUR_LIMITS, 'MaxRecursion 8']);
    const nested = await judged(context, await docx([['word/embeddings/a.bin', nestedArchive()]]), 'письмо.docx');
    expect(nested.verdict).toBe('waiting');
    expect(nested.problem).toContain('Heuristics.Limits.Exceeded');
  });

  test('when it dies in the middle, the file waits; when it is back, the file is judged', async () => {
    const { context, daemon } = await withScanner(OUR_LIMITS);
    expect(await judged(context, PDF, 'первый.pdf')).toMatchObject({ verdict: 'clean' });
    const dying = async function* () {
      let pieces = 0;
      for await (const piece of largeArchive()) {
        pieces += 1;
        if (pieces === 100) await daemon.kill();
        yield piece;
      }
    };
    expect(await scanStream(parseClamdUrl(daemon.url), dying())).toMatchObject({ state: 'unknown' });
    const waiting = await judged(context, PDF, 'второй.pdf');
    expect(waiting).toMatchObject({ verdict: 'waiting', problem: expect.stringContaining('ECONNREFUSED') });
    await begin(OUR_LIMITS, daemon);
    await tryScannerAndGoOn(context);
    await judgeFile.run(context, { fileId: waiting.fileId }, context.log);
    expect(await stateOf(context, waiting.fileId)).toMatchObject({ verdict: 'clean', problem: null });
  });
});

describe.runIf(mustRun)('a real clamd with limits that pass what it did not look at', () => {
  test("Debian's: nothing is clean by its word, what it finds is found", async () => {
    const { context, daemon } = await withScanner(DEBIAN_LIMITS);
    expect(await tryScanner(parseClamdUrl(daemon.url))).toContain('StreamMaxLength 60M');
    expect(await judged(context, PDF, 'акт.pdf')).toMatchObject({
      verdict: 'waiting',
      problem: expect.stringContaining('MaxFileSize 400M'),
    });
    const large = await judged(context, pdfWith(OWN_THREAT, 30 * 1_048_576), 'скан.pdf');
    expect(large).toMatchObject({
      verdict: 'waiting',
      problem: expect.stringMatching(/size limit exceeded|StreamMaxLength/),
    });
    const found = await judged(context, await docx([['word/media/a.bin', EICAR]]), 'письмо.docx');
    expect(found).toMatchObject({ verdict: 'infected' });
  });

  test('a long stream that it takes and does not read', async () => {
    const { daemon } = await withScanner(['StreamMaxLength 60M', 'MaxFileSize 25M']);
    const large = await gather(pdfWith(OWN_THREAT, 30 * 1_048_576));
    // The trap: it says OK.
    expect(await scanStream(parseClamdUrl(daemon.url), [large])).toEqual({ state: 'clean' });
    expect(await tryScanner(parseClamdUrl(daemon.url))).toContain('misses a threat at the end of 50 MB');
  });

  test('large limits alone: it must also say when it has not looked', async () => {
    const { daemon } = await withScanner(OUR_LIMITS.slice(0, 4));
    expect(await tryScanner(parseClamdUrl(daemon.url))).toContain('AlertExceedsMax yes');
  });
});

test('the archive of the trial is as large as the largest file that is taken', async () => {
  let bytes = 0;
  for await (const piece of largeArchive()) bytes += piece.length;
  expect(bytes).toBe(50 * 1_048_576);
});
