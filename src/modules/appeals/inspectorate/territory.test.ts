import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type BuiltAppeal,
  buildAppeal,
  buildDesk,
  createAppealContext,
  receivePdf,
} from '../../../../tests/support/appeals.ts';
import type { TestContext } from '../../../../tests/support/context.ts';
import {
  actorOf,
  buildEmployee,
  buildHouse,
  buildOrganisation,
  buildPerson,
  signIn,
} from '../../../../tests/support/rows.ts';
import { createApp } from '../../../app.ts';
import { type Transaction, transaction } from '../../../platform/database/database.ts';
import { type DraftId, newId, type OrganisationId } from '../../../platform/ids.ts';
import type { Month } from '../../../platform/month.ts';
import { loadRegions } from '../../classifiers/index.ts';
import { insertPower } from '../../organisations/index.ts';
import { beginDraft } from '../begin-draft.ts';
import { projectAppeal } from '../project-appeal.ts';
import { selectTerritory } from '../queries/territory.ts';
import { updateAppeal, updatePart } from '../queries/write-appeals.ts';
import { aboutQuery } from '../ready-texts.ts';
import { recountDesk } from '../recount-desk.ts';
import { saveAnswer } from '../save-answer.ts';
import { saveDraft } from '../save-draft.ts';
import { sendAnswer } from '../send-answer.ts';
import { sendAppeal } from '../send-appeal.ts';
import { parseTerritory } from './territory-query.ts';

let context: TestContext;
let app: FastifyInstance;
type Visitor = Awaited<ReturnType<typeof signIn>>;
let inspectorateId: OrganisationId;
let inspectorId: Awaited<ReturnType<typeof buildEmployee>>;
let inspector: Visitor;
let foreigner: Visitor;
let manager: Awaited<ReturnType<typeof buildDesk>>;
let clerk: Visitor;

const TERRITORY = '/work/territory';
const key = () => newId<never>() as string;
const pathOf = ({ houseId, appealId }: BuiltAppeal, rest = '') => `${TERRITORY}/${houseId}/${appealId}${rest}`;

beforeAll(async () => {
  context = await createAppealContext();
  await loadRegions(context.db);
  app = await createApp(context);
  inspectorateId = await buildOrganisation(context, { short_name: 'ГЖИ 77' });
  inspectorId = await buildEmployee(context, inspectorateId, 'clerk', ['4']);
  inspector = await signIn(context, app, inspectorId, inspectorateId);
  const other = await buildOrganisation(context, { short_name: 'ГЖИ 50' });
  const otherInspector = await buildEmployee(context, other, 'clerk', []);
  await insertPower(context.db, other, '4', '50');
  foreigner = await signIn(context, app, otherInspector, other);
  manager = await buildDesk(context, '1', { short_name: 'УК Двор' });
  clerk = await signIn(context, app, manager.clerkId, manager.organisationId);
});
beforeEach(() => {
  context.now = new Date('2026-11-10T09:00:00Z');
});

const build = (given: Parameters<typeof buildAppeal>[1] = {}) => buildAppeal(context, { addressee: manager, ...given });
const audited = async (appeal: BuiltAppeal) => {
  const rows = await context.db
    .selectFrom('audit_event')
    .select(['action', 'details', 'subject_person_id as subject'])
    .where('person_id', '=', inspectorId)
    .where(sql<boolean>`details->>'appealId' = ${appeal.appealId}`)
    .orderBy('event_id')
    .execute();
  return rows.map(({ action, details, subject }) => ({
    action,
    purpose: (details as { purpose?: string }).purpose,
    subject,
  }));
};
/** Says for what an appeal is opened. */
const disclose = (visitor: Visitor, appeal: { houseId: string; appealId: string }, purpose: string) =>
  visitor.post(pathOf(appeal as BuiltAppeal, '/disclose'), { purpose }, '/vision');
