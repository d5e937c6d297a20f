import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { BANK, CARD } from './layouts/organisation.ts';
import { type Clerk, Desk } from './test-desk.ts';
import { csvOf, type Filled, odsOf, xlsxOf } from './test-workbooks.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});

const cardOf = async (organisationId: string) =>
  (
    await sql<Record<string, string>>`select * from organisation where organisation_id = ${organisationId}`.execute(
      desk.context.db,
    )
  ).rows[0]!;
const ogrnOf = async ({ organisationId }: Clerk) => (await cardOf(organisationId)).ogrn!;
const ACCOUNT = { bik: '044525225', bankAccount: '40702810438000060473' };

describe('a clerk', () => {
  const HEADS_ONLY = 'меняет только её руководитель';

  test('is refused by the page and by the address, with a sentence that names who may', async () => {
    const clerk = await desk.clerk();
    const page = await clerk.get('/work/uploads/new?kind=organisation');
    expect(page.statusCode).toBe(403);
    expect(page.body).toContain(HEADS_ONLY);
    expect((await clerk.get('/work/uploads')).body).not.toContain('kind=organisation');
    // The form of another kind gives a token: the kind in it is the clerk's to forge.
    const other = await clerk.get('/work/uploads/new?kind=bills');
    const form = new FormData();
    form.append('kind', 'organisation');
    form.append('_token', /name="_token" value="([^"]+)"/.exec(other.body)![1]!);
    form.append(
      'file',
      new Blob([new Uint8Array(await xlsxOf([CARD, [{ ogrn: await ogrnOf(clerk), phone: '1' }]]))]),
      'карточка.xlsx',
    );
    const encoded = new Response(form);
    const answer = await desk.app.inject({
      method: 'POST',
      url: '/work/uploads',
      cookies: clerk.cookies,
      headers: { 'content-type': encoded.headers.get('content-type')! },
      payload: Buffer.from(await encoded.arrayBuffer()),
    });
    expect(answer.statusCode).toBe(403);
    expect(answer.body).toContain(HEADS_ONLY);
    const uploads = await desk.context.db
      .selectFrom('upload')
      .select('upload_id')
      .where('organisation_id', '=', clerk.organisationId)
      .execute();
    expect(uploads).toEqual([]);
  });

  test('sees what the head uploaded and neither maps, loads nor cancels it', async () => {
    const head = await desk.head();
    const clerk = await desk.clerk(['1'], head.organisationId);
    const upload = await desk.upload(
      head,
      'organisation',
      await xlsxOf([CARD, [{ ogrn: await ogrnOf(head), phone: '1' }]], [BANK, [ACCOUNT]]),
    );
    const path = `/work/uploads/${upload.uploadId}`;
    const page = await clerk.get(path);
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Решение за руководителем');
    expect(page.body).not.toContain(`${path}/apply`);
    expect((await clerk.get(`${path}/mapping`)).statusCode).toBe(403);
    for (const action of ['apply', 'cancel', 'mapping'])
      expect(
        (await clerk.post(`${path}/${action}`, { policy: 'good_ones' }, '/work/uploads/new?kind=bills')).statusCode,
      ).toBe(403);
    await desk.runQueue();
    expect((await desk.read(head, upload.uploadId)).state).toBe('checked');
    const { rows } = await sql`select 1 from requisite where organisation_id = ${head.organisationId}`.execute(
      desk.context.db,
    );
    expect(rows).toEqual([]);
    await desk.apply(head, upload);
    expect((await cardOf(head.organisationId)).phone).toBe('1');
  });
});

const FORMATS = [
  { format: 'xlsx', make: (...filled: Filled) => xlsxOf(...filled), answers: 'xlsx', bank: true },
  { format: 'ods', make: (...filled: Filled) => odsOf(...filled), answers: 'xlsx', bank: true },
  // A .csv is one sheet: the card.
  { format: 'csv', make: async (card: Filled[number]) => csvOf(card), answers: 'csv', bank: false },
];

