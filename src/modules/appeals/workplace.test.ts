import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ANSWER,
  buildAppeal,
  buildDesk,
  buildJoiner,
  createAppealContext,
  readWhole,
  receivePdf,
} from '../../../tests/support/appeals.ts';
import type { TestContext } from '../../../tests/support/context.ts';
import { actorOf, buildEmployee, buildHouse, buildPerson, signIn } from '../../../tests/support/rows.ts';
import { createApp } from '../../app.ts';
import type { ReceivedAttachment } from '../../platform/attachments/index.ts';
import { selectAuditEvents } from '../../platform/audit/queries/events.ts';
import { type AnswerId, type FileId, newId } from '../../platform/ids.ts';
import { addDays } from '../../platform/month.ts';
import { formatDate } from '../../ui/index.ts';
import { assignAppeals } from './assign-appeals.ts';
import type { PartKey } from './change-part.ts';
import { openAtDesk, openFileAtDesk } from './open-at-desk.ts';
import { selectTemplates } from './queries/templates.ts';
import { redirectAppeal } from './redirect-appeal.ts';
import { requestInformation } from './request-information.ts';
import { attachToAnswer, saveAnswer } from './save-answer.ts';
import { saveTemplate } from './save-template.ts';
import { sendAnswer } from './send-answer.ts';
import { writeNote } from './write-note.ts';

let context: TestContext;
let app: FastifyInstance;
beforeAll(async () => {
  context = await createAppealContext();
  app = await createApp(context, { assetsFolder: 'tests/support' });
});
afterAll(() => app.close());

type Desk = Awaited<ReturnType<typeof buildDesk>>;
async function answerOf(desk: Desk, part: PartKey, given: Partial<typeof ANSWER>, file?: ReceivedAttachment) {
  const { answerId } = await saveAnswer(context, desk.clerk, { ...part, ...ANSWER, ...given });
  if (file) await attachToAnswer(context, desk.clerk, { ...part, answerId, file });
  await sendAnswer(context, desk.clerk, { ...part, answerId, key: newId() });
  return { answerId };
}
const browserOf = (desk: Desk) => signIn(context, app, desk.clerkId, desk.organisationId);
const pathOf = ({ houseId, appealId }: { houseId: string; appealId: string }) => `/work/appeals/${houseId}/${appealId}`;
const STEPS = ['register', 'assign', 'redirect', 'extend', 'waive', 'execute'];

