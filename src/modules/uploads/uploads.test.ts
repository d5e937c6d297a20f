import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPerson, signIn } from '../../../tests/support/rows.ts';
import { transaction } from '../../platform/database/database.ts';
import { applyUpload } from './apply-upload.ts';
import { addAnswer, answerJob, applyJob, readJob, reviveUploads } from './jobs.ts';
import { kinds } from './kinds/index.ts';
import { HEADS } from './layouts/bills.ts';
import { CARD } from './layouts/organisation.ts';
import { selectUpload, updateUpload } from './queries/uploads.ts';
import { runApart, startProcess } from './run-apart.ts';
import { stageWorkbook } from './stage-workbook.ts';
import { type Clerk, Desk, idOf } from './test-desk.ts';
import { testPath, textsOf, xlsxOf, xlsxOfRows, zipOf } from './test-workbooks.ts';
import { MOST_ATTEMPTS, type Upload } from './upload.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});

const cardFile = async (clerk: Clerk, phone = '1') => {
  const { ogrn } = await desk.context.db
    .selectFrom('organisation')
    .select('ogrn')
    .where('organisation_id', '=', clerk.organisationId)
    .executeTakeFirstOrThrow();
  return xlsxOf([CARD, [{ ogrn, phone }]]);
};

describe('who may', () => {
  test('nobody without signing in, and no resident', async () => {
    const personId = await buildPerson(desk.context);
    const resident = await signIn(desk.context, desk.app, personId);
    for (const url of ['/work/uploads', '/work/uploads/new?kind=bills', '/work/uploads/templates/bills']) {
      const anonymous = await desk.app.inject({ method: 'GET', url });
      expect(anonymous.statusCode).toBe(303);
      expect(anonymous.headers.location).toMatch(/^\/sign-in/);
      expect((await resident.get(url)).statusCode).toBe(403);
    }
    expect((await desk.app.inject({ method: 'POST', url: '/work/uploads' })).statusCode).toBe(401);
  });

  test("another organisation's upload is not there: not its page, progress, answer, mapping, nor a decision on it", async () => {
    const clerk = await desk.head();
    const upload = await desk.upload(clerk, 'organisation', await cardFile(clerk));
    const stranger = await desk.head();
    const path = `/work/uploads/${upload.uploadId}`;
    for (const url of [
      path,
      `${path}/progress`,
      `${path}/answer`,
      `${path}/answer/progress`,
      `${path}/result`,
      `${path}/mapping`,
    ])
      expect((await stranger.get(url)).statusCode).toBe(404);
    for (const url of [`${path}/apply`, `${path}/cancel`, `${path}/mapping`])
      expect((await stranger.post(url, { policy: 'good_ones' }, '/work/uploads/new?kind=bills')).statusCode).toBe(404);
    expect((await stranger.get('/work/uploads')).body).not.toContain(upload.uploadId);
    const colleague = await desk.clerk([], clerk.organisationId);
    expect((await colleague.get(path)).statusCode).toBe(200);
  });

  test('no form without its token, no kind that there is not, no empty file', async () => {
    const clerk = await desk.clerk();
    const form = new FormData();
    form.append('kind', 'bills');
    form.append('file', new Blob(['x']), 'x.csv');
    const encoded = new Response(form);
    const answer = await desk.app.inject({
      method: 'POST',
      url: '/work/uploads',
      cookies: clerk.cookies,
      headers: { 'content-type': encoded.headers.get('content-type')! },
      payload: Buffer.from(await encoded.arrayBuffer()),
    });
    expect(answer.statusCode).toBe(403);
    expect((await clerk.get('/work/uploads/new?kind=payments')).statusCode).toBe(404);
    const empty = await desk.send(clerk, 'bills', Buffer.alloc(0), '');
    expect(empty.statusCode).toBe(422);
    expect(empty.body).toContain('Выберите файл с таблицей');
  });
});

