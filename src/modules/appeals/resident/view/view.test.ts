import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ANSWER,
  type BuiltAppeal,
  buildAppeal,
  buildDesk,
  buildJoiner,
  createAppealContext,
  receivePdf,
} from '../../../../../tests/support/appeals.ts';
import type { TestContext } from '../../../../../tests/support/context.ts';
import { buildEmployee, buildHouse, buildPerson, signIn } from '../../../../../tests/support/rows.ts';
import { createApp } from '../../../../app.ts';
import { receiveAttachment } from '../../../../platform/attachments/index.ts';
import { judgeFile } from '../../../../platform/attachments/judge-file.ts';
import { jpeg } from '../../../../platform/attachments/test-files.ts';
import { newId } from '../../../../platform/ids.ts';
import { attachToAnswer, redirectAppeal, saveAnswer, sendAnswer, waiveAnswer } from '../../index.ts';
import { appealPath } from '../../paths.ts';

type Desk = Awaited<ReturnType<typeof buildDesk>>;

let context: TestContext;
let app: FastifyInstance;
let desk: Desk;
let inspectorate: Desk;

beforeAll(async () => {
  context = await createAppealContext();
  app = await createApp(context, { assetsFolder: 'src/ui' });
  desk = await buildDesk(context, '1', { short_name: 'ООО «Дубравушка»', full_name: 'ООО «Дубравушка»' });
  inspectorate = await buildDesk(context, '4', { short_name: 'Мосжилинспекция', full_name: 'Мосжилинспекция' });
});
afterAll(() => app.close());

const START = new Date('2026-11-10T09:00:00Z');
/** Days after the sending; a session of the first day is over by then. */
const later = (days: number, { authorId }: BuiltAppeal) => {
  context.now = new Date(START.getTime() + days * 86_400_000);
  return signIn(context, app, authorId);
};

/** Anna's appeal to the desk, with her browser. */
async function annasAppeal(given: Parameters<typeof buildAppeal>[1] = {}) {
  context.now = START;
  const authorId = await buildPerson(context);
  const appeal = await buildAppeal(context, { authorId, addressee: desk, ...given });
  return { appeal, path: appealPath(appeal), browser: await signIn(context, app, authorId) };
}

async function answer(appeal: BuiltAppeal, given: { text?: string; interim?: boolean; number?: string } = {}) {
  const part = { houseId: appeal.houseId, appealId: appeal.appealId, partId: appeal.partId };
  const draft = {
    number: '15-А',
    outcome: 'refused' as const,
    performerPost: 'Главный инженер',
    text: 'Двор убран.',
    interim: false,
  };
  const { answerId } = await saveAnswer(context, desk.clerk, { ...part, ...draft, ...given });
  await sendAnswer(context, desk.clerk, { ...part, answerId, key: newId() });
}

const STEPS = ['withdraw', 'reopen', 'escalate'] as const;