/** Opens it for a purpose and reads it. */
async function opened(visitor: Visitor, appeal: BuiltAppeal, purpose: string, query = '') {
  await disclose(visitor, appeal, purpose);
  return visitor.get(pathOf(appeal, query));
}
const request = async (appeal: BuiltAppeal, changes: Record<string, string> = {}) => {
  await disclose(inspector, appeal, 'inspection');
  return inspector.post(
    pathOf(appeal, '/requests'),
    {
      organisationId: manager.organisationId,
      text: 'Пришлите график уборки',
      dueOn: '20.11.2026',
      _key: key(),
      ...changes,
    },
    pathOf(appeal),
  );
};
async function answer(
  place: { houseId: BuiltAppeal['houseId']; appealId: BuiltAppeal['appealId']; partId: string },
  text: string,
) {
  const part = { ...place, partId: place.partId as never };
  const draft = { ...part, number: '7', outcome: 'explained' as const, performerPost: 'Мастер', text, interim: false };
  const { answerId } = await saveAnswer(context, manager.clerk, draft);
  await sendAnswer(context, manager.clerk, { ...part, answerId, key: key() });
}

describe('refusals', () => {
  test('the territory is for inspectors alone', async () => {
    const appeal = await build();
    const resident = await signIn(context, app, appeal.authorId);
    const administrator = await signIn(context, app, await buildPerson(context, { administrator: true }));
    for (const visitor of [resident, clerk, administrator])
      for (const path of [
        TERRITORY,
        `${TERRITORY}/requests`,
        `${TERRITORY}/statistics`,
        pathOf(appeal),
        pathOf(appeal, '/disclose'),
      ])
        expect((await visitor.get(path)).statusCode).toBe(403);
  });

  test('another region’s inspectorate sees nothing', async () => {
    const appeal = await build({ files: [await receivePdf(context)] });
    expect((await foreigner.get(TERRITORY)).body).toContain('Обращений на вашей территории пока нет');
    expect((await foreigner.get(`${TERRITORY}?q=${appeal.number}`)).body).not.toContain(appeal.appealId);
    expect((await foreigner.get(pathOf(appeal))).statusCode).toBe(404);
    expect((await disclose(foreigner, appeal, 'inspection')).statusCode).toBe(404);
    const fileId = await context.db
      .selectFrom('appeal_file')
      .select('file_id')
      .where('appeal_id', '=', appeal.appealId)
      .executeTakeFirstOrThrow();
    expect((await foreigner.get(pathOf(appeal, `/files/${fileId.file_id}`))).statusCode).toBe(404);
    const asked = await foreigner.post(pathOf(appeal, '/requests'), {}, '/vision');
    expect(asked.statusCode).toBe(404);
    const wrongHouse = { ...appeal, houseId: newId<never>() };
    expect((await disclose(inspector, wrongHouse, 'inspection')).statusCode).toBe(404);
    expect((await inspector.get(pathOf({ ...appeal, appealId: newId<never>() }))).statusCode).toBe(404);
  });

  test('nothing of an appeal is shown before a purpose is named, nor with one that is not on the list', async () => {
    const appeal = await build({ files: [await receivePdf(context)] });
    expect((await inspector.get(pathOf(appeal))).headers.location).toBe(pathOf(appeal, '/disclose'));
    const pages = [await inspector.get(pathOf(appeal, '/disclose'))];
    for (const purpose of ['', 'curiosity', 'constructor', 'own'])
      pages.push(await disclose(inspector, appeal, purpose));
    expect(pages.map(({ statusCode }) => statusCode)).toEqual([200, 422, 422, 422, 422]);
    for (const page of pages) {
      expect(page.body).toContain('Для чего вы открываете');
      expect(page.body).not.toContain('Петрова');
      expect(page.body).not.toContain('Двор не убирали');
    }
    expect((await inspector.get(TERRITORY)).body).not.toContain('Петрова');
    expect(await audited(appeal)).toEqual([]);
  });

  test.each([
    [{ organisationId: '' }, 'Выберите организацию'],
    [{ organisationId: '11111111-1111-7111-8111-111111111111' }, 'у которой запрашиваете сведения'],
    [{ text: ' ' }, 'Напишите, какие сведения нужны'],
    [{ text: 'я'.repeat(4001) }, 'Не больше 4000 знаков'],
    [{ dueOn: 'завтра' }, 'Укажите, к какому дню нужен ответ'],
    [{ dueOn: '09.11.2026' }, 'Укажите день, который ещё не прошёл'],
  ])('refuses a request with %o and keeps what was typed', async (wrong, message) => {
    const appeal = await build();
    const page = await request(appeal, wrong);
    expect([page.statusCode, page.body.includes(message)]).toEqual([422, true]);
    if (!('dueOn' in wrong)) expect(page.body).toContain('value="20.11.2026"');
  });
});

