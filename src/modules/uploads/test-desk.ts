import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Logger, runOnce } from 'graphile-worker';
import pg from 'pg';
import { afterAll } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildEmployee, buildOrganisation, signIn } from '../../../tests/support/rows.ts';
import { handleError, handleNotFound } from '../../pages/errors.tsx';
import type { EmployeeRole } from '../../platform/access.ts';
import { createServer } from '../../platform/http/server.ts';
import type { OrganisationId, PersonId, UploadId } from '../../platform/ids.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { hasConnectedAccounts } from '../accounts/index.ts';
import { loadClassifiers, loadRegions } from '../classifiers/index.ts';
import { identify } from '../identity/index.ts';
import { registerUploads, uploadJobs } from './index.ts';
import { selectUpload } from './queries/uploads.ts';
import { testPath, textsOf } from './test-workbooks.ts';
import type { Upload, UploadKind } from './upload.ts';

export type Clerk = Awaited<ReturnType<typeof signIn>> & { organisationId: OrganisationId; personId: PersonId };

/** The uploads behind a server of their own, with a queue that is run by hand. */
export class Desk {
  readonly context: TestContext;
  readonly app: FastifyInstance;
  private constructor(context: TestContext, app: FastifyInstance) {
    this.context = context;
    this.app = app;
  }

  static async open(): Promise<Desk> {
    const context = await createTestContext();
    // Without texts in force there is nothing to accept.
    await loadRegions(context.db);
    await loadClassifiers(context.db);
    await loadRules(context.db);
    const assetsFolder = await mkdtemp(join(tmpdir(), 'domovoy-assets-'));
    const app = await createServer(context, {
      assetsFolder,
      identify: (request, reply) => identify(context, hasConnectedAccounts, request, reply),
      onError: handleError,
      onNotFound: handleNotFound,
    });
    registerUploads(app, context);
    afterAll(() => app.close());
    return new Desk(context, app);
  }

  /** A clerk of a new organisation, or of a known one. */
  clerk(powers: readonly string[] = ['1'], known?: OrganisationId): Promise<Clerk> {
    return this.#employee('clerk', powers, known);
  }

  /** The head, who alone changes the card of the organisation. */
  head(known?: OrganisationId): Promise<Clerk> {
    return this.#employee('head', ['1'], known);
  }

  employee(role: EmployeeRole, known: OrganisationId): Promise<Clerk> {
    return this.#employee(role, ['1'], known);
  }