describe('files that are not taken', () => {
  const refusal = async (file: Buffer, kind: 'bills' | 'accounts' = 'bills', name?: string) => {
    const upload = await desk.upload(await desk.clerk(), kind, file, name);
    expect(upload.state).toBe('refused');
    return upload.problem;
  };

  test('no workbook under the name of one, an old one, a broken one', async () => {
    expect(await refusal(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 1, 2, 3]), 'bills', 'снимок.xlsx')).toContain(
      'Это не таблица',
    );
    const old = await readFile(new URL('../../platform/workbook/fixtures/old.xls', import.meta.url));
    expect(await refusal(old)).toContain('старый формат Excel');
    expect(await refusal(await zipOf({ '[Content_Types].xml': '<a>', '_rels/.rels': '<a>' }))).toContain('повреждён');
  });

  test('macros, of Excel and of LibreOffice', async () => {
    for (const part of ['xl/vbaProject.bin', 'Basic/Standard/Module1.xml'])
      expect(
        await refusal(await zipOf({ '[Content_Types].xml': '<Types/>', '_rels/.rels': '<a/>', [part]: 'x' })),
      ).toContain('макросы');
  });

  test('a zip bomb', async () => {
    const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
    const file = await zipOf({
      '[Content_Types].xml': '<Types/>',
      '_rels/.rels': `<Relationships><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      'xl/workbook.xml':
        '<workbook xmlns:r="r"><sheets><sheet name="Разделы 1-2" sheetId="1" r:id="r1"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
      'xl/worksheets/sheet1.xml': { megabytes: 1100 },
    });
    expect(file.length).toBeLessThan(8 * 1024 * 1024);
    expect(await refusal(file)).toContain('В распакованном виде файл больше');
  });

  test('no sheet of ours, nothing on the sheet, columns that are missing, no rows', async () => {
    expect(await refusal(await xlsxOfRows({ name: 'А', rows: [['x']] }, { name: 'Б', rows: [['y']] }))).toMatch(
      /нет листа «Разделы 1-2».*Есть листы: «А», «Б»/,
    );
    expect(await refusal(await xlsxOfRows({ name: 'Разделы 1-2', rows: [] }))).toContain('листы пустые');
    const one = { text: '1', kind: 'number' as const };
    for (const rows of [[['просто текст']], [['Примечание', 'Услуга']], [[one], [one]], [['Номер ПД', 'что-то']]])
      expect(await refusal(await xlsxOfRows({ name: 'Разделы 1-2', rows }))).toMatch(
        /На листе «Разделы 1-2» нет таблицы.*хотя бы одна строка с данными/,
      );
    const missing = await refusal(await xlsxOf([HEADS, [{ serviceId: 'x', bik: '044525225' }]]));
    expect(missing).toContain('«Номер платежного документа» на листе «Разделы 1-2»');
    expect(missing).toContain('«Расчётный период (ММ.ГГГГ)»');
    expect(
      await refusal(
        await xlsxOfRows({ name: 'Разделы 1-2', rows: [['Номер платежного документа', 'Расчетный период']] }),
      ),
    ).toContain('нет ни одной строки');
  });

  test('a file of another kind is told by its name', async () => {
    const clerk = await desk.head();
    expect(await refusal(await cardFile(clerk))).toContain('другой файл: «Реквизиты организации»');
  });

  test('two columns under one heading', async () => {
    const rows = [
      ['Номер платежного документа', 'Расчетный период', 'Номер платежного документа'],
      ['1', '10.2026', '2'],
    ];
    expect(await refusal(await xlsxOfRows({ name: 'Разделы 1-2', rows }))).toContain(
      'столбцы A и C одинаково подходят под «Номер платежного документа»',
    );
  });

  test('one row more than 100,000 on a sheet', async () => {
    function* rows(count: number) {
      yield ['Номер платежного документа', 'Услуга', 'Итого к оплате'];
      for (let row = 0; row < count; row += 1) yield [String(row), 'Отопление', '1'];
    }
    const heads = {
      name: 'Разделы 1-2',
      rows: [
        ['Номер платежного документа', 'Расчетный период'],
        ['1', '10.2026'],
      ],
    };
    expect(await refusal(await xlsxOfRows(heads, { name: 'Разделы 3-6', rows: rows(100_001) }))).toMatch(
      /больше 100.000 строк/,
    );
    const path = await testPath('full.xlsx');
    const { writeFile } = await import('node:fs/promises');
    await writeFile(path, await xlsxOfRows(heads, { name: 'Разделы 3-6', rows: rows(100_000) }));
    const staged = await stageWorkbook({
      path,
      kind: kinds.bills,
      mappings: new Map(),
      staging: { add: async () => undefined },
      onProgress: async () => undefined,
    });
    expect(staged.rows).toBe(100_001);
  });
});

test('a file sent twice by one form is stored once', async () => {
  const clerk = await desk.head();
  const file = await cardFile(clerk);
  const [first, second] = [
    await desk.send(clerk, 'organisation', file, 'а.xlsx', 'key-1'),
    await desk.send(clerk, 'organisation', file, 'а.xlsx', 'key-1'),
  ];
  expect(second.headers.location).toBe(first.headers.location);
  const other = await desk.send(clerk, 'organisation', file, 'б.xlsx', 'key-1');
  expect(other.statusCode).toBe(409);
});

describe('unknown headings', () => {
  const file = (ogrn: string) =>
    xlsxOfRows({
      name: 'Организация',
      rows: [
        ['ОГРН', 'Куда звонить', 'Заметки бухгалтера', 'Факс'],
        [ogrn, '+7 495 1', 'х', '2'],
      ],
    });

  test('wait for the clerk, are remembered for the organisation and for no other', async () => {
    const clerk = await desk.head();
    const { ogrn } = await desk.context.db
      .selectFrom('organisation')
      .select('ogrn')
      .where('organisation_id', '=', clerk.organisationId)
      .executeTakeFirstOrThrow();
    const upload = await desk.upload(clerk, 'organisation', await file(ogrn));
    expect(upload.state).toBe('needs_mapping');
    const path = `/work/uploads/${upload.uploadId}`;
    expect((await clerk.get(path)).body).toContain('незнакомые столбцы');
    const page = await clerk.get(`${path}/mapping`);
    expect(page.body).toContain('B: Куда звонить');
    expect(page.body).toContain('C: Заметки бухгалтера');
    expect(page.body).not.toContain('Факс</option>');

    const twice = await clerk.post(`${path}/mapping`, { 'heading-0': 'phone', 'heading-1': 'phone' });
    expect(twice.statusCode).toBe(422);
    expect(twice.body).toContain('уже выбрано для другого столбца');
    const unknown = await clerk.post(`${path}/mapping`, { 'heading-0': 'password', 'heading-1': '-' });
    expect(unknown.statusCode).toBe(422);

    const saved = await clerk.post(`${path}/mapping`, { 'heading-0': 'phone', 'heading-1': '-' });
    expect(saved.statusCode).toBe(303);
    await desk.runQueue();
    const read = await desk.read(clerk, upload.uploadId);
    expect(read).toMatchObject({ state: 'checked', documents: { changed: 1 } });
    expect(read.details.differences!.map(({ what, after }) => `${what}: ${after}`)).toEqual([
      'Телефон: +7 495 1',
      'Факс: 2',
    ]);
    const next = await desk.upload(clerk, 'organisation', await file(ogrn));
    expect(next.state).toBe('checked');
    const stranger = await desk.upload(await desk.head(), 'organisation', await file('1'));
    expect(stranger.state).toBe('needs_mapping');
  });

  test('say which required columns are missing', async () => {
    const clerk = await desk.head();
    const rows = [
      ['Код организации', 'Телефон', 'Факс'],
      ['1', '2', '3'],
    ];
    const upload = await desk.upload(clerk, 'organisation', await xlsxOfRows({ name: 'Организация', rows }));
    expect(upload.state).toBe('needs_mapping');
    expect((await clerk.get(`/work/uploads/${upload.uploadId}/mapping`)).body).toContain('«ОГРН/ОГРНИП»');
    await clerk.post(`/work/uploads/${upload.uploadId}/mapping`, { 'heading-0': '-' });
    await desk.runQueue();
    expect(await desk.read(clerk, upload.uploadId)).toMatchObject({
      state: 'refused',
      problem: expect.stringContaining('«ОГРН/ОГРНИП» на листе «Организация»'),
    });
  });
});

describe('the answer file', () => {
  test('who asks too early waits on a page of its own, and gets it there', async () => {
    const clerk = await desk.head();
    const upload = await desk.upload(clerk, 'organisation', await cardFile(clerk));
    const path = `/work/uploads/${upload.uploadId}`;
    await updateUpload(desk.context.db, upload, { result_file_id: null }, desk.context.now);
    expect((await clerk.get(path)).body).toContain(`href="${path}/answer"`);
    const waiting = await clerk.get(`${path}/answer`);
    expect(waiting.body).toContain(`src="${path}/answer/progress"`);
    expect(waiting.body).toContain('http-equiv="refresh"');
    expect((await clerk.get(`${path}/answer/progress`)).json()).toEqual({ done: false });
    await updateUpload(desk.context.db, upload, { result_file_id: upload.resultFileId }, desk.context.now);
    expect((await clerk.get(`${path}/answer/progress`)).json()).toEqual({ done: true });
    expect((await clerk.get(`${path}/answer`)).body).toContain(`href="${path}/result"`);
    await clerk.post(`${path}/cancel`, {}, path);
    await updateUpload(desk.context.db, upload, { result_file_id: null }, desk.context.now);
    expect((await clerk.get(`${path}/answer`)).headers.location).toBe(path);
  });
});

test('a row of totals is no record, whatever an answer said of it', async () => {
  const clerk = await desk.clerk();
  const rows = [
    ['Идентификатор ЖКУ', 'Номер платежного документа', 'Расчетный период', 'Статус обработки'],
    ['x', '1', '10.2026', null],
    ['Итого:', null, null, 'Ошибка: заполните ячейку'],
    ['x', 'Итоговый-7', '10.2026', null],
    ['x', 'Итого', '10.2026', null],
  ];
  const upload = await desk.upload(clerk, 'bills', await xlsxOfRows({ name: 'Разделы 1-2', rows }));
  expect(upload).toMatchObject({ rowsTotal: 3, documents: { total: 3 } });
});

test('what repeats in hundreds of rows is told first', async () => {
  const clerk = await desk.clerk();
  const rows = Array.from({ length: 60 }, (_, index) => ({ document: String(index + 1), period: 'вчера' }));
  const upload = await desk.upload(clerk, 'bills', await xlsxOf([HEADS, rows]));
  const path = `/work/uploads/${upload.uploadId}`;
  const page = (await clerk.get(path)).body;
  expect(page).toContain('Что повторяется чаще всего');
  expect(page).toMatch(/Расчётный период[^<]*<\/td><td[^>]*>60</);
  const next = /href="([^"]+errors=[^"#]+)/.exec(page)![1]!.replaceAll('&amp;', '&');
  expect((await clerk.get(next)).body).not.toContain('Что повторяется чаще всего');
});

describe('decisions', () => {
  test('are taken once; a cancelled upload loads nothing and keeps no rows', async () => {
    const clerk = await desk.head();
    const upload = await desk.upload(clerk, 'organisation', await cardFile(clerk));
    const path = `/work/uploads/${upload.uploadId}`;
    expect((await clerk.post(`${path}/cancel`, {}, path)).statusCode).toBe(303);
    expect(
      (await clerk.post(`${path}/apply`, { policy: 'good_ones' }, '/work/uploads/new?kind=bills')).statusCode,
    ).toBe(409);
    expect((await clerk.get(path)).body).toContain('Загрузка отменена');
    const { rows } = await sql`select 1 from upload_row where upload_id = ${upload.uploadId}`.execute(desk.context.db);
    expect(rows).toEqual([]);
  });

  test('loading twice loads once, and is written in the journal', async () => {
    const clerk = await desk.head();
    const upload = await desk.upload(clerk, 'organisation', await cardFile(clerk, '77'));
    const applied = await desk.apply(clerk, upload);
    await applyJob.run(desk.context, applied, desk.context.log);
    expect(await desk.read(clerk, upload.uploadId)).toEqual(applied);
    const events = await desk.context.db
      .selectFrom('audit_event')
      .select('action')
      .where('person_id', '=', clerk.personId)
      .execute();
    expect(events.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['uploads.stored', 'uploads.decided', 'uploads.applied']),
    );
  });

  test('an answer that is still being made when the file is loaded tells of what was: another takes its place', async () => {
    const clerk = await desk.head();
    const upload = await desk.upload(clerk, 'organisation', await cardFile(clerk, '78'));
    const { db, files, now } = desk.context;
    await updateUpload(db, upload, { result_file_id: null }, now);
    // The file is put away last: what is decided before that is decided while it is being made.
    const slow: typeof files = {
      ...files,
      put: async (content, limits) => {
        const stored = await files.put(content, limits);
        await updateUpload(db, upload, { state: 'applying', policy: 'good_ones' }, now);
        await applyJob.run(desk.context, upload, desk.context.log);
        return stored;
      },
    };
    await answerJob.run({ ...desk.context, files: slow }, upload, desk.context.log);
    expect((await desk.read(clerk, upload.uploadId)).resultFileId).toBeNull();
    await desk.runQueue();
    const applied = await desk.read(clerk, upload.uploadId);
    const rows = Object.values((await desk.answer(clerk, applied)).Организация!);
    expect(rows.at(-1)!.at(-1)).toBe('Загружено: данные изменены');
    const { rows: staged } = await sql`select 1 from upload_row where upload_id = ${upload.uploadId}`.execute(db);
    expect(staged).toEqual([]);
  });

  test('what is given up while it is being loaded is not loaded', async () => {
    const clerk = await desk.head();
    const upload = await desk.upload(clerk, 'organisation', await cardFile(clerk, '79'));
    const { db, now } = desk.context;
    await updateUpload(db, upload, { state: 'applying', policy: 'good_ones' }, now);
    const waiting = async () =>
      (
        await sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
          db,
        )
      ).rows.length;
    // The other one has written and not committed: who loads the file has seen «applying» and comes to wait for the row.
    let loading: Promise<void> | null = null;
    await transaction(db, async (trx) => {
      await updateUpload(trx, upload, { state: 'failed', problem: 'Прервано' }, now);
      loading = applyUpload(desk.context, upload);
      loading.catch(() => undefined);
      await expect.poll(waiting).toBeGreaterThan(0);
    });
    await expect(loading).rejects.toThrow('given up');
    expect(await desk.read(clerk, upload.uploadId)).toMatchObject({ state: 'failed' });
    expect(
      await db.selectFrom('organisation').select('phone').where('organisation_id', '=', clerk.organisationId).execute(),
    ).toEqual([{ phone: null }]);
  });

  test('the list tells running and finished ones by page', async () => {
    const clerk = await desk.head();
    for (let count = 0; count < 31; count += 1)
      await desk.send(clerk, 'organisation', await cardFile(clerk), `файл ${count}.xlsx`);
    const page = await clerk.get('/work/uploads');
    expect(page.body).toContain('В очереди');
    const next = /href="(\/work\/uploads\?after=[^"]+)"/.exec(page.body)![1]!.replaceAll('&amp;', '&');
    const second = await clerk.get(next);
    expect(second.body).toContain('файл 0.xlsx');
    expect(second.body).not.toContain('файл 30.xlsx');
    expect((await clerk.get('/work/uploads?after=x&id=y')).statusCode).toBe(200);
    await desk.runQueue();
  });
});

test.each(Object.keys(kinds))('the template of %s is read back without a question', async (kind) => {
  const clerk = await desk.head();
  const answer = await clerk.get(`/work/uploads/templates/${kind}`);
  expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="file\.xlsx"; filename\*=UTF-8''/);
  const upload = await desk.upload(clerk, kind as Upload['kind'], answer.rawPayload);
  expect(upload.state).toBe('refused');
  expect(upload.problem).toContain('нет ни одной строки с данными');
});

test('templates offer the names of the classifiers', async () => {
  const clerk = await desk.clerk();
  const path = await testPath('template.xlsx');
  const { writeFile } = await import('node:fs/promises');
  await writeFile(path, (await clerk.get('/work/uploads/templates/houses')).rawPayload);
  const texts = await textsOf(path);
  expect(JSON.stringify(texts.Списки)).toContain('Исправный');
});

describe('a process of its own', () => {
  let script = '';
  let folder = '';
  afterAll(() => rm(folder, { recursive: true, force: true }));
  beforeAll(async () => {
    // Beside node_modules, so that the packages outside of the bundle are found.
    folder = await mkdtemp(join(import.meta.dirname, '../../../node_modules/.upload-process-'));
    script = join(folder, 'read-upload.js');
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
  });

  const stored = async (clerk: Clerk, file: Buffer) =>
    idOf((await desk.send(clerk, 'organisation', file)).headers.location);

  test('reads and answers like this one', async () => {
    const clerk = await desk.head();
    const uploadId = await stored(clerk, await cardFile(clerk));
    const key = { organisationId: clerk.organisationId, uploadId };
    await updateUpload(desk.context.db, key, { state: 'reading' }, desk.context.now);
    await runApart(desk.context, 'read', key, script);
    expect(await desk.read(clerk, uploadId)).toMatchObject({ state: 'checked', documents: { changed: 1 } });
    await runApart(desk.context, 'answer', key, script);
    const { resultFileId } = await desk.read(clerk, uploadId);
    await access(desk.context.files.path(resultFileId!));
  });

  test('one that is killed leaves nothing half done, and is repeated', async () => {
    const clerk = await desk.clerk();
    function* rows() {
      yield ['Номер платежного документа', 'Услуга', 'Итого к оплате'];
      for (let row = 0; row < 60_000; row += 1) yield [String(row % 5000), 'Отопление', '1'];
    }
    const file = await xlsxOfRows(
      {
        name: 'Разделы 1-2',
        rows: [
          ['Номер платежного документа', 'Расчетный период'],
          ['1', '10.2026'],
        ],
      },
      { name: 'Разделы 3-6', rows: rows() },
    );
    const uploadId = idOf((await desk.send(clerk, 'bills', file)).headers.location);
    const key = { organisationId: clerk.organisationId, uploadId };
    await updateUpload(desk.context.db, key, { state: 'reading' }, desk.context.now);
    const { child, done } = startProcess(desk.context, 'read', key, script);
    const failed = done.catch((error: Error) => error.message);
    const rowsRead = async () => (await desk.read(clerk, uploadId)).rowsRead;
    await expect.poll(rowsRead, { timeout: 30_000, interval: 20 }).toBeGreaterThan(0);
    child.kill('SIGKILL');
    expect(await failed).toContain('SIGKILL');
    const { rows: left } = await sql`select 1 from upload_row where upload_id = ${uploadId} limit 1`.execute(
      desk.context.db,
    );
    expect(left).toEqual([]);
    await runApart(desk.context, 'read', key, script);
    expect(await desk.read(clerk, uploadId)).toMatchObject({
      state: 'checked',
      rowsTotal: 60_001,
      documents: { total: 5000 },
    });
  });

  test('one that keeps dying is given up with a sentence', async () => {
    const clerk = await desk.head();
    const uploadId = await stored(clerk, await cardFile(clerk));
    const key = { organisationId: clerk.organisationId, uploadId };
    const files = { ...desk.context.files, withLocalCopy: () => Promise.reject(new Error('the disk is broken')) };
    const broken = { ...desk.context, files };
    for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt += 1) {
      await readJob.run(broken, key, desk.context.log);
      expect((await desk.read(clerk, uploadId)).state).toBe('reading');
    }
    await readJob.run(broken, key, desk.context.log);
    expect(await desk.read(clerk, uploadId)).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('не удалось прочитать'),
    });
    await desk.runQueue();
    expect((await desk.read(clerk, uploadId)).state).toBe('failed');
  });

  test('an upload of which nothing is heard is taken up again', async () => {
    const clerk = await desk.head();
    const uploadId = await stored(clerk, await cardFile(clerk));
    const key = { organisationId: clerk.organisationId, uploadId };
    await updateUpload(desk.context.db, key, { state: 'reading' }, desk.context.now);
    // As a killed worker leaves the job of a step that was added anew.
    await sql`update graphile_worker._private_jobs set attempts = max_attempts, key = null`.execute(desk.context.db);
    await reviveUploads.run(desk.context, desk.context.log);
    expect((await sql`select from graphile_worker._private_jobs`.execute(desk.context.db)).rows).toEqual([]);
    // An answer that was given up is left for the operator to see: there is none.
    await addAnswer(desk.context.db, key);
    await sql`update graphile_worker._private_jobs set attempts = max_attempts`.execute(desk.context.db);
    await reviveUploads.run(desk.context, desk.context.log);
    expect((await sql`select from graphile_worker._private_jobs`.execute(desk.context.db)).rows).toHaveLength(1);
    await sql`delete from graphile_worker._private_jobs`.execute(desk.context.db);
    await desk.runQueue();
    expect((await desk.read(clerk, uploadId)).state).toBe('reading');
    const before = desk.context.now;
    desk.context.now = new Date(before.getTime() + 6 * 60_000);
    await reviveUploads.run(desk.context, desk.context.log);
    await desk.runQueue();
    desk.context.now = before;
    expect((await selectUpload(desk.context.db, clerk.organisationId, uploadId))!.state).toBe('checked');
  });
});