describe('the file of an appeal', () => {
  test('is read whole for a purpose, and each opening is written down', async () => {
    const appeal = await build({ files: [await receivePdf(context, 'двор.pdf')] });
    const judged = { verdict: 'clean' as const, judged_at: context.now };
    await context.db.updateTable('stored_file').set(judged).where('verdict', '=', 'waiting').execute();
    const page = await opened(inspector, appeal, 'complaint');
    expect(page.statusCode).toBe(200);
    for (const words of ['Петрова Анна Ивановна', 'Двор не убирали', 'УК Двор', 'двор.pdf', 'Проверка по жалобе'])
      expect(page.body).toContain(words);
    const href = /href="([^"]*\/files\/[^"]*)"/.exec(page.body)![1]!.replaceAll('&amp;', '&');
    const file = await inspector.get(href);
    expect([file.statusCode, file.body.slice(0, 5)]).toEqual([200, '%PDF-']);
    const another = await signIn(context, app, inspectorId, inspectorateId);
    expect((await another.get(href)).headers.location).toBe(pathOf(appeal));
    inspector = another;
    expect(await audited(appeal)).toEqual([
      { action: 'appeals.disclosed', purpose: 'Проверка по жалобе', subject: appeal.authorId },
      { action: 'appeals.overseen', purpose: 'Проверка по жалобе', subject: appeal.authorId },
      { action: 'appeals.file_overseen', purpose: 'Проверка по жалобе', subject: appeal.authorId },
    ]);
  });

  test('of what the author wrote is words alone', async () => {
    const appeal = await build({ text: '<script>alert(1)</script>\u202eтекст\n'.repeat(5) });
    const page = await opened(inspector, appeal, 'court');
    expect(page.body).not.toContain('<script>alert');
    expect(page.body).toContain('dir="auto"');
  });
});