  async #employee(role: EmployeeRole, powers: readonly string[], known?: OrganisationId): Promise<Clerk> {
    const organisationId = known ?? (await buildOrganisation(this.context));
    const personId = await buildEmployee(this.context, organisationId, role, powers);
    const browser = await signIn(this.context, this.app, personId, organisationId);
    return { ...browser, organisationId, personId };
  }

  /** Sends a file the way the page does. */
  async send(clerk: Clerk, kind: UploadKind, file: Buffer, name = 'файл.xlsx', key?: string) {
    const page = await clerk.get(`/work/uploads/new?kind=${kind}`);
    const form = new FormData();
    form.append('kind', kind);
    form.append('_token', /name="_token" value="([^"]+)"/.exec(page.body)?.[1] ?? '');
    form.append('_key', key ?? /name="_key" value="([^"]+)"/.exec(page.body)?.[1] ?? '');
    form.append('file', new Blob([new Uint8Array(file)]), name);
    const encoded = new Response(form);
    return this.app.inject({
      method: 'POST',
      url: '/work/uploads',
      cookies: clerk.cookies,
      headers: { 'content-type': encoded.headers.get('content-type')! },
      payload: Buffer.from(await encoded.arrayBuffer()),
    });
  }

  /** Runs every job that is due, as the worker would. */
  async runQueue(): Promise<void> {
    const pgPool = new pg.Pool({ connectionString: this.context.url, max: 3 });
    pgPool.on('error', () => undefined);
    pgPool.on('connect', (client) => client.on('error', () => undefined));
    const taskList = Object.fromEntries(
      uploadJobs.map((kind) => [
        kind.name,
        (payload: unknown) => kind.run(this.context, kind.payload.parse(payload), this.context.log),
      ]),
    );
    try {
      await runOnce({ pgPool, taskList, noHandleSignals: true, logger: new Logger(() => () => undefined) });
    } finally {
      await pgPool.end();
    }
  }

  /** Sends a file and has it read. */
  async upload(clerk: Clerk, kind: UploadKind, file: Buffer, name?: string): Promise<Upload> {
    const answer = await this.send(clerk, kind, file, name);
    if (answer.statusCode !== 303) throw new Error(`not stored: ${answer.statusCode} ${answer.body}`);
    await this.runQueue();
    return this.read(clerk, idOf(answer.headers.location));
  }

  async read(clerk: Pick<Clerk, 'organisationId'>, uploadId: UploadId): Promise<Upload> {
    return (await selectUpload(this.context.db, clerk.organisationId, uploadId))!;
  }

  /** Decides for loading, and has it done. */
  async apply(clerk: Clerk, upload: Upload, policy = 'all_or_nothing'): Promise<Upload> {
    const path = `/work/uploads/${upload.uploadId}`;
    const answer = await clerk.post(`${path}/apply`, { policy }, path);
    if (answer.statusCode !== 303) throw new Error(`not applied: ${answer.statusCode} ${answer.body}`);
    await this.runQueue();
    return this.read(clerk, upload.uploadId);
  }

  /** Has it found out what taking an upload back would change. @returns the page that says it */
  async lookIntoUndo(clerk: Clerk, { uploadId }: Pick<Upload, 'uploadId'>): Promise<string> {
    const path = `/work/uploads/${uploadId}/undo`;
    const answer = await clerk.post(`${path}/look`, {}, path);
    if (answer.statusCode !== 303) throw new Error(`not looked into: ${answer.statusCode}`);
    await this.runQueue();
    return (await clerk.get(path)).body;
  }

  /** Decides for taking it back as the page offers it, and has it done. */
  async undo(clerk: Clerk, upload: Pick<Upload, 'uploadId'>, reason = 'Загружен не тот файл'): Promise<Upload> {
    const page = await this.lookIntoUndo(clerk, upload);
    const answer = await this.decideUndo(clerk, upload, page, reason);
    if (answer.statusCode !== 303) throw new Error(`not taken back: ${answer.statusCode}`);
    await this.runQueue();
    return this.read(clerk, upload.uploadId);
  }

  /** Sends the form of the page. */
  decideUndo(clerk: Clerk, { uploadId }: Pick<Upload, 'uploadId'>, page: string, reason = 'Загружен не тот файл') {
    const path = `/work/uploads/${uploadId}/undo`;
    const seen = /name="seen" value="([^"]*)"/.exec(page)?.[1] ?? '';
    return clerk.post(path, { seen, reason, sure: 'yes' });
  }

  /** The answer file by sheet and row. */
  async answer(clerk: Clerk, upload: Upload): Promise<Record<string, Record<number, (string | null)[]>>> {
    return textsOf(await this.answerPath(clerk, upload));
  }

  async answerPath(clerk: Clerk, upload: Upload): Promise<string> {
    const answer = await clerk.get(`/work/uploads/${upload.uploadId}/result`);
    if (answer.statusCode !== 200) throw new Error(`no answer: ${answer.statusCode}`);
    const path = await testPath(upload.resultName?.endsWith('.csv') ? 'answer.csv' : 'answer.xlsx');
    await writeFile(path, answer.rawPayload);
    return path;
  }

  async notes(
    upload: Upload,
  ): Promise<{ sheet: number; row: number; column: number | null; message: string; wrong: boolean }[]> {
    const rows = await this.context.db
      .selectFrom('upload_note')
      .selectAll()
      .where('organisation_id', '=', upload.organisationId)
      .where('upload_id', '=', upload.uploadId)
      .orderBy('sheet')
      .orderBy('row_number')
      .orderBy('position')
      .execute();
    return rows.map((row) => ({
      sheet: row.sheet,
      row: row.row_number,
      column: row.column_number,
      message: row.message,
      wrong: row.wrong,
    }));
  }
}

export const idOf = (location: unknown): UploadId => String(location).split('/').at(-1) as UploadId;