describe('who may not', () => {
  test('a stranger, a resident and a clerk of another organisation get nothing of an appeal', async () => {
    const desk = await buildDesk(context);
    const appeal = await buildAppeal(context, { addressee: desk, files: [await receivePdf(context)] });
    const { files } = await readWhole(context, appeal);
    const path = pathOf(appeal);
    const paths = ['', ...STEPS.map((step) => `/${step}`), `/files/${files[0]!.fileId}`].map((rest) => path + rest);
    const resident = await signIn(context, app, await buildPerson(context));
    const other = await browserOf(await buildDesk(context));
    for (const url of paths) {
      expect((await app.inject({ url })).headers.location, url).toMatch(/^\/sign-in/);
      expect((await resident.get(url)).statusCode, url).toBe(403);
      expect((await other.get(url)).statusCode, url).toBe(404);
    }
    // Nor may the author work on it, by whatever address.
    const author = await signIn(context, app, appeal.authorId);
    expect((await author.get(path)).statusCode).toBe(403);
  });

  test('another organisation’s clerk neither answers, nor notes, nor takes files away', async () => {
    const desk = await buildDesk(context);
    const appeal = await buildAppeal(context, { addressee: desk });
    const other = await browserOf(await buildDesk(context));
    for (const [rest, fields] of [
      ['answer', { do: 'send', text: 'Чужой ответ', outcome: 'refused', part: appeal.partId }],
      ['answer', { do: 'save', text: 'Чужой ответ', part: appeal.partId }],
      ['notes', { note: 'Чужая заметка', part: appeal.partId }],
      ['answer/files/remove', { part: appeal.partId, answer: newId<AnswerId>(), file: newId<FileId>() }],
      ...STEPS.filter((step) => step !== 'redirect' && step !== 'extend').map(
        (step) => [step, { part: appeal.partId }] as const,
      ),
    ] as const) {
      const answer = await other.post(
        `${pathOf(appeal)}/${rest}`,
        fields as Record<string, string>,
        '/work/appeals/templates/new',
      );
      expect(answer.statusCode, rest).toBe(404);
    }
    const { answers, parts } = await readWhole(context, appeal);
    expect(answers).toEqual([]);
    expect(parts[0]!.state).toBe('received');
  });

  test('a forged form is refused', async () => {
    const desk = await buildDesk(context);
    const appeal = await buildAppeal(context, { addressee: desk });
    const { cookies } = await browserOf(desk);
    const answer = await app.inject({
      method: 'POST',
      url: `${pathOf(appeal)}/answer`,
      cookies,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'do=send&text=x&outcome=refused',
    });
    expect(answer.statusCode).toBe(403);
  });

  test('a house and an appeal that do not belong together are not found', async () => {
    const desk = await buildDesk(context);
    const appeal = await buildAppeal(context, { addressee: desk });
    const wrong = { houseId: await buildHouse(context), appealId: appeal.appealId };
    await expect(openAtDesk(context, desk.clerk, wrong, null)).rejects.toMatchObject({ status: 404 });
    await expect(writeNote(context, desk.clerk, { ...wrong, text: 'Заметка' })).rejects.toMatchObject({ status: 404 });
  });

  test('what a body asks third parties, and what they answer, is not for the organisation complained of', async () => {
    const inspectorate = await buildDesk(context, '4');
    const [asked, third] = [await buildDesk(context), await buildDesk(context, '2')];
    const appeal = await buildAppeal(context, { addressee: inspectorate });
    const dueOn = '2026-11-20' as never;
    const ask = (organisationId: Desk['organisationId'], text: string) =>
      requestInformation(context, inspectorate.clerk, { ...appeal, organisationId, text, dueOn, key: newId() });
    await ask(asked.organisationId, 'Пришлите акт осмотра');
    const { partId } = await ask(third.organisationId, 'Пришлите тайный расчёт');
    const key = { houseId: appeal.houseId, appealId: appeal.appealId, partId };
    const draft = { number: '', outcome: null, performerPost: '', text: 'Тайные сведения', interim: false };
    const { answerId } = await saveAnswer(context, third.clerk, { ...key, ...draft });
    const { fileId } = await attachToAnswer(context, third.clerk, {
      ...key,
      answerId,
      file: await receivePdf(context),
    });
    await sendAnswer(context, third.clerk, { ...key, answerId, key: newId() });

    const page = await (await browserOf(asked)).get(pathOf(appeal));
    expect(page.body).toContain('Пришлите акт осмотра');
    for (const secret of ['тайный расчёт', 'Тайные сведения']) expect(page.body).not.toContain(secret);
    await expect(openFileAtDesk(context, asked.clerk, { ...appeal, fileId, as: 'download' })).rejects.toMatchObject({
      status: 404,
    });
    const own = await (await browserOf(third)).get(pathOf(appeal));
    expect(own.body).toContain('Тайные сведения');
    const asker = await (await browserOf(inspectorate)).get(pathOf(appeal));
    expect(asker.body).toContain('Тайные сведения');
  });

  test('who is only asked for information reads what it is about, not how to reach the author nor what others say', async () => {
    const inspectorate = await buildDesk(context, '4');
    const asked = await buildDesk(context, '2');
    const parentDesk = await buildDesk(context);
    const first = await buildAppeal(context, { addressee: parentDesk, text: 'Прежние слова' });
    const appeal = await buildAppeal(context, {
      addressee: inspectorate,
      houseId: first.houseId,
      files: [await receivePdf(context)],
    });
    await buildJoiner(context, appeal);
    await context.db
      .updateTable('appeal')
      .set({ parent_id: first.appealId, relation: 'continuation', phone: '+79160000001' })
      .where('appeal_id', '=', appeal.appealId)
      .execute();
    const key = { houseId: appeal.houseId, appealId: appeal.appealId, partId: appeal.partId };
    await answerOf(inspectorate, key, { interim: true });
    const wish = { organisationId: asked.organisationId, text: 'Пришлите акт', dueOn: '2026-11-20' as never };
    await requestInformation(context, inspectorate.clerk, { ...key, ...wish, key: newId() });
    const { whole, parent } = await openAtDesk(context, asked.clerk, appeal, null);
    expect(whole.appeal).toMatchObject({ text: 'Двор не убирали две недели.', phone: '', email: '', answerEmail: '' });
    expect([whole.answers, whole.joiners, parent]).toEqual([[], [], null]);
    expect(whole.events.map(({ kind }) => kind)).toEqual(['sent']);
    expect(whole.files).toHaveLength(1);
    const page = await (await browserOf(asked)).get(pathOf(appeal));
    for (const secret of ['anna@example.test', '79160000001', '000-00-01', 'Прежние слова', ANSWER.text])
      expect(page.body).not.toContain(secret);
  });

  test('an inspectorate that is asked by another answers on its own desk, and reads what it is about alone', async () => {
    const asker = await buildDesk(context, '4');
    const asked = await buildDesk(context, '4', { short_name: 'Инспекция соседей' });
    const appeal = await buildAppeal(context, { addressee: asker });
    const wish = {
      organisationId: asked.organisationId,
      text: 'Пришлите материалы проверки',
      dueOn: '2026-11-20' as never,
    };
    const { partId } = await requestInformation(context, asker.clerk, { ...appeal, ...wish, key: newId() });
    const browser = await browserOf(asked);
    const page = await browser.get(pathOf(appeal));
    expect(page.statusCode).toBe(200);
    for (const words of ['Пришлите материалы проверки', 'Запрос', 'Двор не убирали'])
      expect(page.body).toContain(words);
    for (const secret of ['anna@example.test', 'Перенаправить', 'Продлить']) expect(page.body).not.toContain(secret);
    const form = { do: 'send', text: 'Проверка проведена', outcome: 'explained', part: partId, _key: newId<never>() };
    expect((await browser.post(`${pathOf(appeal)}/answer`, form, pathOf(appeal))).statusCode).toBe(303);
    const { whole } = await openAtDesk(context, asker.clerk, appeal, null);
    expect(whole.answers).toMatchObject([{ partId, text: 'Проверка проведена', state: 'sent' }]);
    const author = await signIn(context, app, appeal.authorId);
    expect((await author.get(`/appeals/${appeal.houseId}/${appeal.appealId}`)).body).not.toContain(
      'Проверка проведена',
    );
  });

  test('who has passed an appeal on reads nothing of what came later', async () => {
    const [first, second] = [await buildDesk(context), await buildDesk(context, '2')];
    const appeal = await buildAppeal(context, { addressee: first });
    const key = { houseId: appeal.houseId, appealId: appeal.appealId, partId: appeal.partId };
    const wish = { to: [second], comment: 'Вам', files: [], key: newId<never>() };
    const { partIds } = await redirectAppeal(context, first.clerk, { ...key, ...wish });
    context.now = new Date(context.now.getTime() + 60_000);
    await buildJoiner(context, appeal);
    const { answerId } = await answerOf(second, { ...key, partId: partIds[0]! }, {}, await receivePdf(context));
    const kinds = async (desk: Desk) =>
      (await openAtDesk(context, desk.clerk, appeal, null)).whole.events.map(({ kind }) => kind);
    expect(await kinds(first)).toEqual(['sent', 'redirected']);
    expect(await kinds(second)).toContain('answered');
    const { whole } = await openAtDesk(context, first.clerk, appeal, null);
    expect([whole.answers, whole.joiners]).toEqual([[], []]);
    const { files } = await readWhole(context, appeal);
    const file = files.find((one) => one.answerId === answerId)!;
    await expect(
      openFileAtDesk(context, first.clerk, { ...appeal, fileId: file.fileId, as: 'thumbnail' }),
    ).rejects.toMatchObject({ status: 404 });
  });

  test('a file of others that is opened is written down, an own one is not', async () => {
    const desk = await buildDesk(context);
    const appeal = await buildAppeal(context, { addressee: desk, files: [await receivePdf(context)] });
    const key = { houseId: appeal.houseId, appealId: appeal.appealId, partId: appeal.partId };
    await answerOf(desk, key, {}, await receivePdf(context));
    const { files } = await readWhole(context, appeal);
    for (const { fileId } of files) await openFileAtDesk(context, desk.clerk, { ...appeal, fileId, as: 'preview' });
    const looks = (await selectAuditEvents(context.db, desk.clerkId)).filter(
      ({ action }) => action === 'appeals.file_viewed',
    );
    expect(looks).toMatchObject([{ subject_person_id: appeal.authorId, details: { fileId: files[0]!.fileId } }]);
  });
});