describe('whose an appeal is', () => {
  it('sends who has not signed in away from all its pages', async () => {
    const { path } = await annasAppeal();
    for (const one of ['', '/appeal.pdf', `/files/${newId()}`, ...STEPS.map((step) => `/${step}`)])
      expect([303, 401]).toContain((await app.inject(path + one)).statusCode);
  });

  it.each(['', '?tab=changes', '/appeal.pdf', '/withdraw', '/reopen', '/escalate'])(
    'is not found for another resident: %s',
    async (page) => {
      const { path, appeal } = await annasAppeal();
      const stranger = await signIn(context, app, await buildPerson(context));
      expect((await stranger.get(path + page)).statusCode).toBe(404);
      // Another house with the same appeal, and what is no id.
      const other = `/appeals/${await buildHouse(context)}/${appeal.appealId}`;
      expect((await stranger.get(other + page)).statusCode).toBe(404);
      expect((await stranger.get(`/appeals/x/y${page}`)).statusCode).toBe(404);
    },
  );

  it('is refused to who acts for an organisation: its desk has pages of its own', async () => {
    const { path } = await annasAppeal();
    const clerk = await buildEmployee(context, desk.organisationId);
    const browser = await signIn(context, app, clerk, desk.organisationId);
    expect((await browser.get(path)).statusCode).toBe(403);
  });

  it('lets no other resident do anything with it', async () => {
    const { path } = await annasAppeal();
    const stranger = await signIn(context, app, await buildPerson(context));
    for (const step of [...STEPS, 'assess', 'fixed'])
      expect(
        (await stranger.post(`${path}/${step}`, { assessment: 'full', fixed: 'yes', comment: 'я' }, '/appeals'))
          .statusCode,
      ).toBe(404);
  });

  it('shows a neighbour who joined the matter and its answer, not who wrote it', async () => {
    const { appeal, path } = await annasAppeal({ flat: '4711', text: 'Подъезд не моют.' });
    const neighbour = await signIn(context, app, await buildJoiner(context, appeal));
    await answer(appeal, { text: 'Вымыли вчера.' });
    for (const page of ['', '?tab=changes']) {
      const { body, statusCode } = await neighbour.get(path + page);
      expect(statusCode).toBe(200);
      expect(body).toContain('Подъезд не моют.');
      expect(body).toContain('Вымыли вчера.');
      for (const secret of ['anna@example.test', '4711', 'Петрова</dd>', 'Отозвать обращение', 'assess', 'boris2'])
        expect(body).not.toContain(secret);
    }
    expect((await neighbour.post(`${path}/assess`, { assessment: 'full' }, '/appeals')).statusCode).toBe(404);
    expect((await neighbour.get(`${path}/withdraw`)).statusCode).toBe(404);
    expect((await neighbour.get('/appeals')).body).toContain('к которому вы присоединились');
  });
});