describe('a request to an organisation', () => {
  test('is sent once, waits at both desks, and its answer comes to the inspectorate, not to the author', async () => {
    const appeal = await build();
    const sent = { _key: key() };
    for (const _again of [1, 2]) expect((await request(appeal, sent)).statusCode).toBe(303);
    const list = await inspector.get(`${TERRITORY}/requests`);
    expect(list.body.split('УК Двор').length - 1).toBe(1);
    const parts = await context.db
      .selectFrom('appeal_part')
      .selectAll()
      .where('appeal_id', '=', appeal.appealId)
      .where('kind', '=', 'request')
      .execute();
    expect(parts).toHaveLength(1);
    context.now = new Date('2026-11-12T09:00:00Z');
    await answer({ ...appeal, partId: parts[0]!.part_id }, 'График приложен');
    inspector = await signIn(context, app, inspectorId, inspectorateId);
    expect((await inspector.get(`${TERRITORY}/requests`)).body).not.toContain(appeal.number);
    const answered = await inspector.get(`${TERRITORY}/requests?view=answered`);
    expect(answered.body).toContain('Получен 12.11.2026');
    const file = await opened(inspector, appeal, 'request');
    expect(file.body).toContain('График приложен');
    expect(file.body).toContain('Пришлите график уборки');
    const resident = await signIn(context, app, appeal.authorId);
    const own = await resident.get(`/appeals/${appeal.houseId}/${appeal.appealId}`);
    expect(own.statusCode).toBe(200);
    expect(own.body).not.toContain('График приложен');
  });

  test('finds an organisation by its name, and pages through what waits', async () => {
    const supplier = await buildOrganisation(context, { short_name: 'АО «Тёплый ключ»' });
    const appeal = await build();
    const page = await opened(inspector, appeal, 'inspection', '?find=тёплый ключ');
    expect(page.body).toContain(`value="${supplier}"`);
    expect((await opened(inspector, appeal, 'inspection', '?find=%25_')).body).toContain('Ничего не нашлось');
    expect((await request(appeal, { organisationId: supplier })).statusCode).toBe(303);
    const again = await request(appeal, { organisationId: supplier });
    expect([again.statusCode, again.body.includes('дождитесь ответа')]).toEqual([409, true]);
    const row = await context.db
      .selectFrom('desk_appeal')
      .selectAll()
      .where('kind', '=', 'asked')
      .where('appeal_id', '=', appeal.appealId)
      .executeTakeFirstOrThrow();
    const rows = [];
    for (let index = 0; index < 70; index += 1)
      rows.push({ ...row, desk_id: newId<never>(), number: `страница ${index}` });
    await context.db.insertInto('desk_appeal').values(rows).execute();
    const seen = new Set<string>();
    for (let url: string | undefined = `${TERRITORY}/requests`; url; ) {
      const { body }: { body: string } = await inspector.get(url);
      for (const match of body.matchAll(/страница (\d+)/g)) seen.add(match[1]!);
      url = /href="([^"]+)"[^>]*rel="next"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen.size).toBe(70);
    await context.db.deleteFrom('desk_appeal').where('number', 'like', 'страница%').execute();
  });
});

