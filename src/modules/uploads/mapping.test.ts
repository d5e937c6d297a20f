import { beforeAll, describe, expect, test } from 'vitest';
import { type Clerk, Desk } from './test-desk.ts';
import { csvOfRows, xlsxOfRows } from './test-workbooks.ts';
import type { Upload } from './upload.ts';

let desk: Desk;
let head: Clerk;
let ogrn: string;
beforeAll(async () => {
  desk = await Desk.open();
});

async function aHead(): Promise<Clerk> {
  head = await desk.head();
  ({ ogrn } = await desk.context.db
    .selectFrom('organisation')
    .select('ogrn')
    .where('organisation_id', '=', head.organisationId)
    .executeTakeFirstOrThrow());
  return head;
}

const pathOf = ({ uploadId }: Upload) => `/work/uploads/${uploadId}`;
const answer = (upload: Upload, fields: Record<string, string>) =>
  head.post(`${pathOf(upload)}/mapping`, fields, `${pathOf(upload)}/mapping`);
/** Answers, and has the file read again. */
async function map(upload: Upload, fields: Record<string, string>): Promise<Upload> {
  const said = await answer(upload, fields);
  expect(said.statusCode).toBe(303);
  await desk.runQueue();
  return desk.read(head, upload.uploadId);
}
const selectOf = (html: string, name: string): string =>
  new RegExp(`<select[^>]*name="${name}".*?</select>`, 's').exec(html)?.[0] ?? '';
const chosen = (html: string, name: string) => /<option[^>]*selected[^>]*>/.exec(selectOf(html, name))?.[0] ?? '';
const changes = ({ details }: Upload) => details.differences!.map(({ what, after }) => `${what}: ${after}`);

describe('one known heading', () => {
  const rows = () => [['Карточка на 2026 год'], ['ОГРН', 'Куда звонить', 'Заметки'], [ogrn, '+7 495 1', 'х']];
  const file = () => xlsxOfRows({ name: 'Организация', rows: rows() });

  test('opens the mapping page at its row; the answer is remembered, and the next file needs none', async () => {
    await aHead();
    const upload = await desk.upload(head, 'organisation', await file());
    expect(upload).toMatchObject({ state: 'needs_mapping', problem: null });
    const page = (await head.get(`${pathOf(upload)}/mapping`)).body;
    expect(page).toContain('Узнали только один заголовок');
    expect(chosen(page, 'top-0')).toContain('value="2"');
    expect(chosen(page, 'data-0')).toContain('value="3"');
    expect(page).toContain('B: Куда звонить');
    const read = await map(upload, { 'top-0': '2', 'data-0': '3', 'heading-0': 'phone', 'heading-1': '-' });
    expect(read).toMatchObject({ state: 'checked', documents: { changed: 1 } });
    expect(changes(read)).toEqual(['Телефон: +7 495 1']);
    expect((await desk.upload(head, 'organisation', await file())).state).toBe('checked');
  });

  test('and all else passed over is remembered too', async () => {
    await aHead();
    const upload = await desk.upload(head, 'organisation', await file());
    const read = await map(upload, { 'top-0': '2', 'data-0': '3', 'heading-0': '-', 'heading-1': '-' });
    expect(read).toMatchObject({ state: 'checked', documents: { same: 1 } });
    expect((await desk.upload(head, 'organisation', await file())).state).toBe('checked');
  });

  test('in the wrong row is moved: the columns of the other row are asked for', async () => {
    await aHead();
    const table = [
      ['Факс', 'по нему никто не отвечает'],
      ['Наш код', 'Звонить сюда'],
      [ogrn, '+7 495 2'],
    ];
    const upload = await desk.upload(head, 'organisation', await xlsxOfRows({ name: 'Организация', rows: table }));
    expect(chosen((await head.get(`${pathOf(upload)}/mapping`)).body, 'top-0')).toContain('value="1"');
    // The field of the data came filled for the guessed row: left as it is, it means nothing.
    const moved = await map(upload, { 'top-0': '2', 'data-0': '2', 'heading-0': 'phone' });
    expect(moved.state).toBe('needs_mapping');
    expect(moved.details.open!.map(({ path }) => path.join())).toEqual(['Наш код', 'Звонить сюда']);
    const read = await map(moved, { 'heading-0': 'ogrn', 'heading-1': 'phone' });
    expect(changes(read)).toEqual(['Телефон: +7 495 2']);
    const saved = await desk.context.db
      .selectFrom('upload_mapping')
      .select(['heading', 'column_key'])
      .where('organisation_id', '=', head.organisationId)
      .orderBy('heading')
      .execute();
    expect(saved.map(({ column_key }) => column_key)).toEqual(['phone', 'ogrn']);
  });
});