describe('what the page says', () => {
  it('begins with who answers by when, and names the act', async () => {
    const { path, browser, appeal } = await annasAppeal();
    const { body } = await browser.get(path);
    expect(body).toContain(`Обращение № ${appeal.number}`);
    expect(body).toMatch(/ООО «Дубравушка»: должны ответить до \d+\u00a0\S+ 2026\u00a0г\., осталось \d+\u00a0д/);
    expect(body).toMatch(/постановлени|Правил|п\. \d/i);
    expect(body).toContain('Нет прикрепленных файлов');
    expect(body).toContain('Информация не указана');
    expect(body).toContain('Ответа пока нет');
    expect(body).not.toContain('59-ФЗ от');
    expect(body).not.toContain('Оцените ответ');
  });

  it('calls only an appeal to a body of power an official one under 59-ФЗ', async () => {
    const { path, browser } = await annasAppeal({ addressee: inspectorate });
    expect((await browser.get(path)).body).toContain('является официальным обращением');
    const other = await annasAppeal();
    expect((await other.browser.get(other.path)).body).not.toContain('является официальным обращением');
  });

  it('says that the term has passed by a word, and offers the complaint', async () => {
    const { path, appeal } = await annasAppeal();
    const browser = await later(60, appeal);
    const { body } = await browser.get(path);
    expect(body).toContain('Просрочено');
    expect(body).toContain('Пожаловаться в жилищную инспекцию');
    expect(body).toMatch(/должны были ответить до .*просрочено на \d+\u00a0д/);
  });

  it('shows an answer with its performer, its letter and its files', async () => {
    const { path, browser, appeal } = await annasAppeal();
    await answer(appeal);
    const { body } = await browser.get(path);
    for (const words of [
      'Ответ получен',
      'Отказано',
      'Двор убран.',
      'Главный инженер',
      'отправляется на anna@example.test',
    ])
      expect(body).toContain(words);
  });

  it('says what the mail server said when it refused the letter', async () => {
    const { path, browser, appeal } = await annasAppeal();
    await answer(appeal);
    await context.db
      .updateTable('mail_message')
      .set({ refused_at: context.now, refusal: '550 No such <user>' })
      .where('recipient', '=', 'anna@example.test')
      .execute();
    const { body } = await browser.get(path);
    expect(body).toContain('Письмо на anna@example.test не дошло');
    expect(body).toContain('550 No such &lt;user>');
  });

  it('keeps a row for each addressee when it was passed on', async () => {
    const { path, browser, appeal } = await annasAppeal();
    const part = { houseId: appeal.houseId, appealId: appeal.appealId, partId: appeal.partId };
    const to = [{ organisationId: inspectorate.organisationId, powerCode: '4' }];
    await redirectAppeal(context, desk.clerk, { ...part, to, comment: 'Не наш двор', files: [], key: newId() });
    const { body } = await browser.get(`${path}?tab=changes`);
    expect(body).toContain('Перенаправлено');
    expect(body.match(/<tr>/g)!.length).toBeGreaterThanOrEqual(3);
    expect(body).toContain('Не наш двор');
    expect(body).toContain('Обращение перенаправлено');
  });

  it('says why there will be no answer', async () => {
    const { path, browser, appeal } = await annasAppeal();
    const part = { houseId: appeal.houseId, appealId: appeal.appealId, partId: appeal.partId };
    await waiveAnswer(context, desk.clerk, { ...part, cause: 'duplicate', comment: 'См. № 1', key: newId() });
    const { body } = await browser.get(path);
    expect(body).toContain('Ответа не будет');
    expect(body).toContain('уже рассматривается');
  });

  it('shows every naughty text as text', async () => {
    const text = `<script>alert(1)</script>\n"'&\u202eabc ${'ж'.repeat(5000)}`;
    const { path, browser } = await annasAppeal({ text });
    const { body } = await browser.get(path);
    expect(body).not.toContain('<script>alert');
    expect(body).toContain('&lt;script>alert(1)&lt;/script>');
  });

  it('takes the mark of the unread down, for the one who looked alone', async () => {
    const { path, browser, appeal } = await annasAppeal();
    const neighbour = await signIn(context, app, await buildJoiner(context, appeal));
    await answer(appeal);
    expect((await browser.get('/appeals')).body).toContain('новое');
    await browser.get(path);
    expect((await browser.get('/appeals')).body).not.toContain('новое');
    expect((await neighbour.get('/appeals')).body).toContain('новое');
  });
});