describe('one appeal', () => {
  test('the page shows what the addressee needs, and the look is written down', async () => {
    const desk = await buildDesk(context);
    const appeal = await buildAppeal(context, { addressee: desk, text: '<b>Двор</b> не убран' });
    await buildJoiner(context, appeal);
    const page = await (await browserOf(desk)).get(pathOf(appeal));
    expect(page.statusCode).toBe(200);
    for (const words of ['Петрова Анна Ивановна', 'anna@example.test', 'Присоединились соседи: 1', 'Правила 416'])
      expect(page.body).toContain(words);
    expect(page.body).toContain('&lt;b>Двор&lt;/b> не убран');
    expect(page.headers['cache-control']).toBe('no-store');
    const [look] = await selectAuditEvents(context.db, desk.clerkId);
    expect(look).toMatchObject({
      action: 'appeals.viewed',
      subject_person_id: appeal.authorId,
      house_id: appeal.houseId,
      organisation_id: desk.organisationId,
    });
  });

  test('a body is told by when it may pass on what it has registered; others have no such day', async () => {
    const [body, manager] = [await buildDesk(context, '4'), await buildDesk(context)];
    for (const [desk, isTold] of [
      [body, true],
      [manager, false],
    ] as const) {
      const appeal = await buildAppeal(context, { addressee: desk });
      const clerk = await browserOf(desk);
      const page = async () => (await clerk.get(`${pathOf(appeal)}/redirect`)).body;
      expect(await page()).not.toContain('59-ФЗ');
      await clerk.post(`${pathOf(appeal)}/register`, { part: appeal.partId }, `${pathOf(appeal)}/register`);
      const { registeredOn } = (await readWhole(context, appeal)).parts[0]!;
      const words = `можно до ${formatDate(addDays(registeredOn!, 7))} включительно`;
      expect((await page()).includes(words)).toBe(isTold);
    }
  });

  test('notes are seen by the own organisation alone', async () => {
    const desk = await buildDesk(context);
    const appeal = await buildAppeal(context, { addressee: desk });
    const clerk = await browserOf(desk);
    const empty = await clerk.post(`${pathOf(appeal)}/notes`, { note: '  ', part: appeal.partId }, pathOf(appeal));
    expect(empty.statusCode).toBe(422);
    expect(empty.body).toContain('Напишите заметку');
    await clerk.post(
      `${pathOf(appeal)}/notes`,
      { note: 'Автор звонит каждый день', part: appeal.partId },
      pathOf(appeal),
    );
    expect((await clerk.get(pathOf(appeal))).body).toContain('Автор звонит каждый день');
    const author = await signIn(context, app, appeal.authorId);
    expect((await author.get(`/appeals/${appeal.houseId}/${appeal.appealId}`)).body).not.toContain('Автор звонит');
  });

  test('a send saves, registers, answers and leads to the next in the same queue; a repeat leads there too', async () => {
    const desk = await buildDesk(context);
    const [first, second] = [
      await buildAppeal(context, { addressee: desk }),
      await buildAppeal(context, { addressee: desk }),
    ];
    const clerk = await browserOf(desk);
    const path = `${pathOf(first)}/answer`;
    const form = {
      do: 'send',
      part: first.partId,
      from: 'topic=1',
      text: 'Двор убран.',
      outcome: 'satisfied',
      performerPost: 'Инженер',
      number: '',
      _key: newId<never>() as string,
    };
    const wrong = await clerk.post(path, { ...form, text: ' ' }, pathOf(first));
    expect(wrong.statusCode).toBe(422);
    expect(wrong.body).toContain('Напишите текст ответа');
    for (let sending = 0; sending < 2; sending += 1) {
      const answer = await clerk.post(path, form, pathOf(second));
      expect(answer.statusCode).toBe(303);
      expect(answer.headers.location).toContain(`${pathOf(second)}?part=${second.partId}&from=topic%3D1&sent=`);
    }
    const { parts, answers } = await readWhole(context, first);
    expect(parts[0]).toMatchObject({ state: 'executed', registrationNumber: expect.any(String) });
    expect(answers).toMatchObject([{ state: 'sent', text: 'Двор убран.', performerPost: 'Инженер' }]);
    // The post is kept for the next answer.
    expect((await clerk.get(pathOf(second))).body).toContain('value="Инженер"');
    const last = await clerk.post(
      `${pathOf(second)}/answer`,
      { ...form, part: second.partId, _key: newId() },
      pathOf(second),
    );
    expect(last.headers.location).toMatch(/^\/work\/appeals\?topic=1&sent=/);
  });

  test('a draft saves itself; a colleague’s newer draft is not overwritten', async () => {
    const desk = await buildDesk(context);
    const appeal = await buildAppeal(context, { addressee: desk });
    const clerk = await browserOf(desk);
    const page = await clerk.get(pathOf(appeal));
    const token = /name="_token" value="([^"]+)"/.exec(page.body)![1]!;
    const save = (fields: Record<string, string>) =>
      app.inject({
        method: 'POST',
        url: `${pathOf(appeal)}/answer`,
        cookies: clerk.cookies,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        payload: new URLSearchParams({ _token: token, part: appeal.partId, ...fields }).toString(),
      });
    const first = await save({ text: 'Первые слова' });
    const { version } = first.json();
    context.now = new Date(context.now.getTime() + 60_000);
    expect((await save({ text: 'Вторые слова', version })).statusCode).toBe(200);
    const stale = await save({ text: 'Старое окно', version });
    expect(stale.statusCode).toBe(409);
    expect((await readWhole(context, appeal)).answers).toMatchObject([{ text: 'Вторые слова' }]);

    const colleague = await buildEmployee(context, desk.organisationId);
    const other = await signIn(context, app, colleague, desk.organisationId);
    const begun = await other.post(
      `${pathOf(appeal)}/answer`,
      { text: 'Ещё один', part: appeal.partId },
      pathOf(appeal),
    );
    expect(begun.statusCode).toBe(409);
  });

  test('a hostile text of an author changes nothing in an answer made from a template', async () => {
    const desk = await buildDesk(context);
    const appeal = await buildAppeal(context, {
      addressee: desk,
      topicName: '{номер} <script>alert(1)</script> $& $1',
    });
    await saveTemplate(context, desk.clerk, null, { title: 'Тема', text: 'О теме «{тема}», {дата}.' });
    const clerk = await browserOf(desk);
    const [template] = await selectTemplates(context.db, desk.organisationId);
    const form = { do: 'insert', template: template!.templateId, text: '', part: appeal.partId };
    await clerk.post(`${pathOf(appeal)}/answer`, form, pathOf(appeal));
    const { answers } = await readWhole(context, appeal);
    expect(answers[0]!.text).toMatch(/^О теме «\{номер\} <script>alert\(1\)<\/script> \$& \$1», \d+ ноября 2026 г\.$/);
    expect((await clerk.get(pathOf(appeal))).body).not.toContain('<script>alert');
  });
});