describe('no known heading', () => {
  const table = () => [
    ['Выгрузка из программы', null],
    ['2026', null],
    ['Код', 'Звонить', 'Код'],
    ['государственный', 'для жителей', 'внутренний'],
    [ogrn, '+7 495 3', '17'],
  ];

  test('the clerk says where the headings stand, then what the columns are; the next file is read by itself', async () => {
    await aHead();
    const file = async () => xlsxOfRows({ name: 'Организация', rows: table() });
    const upload = await desk.upload(head, 'organisation', await file());
    expect(upload.state).toBe('needs_mapping');
    expect((await head.get(pathOf(upload))).body).toContain('не нашли строку с заголовками');
    const page = (await head.get(`${pathOf(upload)}/mapping`)).body;
    expect(page).toContain('Строка 3: Код · Звонить · Код');
    expect(selectOf(page, 'top-0')).not.toMatch(/Строка 5|Не читать/);

    const nowhere = await answer(upload, { 'top-0': '', 'data-0': '' });
    expect(nowhere.statusCode).toBe(422);
    expect(nowhere.body).toContain('Выберите строку, в которой стоят заголовки');
    for (const row of ['5', '99', 'x', '-'])
      expect((await answer(upload, { 'top-0': row, 'data-0': '' })).statusCode).toBe(422);
    const above = await answer(upload, { 'top-0': '3', 'data-0': '2' });
    expect(above.statusCode).toBe(422);
    expect(above.body).toContain('Выберите строку ниже заголовков');

    const found = await map(upload, { 'top-0': '3', 'data-0': '5' });
    expect(found.details.open!.map(({ path }) => path.join(' / '))).toEqual([
      'Код / государственный',
      'Звонить / для жителей',
      'Код / внутренний',
    ]);
    expect((await head.get(`${pathOf(found)}/mapping`)).body).not.toContain('name="top-0"');
    const read = await map(found, { 'heading-0': 'ogrn', 'heading-1': 'phone', 'heading-2': '-' });
    expect(read).toMatchObject({ state: 'checked', rowsTotal: 1, documents: { changed: 1 } });
    expect(changes(read)).toEqual(['Телефон: +7 495 3']);
    const applied = await desk.apply(head, read);
    const rows = Object.values((await desk.answer(head, applied)).Организация!);
    expect(rows.map((cells) => cells.at(-1))).toEqual([
      'Выгрузка из программы',
      '2026',
      'Код',
      'Статус обработки',
      'Загружено: данные изменены',
    ]);
    expect((await desk.upload(head, 'organisation', await file())).documents).toMatchObject({ same: 1 });
  });

  test('the same in a .csv', async () => {
    await aHead();
    const rows = [
      ['код', 'звонить'],
      [ogrn, '+7 495 4'],
    ];
    const upload = await desk.upload(head, 'organisation', csvOfRows(rows), 'карточка.csv');
    const found = await map(upload, { 'top-0': '1', 'data-0': '' });
    const read = await map(found, { 'heading-0': 'ogrn', 'heading-1': 'phone' });
    expect(changes(read)).toEqual(['Телефон: +7 495 4']);
  });

  test('nothing chosen, or a required column left out, ends in a plain sentence', async () => {
    await aHead();
    const upload = await desk.upload(head, 'organisation', await xlsxOfRows({ name: 'Организация', rows: table() }));
    const found = await map(upload, { 'top-0': '3', 'data-0': '5' });
    const none = await map(found, { 'heading-0': '-', 'heading-1': '-', 'heading-2': '-' });
    expect(none).toMatchObject({
      state: 'refused',
      problem: expect.stringContaining('«ОГРН/ОГРНИП» на листе «Организация»'),
    });
  });

  test('headings under the same words cannot mean two things', async () => {
    await aHead();
    const rows = [
      ['код', 'код'],
      [ogrn, '1'],
    ];
    const upload = await desk.upload(head, 'organisation', await xlsxOfRows({ name: 'Организация', rows }));
    const found = await map(upload, { 'top-0': '1', 'data-0': '' });
    const twice = await answer(found, { 'heading-0': 'ogrn', 'heading-1': '-' });
    expect(twice.statusCode).toBe(422);
    expect(twice.body).toContain('Есть столбец с таким же заголовком');
  });
});

test('a sheet that is not needed may be left out; the others keep their answers', async () => {
  await aHead();
  const file = await xlsxOfRows(
    {
      name: 'Организация',
      rows: [
        ['ОГРН', 'Телефон'],
        [ogrn, '5'],
      ],
    },
    { name: 'Банковские реквизиты', rows: [['спросите'], ['у бухгалтера']] },
  );
  const upload = await desk.upload(head, 'organisation', file);
  expect(selectOf((await head.get(`${pathOf(upload)}/mapping`)).body, 'top-0')).toContain('Не читать этот лист');
  const read = await map(upload, { 'top-0': '-', 'data-0': '' });
  expect(read).toMatchObject({ state: 'checked', documents: { changed: 1 } });
  expect(read.details.sheets!.map(({ name }) => name)).toEqual(['Организация']);
  expect((await desk.apply(head, read)).state).toBe('applied');
});

test('a mandatory sheet of bills without known headings is asked for, never left out', async () => {
  await aHead();
  const rows = [
    ['плательщик', 'бумага', 'когда'],
    ['77АВ000001', '1', '10.2026'],
  ];
  const upload = await desk.upload(head, 'bills', await xlsxOfRows({ name: 'Разделы 1-2', rows }));
  expect(upload.state).toBe('needs_mapping');
  expect((await answer(upload, { 'top-0': '-', 'data-0': '' })).statusCode).toBe(422);
  const found = await map(upload, { 'top-0': '1', 'data-0': '' });
  const read = await map(found, { 'heading-0': 'serviceId', 'heading-1': 'document', 'heading-2': 'period' });
  expect(read).toMatchObject({ state: 'checked', documents: { bad: 1 } });
});