describe('what the author does', () => {
  it('assesses: an empty form comes back with its error, then the choice is kept', async () => {
    const { path, browser, appeal } = await annasAppeal();
    await answer(appeal);
    const empty = await browser.post(`${path}/assess`, { comment: 'Где <дворник>?' }, path);
    expect(empty.statusCode).toBe(422);
    expect(empty.body).toContain('Выберите оценку');
    expect(empty.body).toContain('Где &lt;дворник>?');
    const done = await browser.post(`${path}/assess`, { assessment: 'none', comment: 'Не убрано' }, path);
    expect(done.headers.location).toBe(`${path}?done=assessed`);
    const { body } = await browser.get(`${path}?done=assessed`);
    expect(body).toContain('Спасибо, оценка сохранена');
    expect(body).toMatch(/value="none"[^>]*checked|checked[^>]*value="none"/);
    expect(body).toContain('Вернуть обращение в работу');
    expect(body).toContain('Пожаловаться в жилищную инспекцию');
  });

  it('withdraws after one more question, and only once', async () => {
    const { path, browser } = await annasAppeal();
    expect((await browser.get(`${path}/withdraw`)).body).toContain('отменить отзыв нельзя');
    const long = await browser.post(`${path}/withdraw`, { comment: 'ж'.repeat(1001) });
    expect(long.statusCode).toBe(422);
    expect(long.body).toContain('Не больше 1000 знаков');
    expect((await browser.post(`${path}/withdraw`, { comment: 'Сами починили' })).statusCode).toBe(303);
    const { body } = await browser.get(`${path}?done=withdrawn`);
    expect(body).toContain('Отозвано');
    expect(body).toContain('Сами починили');
    expect((await browser.get(`${path}/withdraw`)).statusCode).toBe(409);
    expect((await browser.post(`${path}/withdraw`, {}, path)).statusCode).toBe(409);
  });

  it('sends it back to work with a reason', async () => {
    const { path, browser, appeal } = await annasAppeal();
    await answer(appeal);
    expect((await browser.get(`${path}/reopen`)).statusCode).toBe(409);
    await browser.post(`${path}/assess`, { assessment: 'partial', comment: '' }, path);
    const key = newId();
    const empty = await browser.post(`${path}/reopen`, { comment: '  ', _key: key });
    expect(empty.statusCode).toBe(422);
    expect(empty.body).toContain('Напишите, с чем вы не согласны');
    expect((await browser.post(`${path}/reopen`, { comment: 'Убрана половина', _key: key })).statusCode).toBe(303);
    const { body } = await browser.get(`${path}?done=reopened`);
    expect(body).toContain('снова в работе');
    expect(body).not.toContain('Ответ вас не устроил');
    expect(body).toContain(`href="${path}/escalate"`);
  });

  it('complains to the body above: linked both ways, and not twice', async () => {
    const { path, browser: early, appeal } = await annasAppeal();
    expect((await early.get(`${path}/escalate`)).statusCode).toBe(409);
    const browser = await later(60, appeal);
    const asked = await browser.get(`${path}/escalate`);
    expect(asked.body).toContain('Пожаловаться в жилищную инспекцию?');
    const key = /name="_key" value="([^"]+)"/.exec(asked.body)![1]!;
    const made = await browser.post(`${path}/escalate`, { _key: key }, `${path}/escalate`);
    const told = made.headers.location as string;
    expect(told).toMatch(/^\/appeals\/.*\?done=escalated$/);
    expect((await browser.get(told)).body).toContain('Жалоба отправлена');
    expect((await browser.post(`${path}/escalate`, { _key: key }, path)).headers.location).toBe(told);
    const child = told.replace(/\?.*/, '');
    expect((await browser.get(path)).body).toContain(`href="${child}"`);
    const { body } = await browser.get(child);
    expect(body).toContain(`href="${path}"`);
    expect(body).toContain('Жалоба на то, как рассмотрели обращение');
    expect((await browser.get(`${path}/escalate`)).statusCode).toBe(409);
  });

  it('reads of several answers the one given last, whoever began to write first', async () => {
    const { path, browser, appeal } = await annasAppeal();
    const part = { houseId: appeal.houseId, appealId: appeal.appealId, partId: appeal.partId };
    const [slow, quick] = [await buildDesk(context, '1'), await buildDesk(context, '2')];
    const wish = { to: [slow, quick], comment: 'Вам', files: [], key: newId<never>() };
    const { partIds } = await redirectAppeal(context, desk.clerk, { ...part, ...wish });
    const write = (one: Desk, index: number, outcome: 'satisfied' | 'refused') =>
      saveAnswer(context, one.clerk, { ...part, partId: partIds[index]!, ...ANSWER, outcome: outcome as 'satisfied' });
    const first = await write(slow, 0, 'satisfied');
    const second = await write(quick, 1, 'refused');
    await sendAnswer(context, quick.clerk, { ...part, partId: partIds[1]!, ...second, key: newId() });
    context.now = new Date(START.getTime() + 60_000);
    await sendAnswer(context, slow.clerk, { ...part, partId: partIds[0]!, ...first, key: newId() });
    expect((await browser.get(path)).body).toMatch(/Ответ получен 10.ноября 2026.г\.: удовлетворено/);
  });

  it('gets back the original of a photo of an answer neither beside the answer nor in the complaint', async () => {
    const { path, browser, appeal } = await annasAppeal();
    const part = { houseId: appeal.houseId, appealId: appeal.appealId, partId: appeal.partId };
    const { answerId } = await saveAnswer(context, desk.clerk, { ...part, ...ANSWER });
    const original = await jpeg();
    const photo = await receiveAttachment(context, Readable.from([original]), { name: 'двор.jpg', field: 'file' });
    await attachToAnswer(context, desk.clerk, { ...part, answerId, file: photo });
    await sendAnswer(context, desk.clerk, { ...part, answerId, key: newId() });
    await judgeFile.run(context, { fileId: photo.fileId }, context.log);
    await browser.post(`${path}/assess`, { assessment: 'none', comment: '' }, path);
    const told = (await browser.post(`${path}/escalate`, { _key: newId() }, `${path}/escalate`)).headers.location;
    for (const of of [path, (told as string).replace(/\?.*/, '')]) {
      const file = await browser.get(`${of}/files/${photo.fileId}?download=1`);
      expect(file.statusCode).toBe(200);
      expect(file.rawPayload.equals(original)).toBe(false);
    }
  });

  it('answers whether it is fixed, when asked', async () => {
    const { path, browser, appeal } = await annasAppeal();
    await answer(appeal);
    expect((await browser.post(`${path}/fixed`, { fixed: 'yes' }, path)).statusCode).toBe(409);
    await context.db
      .updateTable('appeal')
      .set({ fixed_asked_at: context.now })
      .where('house_id', '=', appeal.houseId)
      .execute();
    expect((await browser.get(path)).body).toContain('Исправлено ли на самом деле?');
    expect((await browser.post(`${path}/fixed`, { fixed: 'maybe' }, path)).statusCode).toBe(422);
    expect((await browser.post(`${path}/fixed`, { fixed: 'no' }, path)).statusCode).toBe(303);
    expect((await browser.get(path)).body).toContain('Вы ответили: не исправлено');
  });
});