describe('the list', () => {
  const found = async (query: string) => (await inspector.get(`${TERRITORY}?${query}`)).body;

  test('is filtered by each of its conditions', async () => {
    const one = await build({ topicCode: '5.1', topicName: 'Холодно в квартире', text: 'Батареи ледяные' });
    const other = await buildAppeal(context, { topicCode: '9.1', topicName: 'Нет скамеек' });
    const has = async (query: string) => {
      const body = await found(query);
      return [body.includes(one.appealId), body.includes(other.appealId)];
    };
    expect(await has('')).toEqual([true, true]);
    expect(await has(`organisation=${manager.organisationId}`)).toEqual([true, false]);
    expect(await has(`organisation=${newId()}`)).toEqual([false, false]);
    expect(await has('topic=9.1')).toEqual([false, true]);
    expect(await has('topic=5')).toEqual([true, false]);
    expect(await has(`house=${other.houseId}`)).toEqual([false, true]);
    expect(await has('state=sent')).toEqual([true, true]);
    expect(await has('state=executed')).toEqual([false, false]);
    expect(await has('overdue=1')).toEqual([false, false]);
    expect(await has(`q=${one.number}`)).toEqual([true, false]);
    expect(await has('q=ледяные батареи')).toEqual([true, false]);
    // Who has written is found by nobody who has not said for what: neither the author nor the flat.
    for (const who of ['Петрова', 'Петрова Анна Ивановна', 'ледяные Петрова', 'ледяные кв 12'])
      expect(await has(`q=${who}`), who).toEqual([false, false]);
    expect(await has(`q=ледяные батареи&organisation=${other.organisationId}`)).toEqual([false, false]);
    await transaction(context.db, async (trx) => {
      await updateAppeal(trx, one, { reopened: 1, assessment: 'none' });
      await updatePart(trx, { houseId: one.houseId, partId: one.partId }, { overdue_at: context.now });
      await projectAppeal(trx, one, context.now);
    });
    for (const mark of ['overdue', 'reopened', 'unsatisfied']) expect(await has(`${mark}=1`)).toEqual([true, false]);
    for (const odd of ['topic=<b>', 'after=x', 'state=toString', 'house=1', 'q=%27%3A%2a', 'q=и'])
      expect((await inspector.get(`${TERRITORY}?${odd}`)).statusCode).toBe(200);
  });

  test('holds a complaint to the inspectorate itself, which opens at its own desk with the parent’s history', async () => {
    const parent = await build({ text: 'Первое обращение' });
    await answer(parent, 'Мы всё убрали');
    const child = await buildAppeal(context, {
      houseId: parent.houseId,
      authorId: parent.authorId,
      addressee: { organisationId: inspectorateId, powerCode: '4' },
      text: 'Ничего не убрано',
    });
    await transaction(context.db, async (trx) => {
      await updateAppeal(trx, child, { parent_id: parent.appealId, relation: 'escalation' });
      await projectAppeal(trx, child, context.now);
    });
    const list = await found('state=open&escalated=1');
    expect(list).toContain(`/work/appeals/${child.houseId}/${child.appealId}`);
    expect(list).not.toContain(parent.appealId);
    const desk = await inspector.get(`/work/appeals/${child.houseId}/${child.appealId}`);
    expect(desk.body).toContain('Мы всё убрали');
    const file = await inspector.get(pathOf(child));
    for (const words of ['Ничего не убрано', 'Первое обращение', 'Мы всё убрали', 'Обращение адресовано инспекции'])
      expect(file.body).toContain(words);
    expect((await opened(inspector, parent, 'complaint')).body).toContain(child.number);
  });

  test('is paged without a gap, by plans that read no more than they show', async () => {
    const { rows } = await sql<{ count: number }>`
      insert into desk_appeal (organisation_id, desk_id, kind, house_id, appeal_id, number, topic_code, topic_name, address, author_name,
        addressee_name, state, is_open, emergency, escalated, received_at, zone, spans, words)
      select ${inspectorateId}, gen_random_uuid(), 'territory', gen_random_uuid(), gen_random_uuid(), 'стр-' || n, '1.1', 'Тема', 'Адрес', '', '',
        'sent', true, false, false, timestamptz '2025-01-01' + n * interval '1 minute', 'Europe/Moscow', '{}', ''
      from generate_series(1, 5000) n
      returning 1 as count`.execute(context.db);
    expect(rows).toHaveLength(5000);
    await sql`insert into desk_addressee select organisation_id, ${manager.organisationId}, desk_id, received_at from desk_appeal
      where number like 'стр-%'`.execute(context.db);
    await sql`analyze desk_appeal, desk_addressee`.execute(context.db);
    const seen = new Set<string>();
    let pages = 0;
    for (let url: string | undefined = `${TERRITORY}?state=sent`; url && pages < 12; pages += 1) {
      const { body }: { body: string } = await inspector.get(url);
      for (const match of body.matchAll(/стр-(\d+)/g)) seen.add(match[1]!);
      url = /href="([^"]+)"[^>]*rel="next"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen.size).toBeGreaterThan(500);
    const { filter } = parseTerritory({ organisation: manager.organisationId }, []);
    for (const one of [filter, { ...filter, addresseeId: null }]) {
      const read = await transaction(context.db, async (trx) => {
        const before = await rowsTaken(trx);
        const lines = await selectTerritory(trx, inspectorateId, { filter: one, after: null, limit: 51 });
        expect(lines).toHaveLength(51);
        return (await rowsTaken(trx)) - before;
      });
      expect(read).toBeGreaterThan(50);
      expect(read).toBeLessThan(510);
    }
    await sql`delete from desk_appeal where number like 'стр-%'`.execute(context.db);
  });
});

/** Rows that the statements of a transaction have taken from the desk's tables, as the database counts them. */
async function rowsTaken(trx: Transaction): Promise<number> {
  const { rows } = await sql<{ taken: number }>`
    select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int as taken from pg_stat_xact_user_tables
    where relname in ('desk_appeal', 'desk_addressee')`.execute(trx);
  return rows[0]!.taken;
}