describe('the queue', () => {
  test('each view has its own; conditions narrow; pages follow by key', async () => {
    const desk = await buildDesk(context);
    const houseId = await buildHouse(context);
    const appeals = [];
    for (let index = 0; index < 55; index += 1)
      appeals.push(
        await buildAppeal(context, {
          houseId,
          addressee: desk,
          ...(index % 2 === 0 && { topicCode: '2.5', topicName: 'Протечка кровли' }),
        }),
      );
    const mine = appeals[3]!;
    await assignAppeals(context, desk.clerk, { items: [mine], performerId: desk.clerkId });
    const clerk = await browserOf(desk);
    const numbersOf = async (query: string) =>
      [...(await clerk.get(`/work/appeals${query}`)).body.matchAll(/№ (\d\d-\d\d-\d{6}),/g)].map((match) => match[1]!);
    const first = await clerk.get('/work/appeals');
    const next = /href="([^"]+)" rel="next"/.exec(first.body)![1]!.replaceAll('&amp;', '&');
    const all = [...(await numbersOf('')), ...(await numbersOf(next.replace('/work/appeals', '')))];
    expect(all.toSorted()).toEqual(appeals.map(({ number }) => number).toSorted());
    expect(await numbersOf('?view=mine')).toEqual([mine.number]);
    expect(await numbersOf('?view=unassigned')).not.toContain(mine.number);
    expect(await numbersOf('?view=requests')).toEqual([]);
    expect(await numbersOf('?topic=2')).toHaveLength(28);
    expect(await numbersOf('?house=лескова+1')).toHaveLength(50);
    expect(await numbersOf('?house=нигде')).toEqual([]);
    expect(await numbersOf('?joint=1')).toEqual([]);
    expect(await numbersOf('?emergency=1')).toHaveLength(28);
    context.now = new Date(context.now.getTime() + 60 * 86_400_000);
    const later = await (await browserOf(desk)).get('/work/appeals?view=overdue');
    expect(later.body.match(/Просрочено на/g)).toHaveLength(50);
    context.now = new Date('2026-11-10T09:00:00Z');
  });

  test('an emergency that nobody has taken up stands first and says by when, until somebody has', async () => {
    const desk = await buildDesk(context);
    const before = await buildAppeal(context, { addressee: desk });
    const emergency = await buildAppeal(context, { addressee: desk, topicCode: '2.15' });
    // An older one whose last day comes sooner.
    await context.db
      .updateTable('desk_appeal')
      .set({ due_on: '2026-11-11' })
      .where('appeal_id', '=', before.appealId)
      .execute();
    const seen = async () => {
      const { body } = await (await browserOf(desk)).get('/work/appeals');
      return { body, numbers: [...body.matchAll(/№ (\d\d-\d\d-\d{6}),/g)].map((match) => match[1]!) };
    };
    const first = await seen();
    expect(first.numbers).toEqual([emergency.number, before.number]);
    expect(first.body).toContain('Авария: до 12:30');
    context.now = new Date(context.now.getTime() + 30 * 60_000);
    expect((await seen()).body).toContain('Авария: первые меры просрочены');
    await assignAppeals(context, desk.clerk, { items: [emergency], performerId: desk.clerkId });
    const taken = await seen();
    expect(taken.numbers).toEqual([before.number, emergency.number]);
    expect(taken.body).not.toContain('первые меры');
    context.now = new Date('2026-11-10T09:00:00Z');
  });

  test('many are assigned at once: what became of each is said', async () => {
    const desk = await buildDesk(context);
    const other = await buildDesk(context);
    const [own, closed, foreign] = [
      await buildAppeal(context, { addressee: desk }),
      await buildAppeal(context, { addressee: desk }),
      await buildAppeal(context, { addressee: other }),
    ];
    const clerk = await browserOf(desk);
    const pick = (one: typeof own) => ({ [`pick.${one.houseId}.${one.appealId}.${one.partId}`]: '1' });
    const none = await clerk.post('/work/appeals/assign', { assignee: desk.clerkId }, '/work/appeals');
    expect(none.body).toContain('Отметьте обращения в списке');
    const nobody = await clerk.post('/work/appeals/assign', { ...pick(own), assignee: '' }, '/work/appeals');
    expect(nobody.body).toContain('Выберите исполнителя');
    const stranger = await clerk.post(
      '/work/appeals/assign',
      { ...pick(own), assignee: other.clerkId },
      '/work/appeals',
    );
    expect(stranger.statusCode).toBe(422);
    await clerk.post(
      `${pathOf(closed)}/waive`,
      { cause: 'thanks', part: closed.partId, _key: newId() },
      pathOf(closed),
    );
    const answer = await clerk.post(
      '/work/appeals/assign',
      { ...pick(own), ...pick(closed), ...pick(foreign), assignee: desk.clerkId },
      '/work/appeals',
    );
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toMatch(/Исполнитель назначен: 1.обращение, не назначен: 2.обращения/);
    expect(answer.body).toContain(`№ ${closed.number}: Обращение уже исполнено`);
    expect(answer.body).not.toContain(foreign.number);
    expect((await readWhole(context, own)).parts[0]).toMatchObject({ performerId: desk.clerkId, state: 'in_work' });
    expect((await readWhole(context, foreign)).parts[0]).toMatchObject({ performerId: null });
  });
});

