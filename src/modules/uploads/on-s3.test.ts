import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { moveToS3 } from '../../../tests/support/on-s3.ts';
import { CARD } from './layouts/organisation.ts';
import { updateUpload } from './queries/uploads.ts';
import { runApart } from './run-apart.ts';
import { Desk, idOf } from './test-desk.ts';
import { xlsxOf } from './test-workbooks.ts';

let folder = '';
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a workbook in S3 is read and answered by a process of its own', async () => {
  const desk = await Desk.open();
  await moveToS3(desk.context);
  // Beside node_modules, so that the packages outside of the bundle are found.
  folder = await mkdtemp(join(import.meta.dirname, '../../../node_modules/.upload-process-'));
  const script = join(folder, 'read-upload.js');
  await build({
    entryPoints: [join(import.meta.dirname, 'read-upload.process.ts')],
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  });
  const head = await desk.head();
  const { ogrn } = await desk.context.db
    .selectFrom('organisation')
    .select('ogrn')
    .where('organisation_id', '=', head.organisationId)
    .executeTakeFirstOrThrow();
  const file = await xlsxOf([CARD, [{ ogrn, phone: '1' }]]);
  const uploadId = idOf((await desk.send(head, 'organisation', file)).headers.location);
  const key = { organisationId: head.organisationId, uploadId };
  await updateUpload(desk.context.db, key, { state: 'reading' }, desk.context.now);
  await runApart(desk.context, 'read', key, script);
  expect(await desk.read(head, uploadId)).toMatchObject({ state: 'checked', documents: { changed: 1 } });
  await runApart(desk.context, 'answer', key, script);
  const { resultFileId } = await desk.read(head, uploadId);
  const whole = await buffer(desk.context.files.open(resultFileId!));
  const answer = await desk.app.inject({
    url: `/work/uploads/${uploadId}/result`,
    cookies: head.cookies,
    headers: { range: 'bytes=0-99' },
  });
  expect([answer.statusCode, answer.rawPayload.equals(whole.subarray(0, 100))]).toEqual([206, true]);
});
