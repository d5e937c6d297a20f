import { rm } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildPerson, signIn } from '../../../tests/support/rows.ts';
import { createApp } from '../../app.ts';
import { checkFiles } from '../../platform/files/check-files.ts';
import { recordFile } from '../../platform/files/files.ts';

const PAGE = '/administration/files';

let context: TestContext;
let open: (given: { administrator?: boolean }) => Promise<{ statusCode: number; body: string }>;
beforeAll(async () => {
  context = await createTestContext();
  const app = await createApp(context);
  open = async (given) => (await signIn(context, app, await buildPerson(context, given))).get(PAGE);
});

test('is for the administrator alone', async () => {
  expect((await open({})).statusCode).toBe(403);
});

test('says that nothing is damaged, and names what is, without the names that people gave', async () => {
  const bytes = await context.files.put(Buffer.from('x'), { limitBytes: 10, field: '' });
  await recordFile(context.db, bytes, { name: 'Паспорт Ивановой.pdf', mediaType: 'application/pdf' }, context.now);
  expect((await open({ administrator: true })).body).toContain('Повреждённых файлов нет');

  await rm(context.files.path(bytes.fileId));
  context.now = new Date(context.now.getTime() + 8 * 24 * 3_600_000);
  await checkFiles(context, context.log);
  const { statusCode, body } = await open({ administrator: true });
  expect(statusCode).toBe(200);
  expect(body).toContain(bytes.fileId);
  expect(body).toContain('Файла нет');
  expect(body).toContain('Как вернуть');
  expect(body).not.toContain('Ивановой');
});