describe('templates', () => {
  test('wrong ones are refused with a word for each field; others’ are not found', async () => {
    const desk = await buildDesk(context);
    const clerk = await browserOf(desk);
    const path = '/work/appeals/templates/new';
    const wrong = await clerk.post(path, {
      title: ' ',
      text: 'Здравствуйте, {имя}',
      topicCode: '1; drop',
      outcome: 'x',
    });
    expect(wrong.statusCode).toBe(422);
    for (const words of [
      'Назовите шаблон',
      '{имя}: таких вставок нет',
      'Выберите тему из списка',
      'Выберите результат',
    ])
      expect(wrong.body).toContain(words);
    expect((await clerk.post(path, { title: 'Двор', text: 'Убран', topicCode: '1' })).statusCode).toBe(303);
    const again = await clerk.post(path, { title: 'Двор', text: 'Убран', topicCode: '1' });
    expect(again.body).toContain('Шаблон с таким названием уже есть');
    const [template] = await selectTemplates(context.db, desk.organisationId);
    const other = await browserOf(await buildDesk(context));
    const own = `/work/appeals/templates/${template!.templateId}`;
    expect((await other.get(own)).statusCode).toBe(404);
    expect((await other.post(own, { title: 'Взлом', text: 'x' }, path)).statusCode).toBe(404);
    expect((await other.post(`${own}/delete`, {}, path)).statusCode).toBe(404);
    await clerk.post(own, { title: 'Двор и подъезд', text: 'Убраны', outcome: 'satisfied' });
    expect(await selectTemplates(context.db, desk.organisationId)).toMatchObject([
      { title: 'Двор и подъезд', topicCode: '', outcome: 'satisfied' },
    ]);
    await clerk.post(`${own}/delete`, {}, own);
    expect(await selectTemplates(context.db, desk.organisationId)).toEqual([]);
  });

  test('a person without an organisation saves none', async () => {
    const resident = actorOf(await buildPerson(context));
    await expect(saveTemplate(context, resident, null, { title: 'x', text: 'x' })).rejects.toMatchObject({
      status: 403,
    });
  });
});