describe('files and the document', () => {
  it('gives the author the file, and nobody a file of another appeal', async () => {
    const file = await receivePdf(context, 'акт "осмотра" ёлки.pdf');
    const { path, browser, appeal } = await annasAppeal({ files: [file] });
    expect((await browser.get(path)).body).toContain('акт _осмотра_ ёлки.pdf');
    const at = `/files/${file.fileId}`;
    expect((await browser.get(path + at)).statusCode).toBe(409);
    await context.db.updateTable('stored_file').set({ verdict: 'unscanned', judged_at: context.now }).execute();
    const sent = await browser.get(`${path}${at}?download=1`);
    expect(sent.statusCode).toBe(200);
    expect(sent.headers['content-disposition']).toMatch(/^attachment/);
    const other = await annasAppeal();
    expect((await browser.get(`${other.path}${at}`)).statusCode).toBe(404);
    expect((await other.browser.get(`${other.path}${at}`)).statusCode).toBe(404);
    expect((await other.browser.get(path + at)).statusCode).toBe(404);
    const neighbour = await signIn(context, app, await buildJoiner(context, appeal));
    expect((await neighbour.get(path + at)).statusCode).toBe(200);
  });

  it('is a PDF with everything in it, whatever was typed', async () => {
    const file = await receivePdf(context);
    const text = `Тест 😀👨‍👩‍👧 שלום\u202e\u0000 ${'ж'.repeat(4000)}\n${'слово '.repeat(900)}`
      .slice(0, 10_000)
      .replaceAll('\u0000', '');
    const { path, browser, appeal } = await annasAppeal({ text, files: [file] });
    await answer(appeal);
    const pdf = await browser.get(`${path}/appeal.pdf`);
    expect(pdf.statusCode).toBe(200);
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect(pdf.headers['content-disposition']).toContain(`appeal-${appeal.number}.pdf`);
    expect(pdf.rawPayload.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.rawPayload.toString('latin1')).toContain('%%EOF');
  });
});
