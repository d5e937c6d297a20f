import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createTestContext } from '../tests/support/context.ts';
import { REDACT } from './process.ts';

test('a row that the database refuses does not reach the log', async () => {
  const { db } = await createTestContext();
  const lines: string[] = [];
  const log = pino({ redact: REDACT }, { write: (line) => lines.push(line) });
  const error = await sql`insert into person (person_id, kind, snils, created_at)
    values ('019ab000-0000-7000-8000-000000000000', 'nobody', '98700010702', now())`
    .execute(db)
    .catch((refused: unknown) => refused);
  log.error({ err: error }, 'request failed');
  log.error({ err: new AggregateError([error], 'parts') }, 'job failed');
  expect(lines.join()).toContain('person_kind');
  expect(lines.join()).not.toContain('98700010702');
});

test('the Node.js of the packages is linked where npm took the link away, and left alone where there is one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'domovoy-link-'));
  const binary = `node-linux-${process.arch}/bin`;
  for (const path of ['.bin', binary]) mkdirSync(join(folder, 'node_modules', path), { recursive: true });
  writeFileSync(join(folder, 'node_modules', binary, 'node'), '');
  for (let time = 0; time < 2; time += 1)
    execFileSync(process.execPath, [resolve('scripts/link-node.js')], { cwd: folder });
  expect(readlinkSync(join(folder, 'node_modules/.bin/node'))).toBe(`../${binary}/node`);
});