describe.each(FORMATS)("the head's own file ($format) comes back", ({ format, make, answers, bank }) => {
  /** The rows of an answer with what stands in the last column. */
  const statuses = async (head: Clerk, upload: Parameters<Desk['answer']>[1]) =>
    Object.entries(await desk.answer(head, upload)).map(([, rows]) =>
      Object.values(rows)
        .slice(1)
        .map((cells) => cells.at(-1)),
    );

  test('with what will become of each row, then with what did; loaded again it changes nothing', async () => {
    const head = await desk.head();
    const card = { ogrn: await ogrnOf(head), phone: '+7 495 123-45-67', receptionHours: 'Пн; ср 9–18' };
    const file = await make([CARD, [card]], [BANK, [ACCOUNT]]);
    const upload = await desk.upload(head, 'organisation', file, `карточка.${format}`);
    expect(await desk.notes(upload)).toEqual([]);
    expect(upload.documents).toMatchObject({ changed: 1, bad: 0 });
    expect(upload.resultName).toBe(`карточка — ответ.${answers}`);
    expect(await statuses(head, upload)).toEqual(
      bank ? [['Будет изменено'], ['Будет изменено']] : [['Будет изменено']],
    );
    const applied = await desk.apply(head, upload);
    const done = 'Загружено: данные изменены';
    expect(await statuses(head, applied)).toEqual(bank ? [[done], [done]] : [[done]]);
    const [sheet] = Object.values(await desk.answer(head, applied));
    expect(sheet![1]).toEqual([...(sheet![1] as string[]).slice(0, -1), 'Статус обработки']);
    expect(sheet![2]).toEqual([card.ogrn, card.phone, card.receptionHours, done]);
    expect(await cardOf(head.organisationId)).toMatchObject({
      phone: card.phone,
      reception_hours: card.receptionHours,
    });
    const answered = await readFile(await desk.answerPath(head, applied));
    const again = await desk.upload(head, 'organisation', answered, `ответ.${answers}`);
    expect(again.documents).toMatchObject({ same: 1, changed: 0, bad: 0 });
    expect(await statuses(head, again)).toEqual(bank ? [['Без изменений'], ['Без изменений']] : [['Без изменений']]);
  });

  test('with what to mend beside each bad row, and nothing of it is loaded', async () => {
    const head = await desk.head();
    const { ogrn, inn } = await cardOf(head.organisationId);
    const file = await make(
      [
        CARD,
        [
          { ogrn: '1027700132195', inn: inn!, phone: '1' },
          { ogrn: ogrn!, inn: '12', phone: '2' },
        ],
      ],
      [BANK, [{ ...ACCOUNT, bankAccount: '40702810438000060474' }, { ...ACCOUNT, bik: '' }, ACCOUNT]],
    );
    const upload = await desk.upload(head, 'organisation', file, `карточка.${format}`);
    expect(upload.documents).toMatchObject({ bad: 1, changed: 0 });
    const [card, accounts] = await statuses(head, upload);
    expect(card).toEqual([
      `Ошибка: столбец A «ОГРН/ОГРНИП»: загрузить можно только карточку своей организации: ОГРН ${ogrn}`,
      'Ошибка: столбец B «ИНН»: укажите 10 или 12 цифр (сейчас «12»); оставьте одну строку: карточка у организации одна',
    ]);
    if (bank)
      expect(accounts).toEqual([
        'Ошибка: столбец B «Расчётный счёт»: контрольная цифра счёта не сходится с БИК: проверьте оба номера',
        'Ошибка: столбец A «БИК банка»: заполните ячейку',
        'Не загружено: ошибка в другой строке этой же записи',
      ]);
    const path = `/work/uploads/${upload.uploadId}`;
    expect((await head.post(`${path}/apply`, { policy: 'good_ones' }, path)).statusCode).toBe(409);
    expect((await cardOf(head.organisationId)).phone).toBeNull();
    const { rows } = await sql`select 1 from requisite where organisation_id = ${head.organisationId}`.execute(
      desk.context.db,
    );
    expect(rows).toEqual([]);
  });
});

describe("the organisation's own card", () => {
  test("another's card, a wrong account key", async () => {
    const clerk = await desk.head();
    const own = await cardOf(clerk.organisationId);
    const upload = await desk.upload(
      clerk,
      'organisation',
      await xlsxOf(
        [CARD, [{ ogrn: '1027700132195', phone: '1' }]],
        [BANK, [{ bik: '044525225', bankAccount: '40702810438000060474' }]],
      ),
    );
    expect((await desk.notes(upload)).map(({ message }) => message)).toEqual([
      `загрузить можно только карточку своей организации: ОГРН ${own.ogrn}`,
      expect.stringContaining('контрольная цифра счёта не сходится с БИК'),
    ]);
  });

  test('changes contacts and adds an account; the same file again changes nothing', async () => {
    const clerk = await desk.head();
    const { ogrn, full_name } = await cardOf(clerk.organisationId);
    const file = await xlsxOf(
      [CARD, [{ ogrn: ogrn!, phone: '+7 495 123-45-67', dispatcherPhone: '', site: 'dvor.example' }]],
      [BANK, [{ bik: '044525225', bankAccount: '40702810438000060473', bankName: 'ПАО Банк' }]],
    );
    const upload = await desk.upload(clerk, 'organisation', file);
    expect(upload.documents).toMatchObject({ changed: 1 });
    await desk.apply(clerk, upload);
    expect(await cardOf(clerk.organisationId)).toMatchObject({
      phone: '+7 495 123-45-67',
      site: 'dvor.example',
      full_name,
    });
    const { rows } =
      await sql`select bik, bank_account, bank_name from requisite where organisation_id = ${clerk.organisationId}`.execute(
        desk.context.db,
      );
    expect(rows).toEqual([{ bik: '044525225', bank_account: '40702810438000060473', bank_name: 'ПАО Банк' }]);
    const again = await desk.upload(clerk, 'organisation', file);
    expect(again.documents).toMatchObject({ same: 1, changed: 0 });
  });
});