describe('houses that are not in the system', () => {
  test('come to the inspectorate with their address, and one look tells whether they have appeared', async () => {
    const fiasGuid = newId<never>() as string;
    const author = actorOf(await buildPerson(context));
    const place = { fiasGuid, oktmo: '45350000', municipality: 'Бибирево' };
    const ready = await beginDraft(
      context,
      author,
      aboutQuery.parse({ about: 'house', address: 'ул. Пропавшая, д. 5', region: '77' }),
    );
    const draftId = newId<DraftId>();
    const { version } = await saveDraft(context, author, {
      draftId,
      version: 0,
      typed: { flat: '', ownTopic: '', email: '', phone: '', answerEmail: 'anna@example.test', text: ready.text },
      begun: { ...ready, ...place },
    });
    const { number } = await sendAppeal(context, author, { draftId, version, key: newId<never>() });

    const path = `${TERRITORY}/missing-houses`;
    const before = (await inspector.get(path)).body;
    for (const words of ['ул. Пропавшая, д. 5', number, 'Ещё нет']) expect(before).toContain(words);
    expect(before).not.toContain('Появился');
    await buildHouse(context, { fiasGuid });
    expect((await inspector.get(path)).body).toContain('Появился');
    expect((await inspector.get('/work')).body).toMatch(/<b class="badge">1<\/b> ждёт ответа/);
    expect((await foreigner.get(path)).body).not.toContain('Пропавшая');
  });

  test('without an address in the register are said to be so', async () => {
    const own = { addressee: { organisationId: inspectorateId, powerCode: '4' }, topicCode: '10.1' };
    const { number } = await buildAppeal(context, own);
    const page = (await inspector.get(`${TERRITORY}/missing-houses`)).body;
    expect(page).toContain(number);
    expect(page).toContain('Нет в реестре адресов');
  });
});

describe('statistics', () => {
  test('are the figures of the rows by organisation, topic and month, as a page and as a file', async () => {
    const supplier = await buildDesk(context, '1', { short_name: 'УК «Счёт»; =1' });
    const given = { addressee: supplier, topicCode: '6.1', topicName: 'Не моют полы' };
    const kept = await buildAppeal(context, given);
    await buildAppeal(context, given);
    const late = await buildAppeal(context, given);
    await transaction(context.db, async (trx) => {
      const closed = { state: 'executed' as const, closed_at: context.now };
      await updatePart(trx, { houseId: kept.houseId, partId: kept.partId }, { ...closed, due_on: '2026-11-20' });
      await updatePart(
        trx,
        { houseId: late.houseId, partId: late.partId },
        { ...closed, due_on: '2026-11-01', overdue_at: context.now },
      );
      await updateAppeal(trx, late, { assessment: 'none' });
      for (const one of [kept, late]) await projectAppeal(trx, one, context.now);
    });
    for (const _again of [1, 2])
      await recountDesk.run(context, { organisationId: inspectorateId, month: '2026-11' as Month }, context.log);
    const file = await inspector.get(
      `${TERRITORY}/statistics.csv?by=organisation&organisation=${supplier.organisationId}`,
    );
    expect(file.headers['content-type']).toContain('text/csv');
    expect(file.body.split('\r\n')[1]).toBe('"УК «Счёт»; =1";3;1;2;50;1;1');
    const topics = await inspector.get(`${TERRITORY}/statistics.csv?by=topic&organisation=${supplier.organisationId}`);
    expect(topics.body).toMatch(/6\.1 [^;]+;3;1;2;50;1;1/);
    const page = (await inspector.get(`${TERRITORY}/statistics`)).body;
    expect(page).toContain('УК «Счёт»');
    expect(page).toContain('По месяцам');
    expect((await foreigner.get(`${TERRITORY}/statistics`)).body).toContain('Считать пока нечего');
    for (const odd of ['from=x&to=y', 'from=13.2026', 'from=2026-12&to=2020-01', 'organisation=0'])
      expect((await inspector.get(`${TERRITORY}/statistics?${odd}`)).statusCode).toBe(200);
  });
});
