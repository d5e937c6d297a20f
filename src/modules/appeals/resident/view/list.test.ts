import type { FastifyInstance } from 'fastify';
import { type Insertable, type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../../../../../tests/support/context.ts';
import { buildEmployee, buildOrganisation, buildPerson, signIn } from '../../../../../tests/support/rows.ts';
import { createApp } from '../../../../app.ts';
import { type AppealId, type DraftId, type HouseId, newId, type PersonId } from '../../../../platform/ids.ts';
import { loadClassifiers } from '../../../classifiers/index.ts';
import type { OwnAppealTable } from '../../tables.ts';

let context: TestContext;
let app: FastifyInstance;
let anna: PersonId;
let browser: Awaited<ReturnType<typeof signIn>>;

beforeAll(async () => {
  context = await createTestContext();
  await loadClassifiers(context.db);
  app = await createApp(context, { assetsFolder: 'src/ui' });
  anna = await buildPerson(context);
  browser = await signIn(context, app, anna);
});
afterAll(() => app.close());

let counter = 0;
/** A row of somebody's list, as `projectAppeal` leaves it. */
async function buildOwn(personId: PersonId, given: Partial<Insertable<OwnAppealTable>> = {}): Promise<string> {
  counter += 1;
  const number = `77-26-${String(counter).padStart(6, '0')}`;
  const at = new Date(context.now.getTime() - counter * 60_000);
  await context.db
    .insertInto('own_appeal')
    .values({
      person_id: personId,
      appeal_id: newId<AppealId>(),
      house_id: newId<HouseId>(),
      role: 'author',
      number,
      topic_code: '2.1',
      topic_name: 'Нет горячей воды',
      address: 'ул. Лескова, д. 12',
      state: 'sent',
      due_on: null,
      zone: 'Europe/Moscow',
      sent_at: at,
      changed_at: at,
      ...given,
    })
    .execute();
  return given.number ?? number;
}

async function buildDraft(personId: PersonId, text: string, topic_code = ''): Promise<void> {
  const at = context.now;
  const draft = { person_id: personId, draft_id: newId<DraftId>(), text, topic_code, created_at: at, updated_at: at };
  await context.db
    .insertInto('appeal_draft')
    .values({ ...draft, parent_house_id: null, parent_id: null, relation: null, fias_guid: null, addressee_id: null })
    .execute();
}

const numbersOn = (html: string) => Array.from(html.matchAll(/77-26-\d{6}/g), ([number]) => number);
const numbersAt = async (path: string) => numbersOn((await browser.get(path)).body);

describe('who may see the list', () => {
  it('sends who has not signed in to sign in', async () => {
    const page = await app.inject('/appeals');
    expect([303, 401]).toContain(page.statusCode);
  });

  it('refuses who acts for an organisation', async () => {
    const organisationId = await buildOrganisation(context);
    const clerk = await buildEmployee(context, organisationId);
    const page = await (await signIn(context, app, clerk, organisationId)).get('/appeals');
    expect(page.statusCode).toBe(403);
  });

  it('shows nobody the appeals and drafts of another', async () => {
    const stranger = await buildPerson(context);
    const number = await buildOwn(stranger);
    await buildDraft(stranger, 'Чужой черновик');
    const { body } = await browser.get('/appeals');
    expect(body).not.toContain(number);
    expect(body).not.toContain('Чужой черновик');
  });

  it('says how to begin while there is nothing', async () => {
    const page = await browser.get('/appeals');
    expect(page.body).toContain('Вы ещё никому не писали');
    expect(page.body).toContain('href="/appeals/new"');
  });

  it('says what is missing to who is not confirmed', async () => {
    const page = await (await signIn(context, app, await buildPerson(context, { confirmed: false }))).get('/appeals');
    expect(page.body).toContain('с подтверждённой учётной записью');
    expect(page.body).not.toContain('href="/appeals/new"');
  });
});

describe('the five filters', () => {
  let numbers: Record<'hot' | 'bill' | 'far' | 'late', string>;

  beforeAll(async () => {
    numbers = {
      hot: await buildOwn(anna),
      bill: await buildOwn(anna, {
        topic_code: '3.10',
        topic_name: 'Ошибка в КВИТАНЦИИ, 100%_ёлки',
        state: 'executed',
      }),
      far: await buildOwn(anna, {
        address: 'г. Владивосток, ул. Светланская, д. 1',
        // 4 November in Vladivostok, still 3 November in Moscow.
        sent_at: new Date('2026-11-03T18:00:00Z'),
        zone: 'Asia/Vladivostok',
        state: 'withdrawn',
        unread: true,
      }),
      late: await buildOwn(anna, { state: 'in_work', overdue: true, due_on: '2026-11-01', topic_code: '3.1' }),
    };
    await buildDraft(anna, 'Протекает крыша над третьим подъездом', '2.3');
  });

  it.each<[string, () => string, (keyof typeof numbers)[]]>([
    ['number', () => `?number=${numbers.hot.slice(-6)}`, ['hot']],
    ['words of the topic in any case and order', () => '?topic=квитанции+ошибка', ['bill']],
    ['signs of a pattern as they are', () => '?topic=100%25_', ['bill']],
    ['a number of the topic with those under it', () => '?topic=3', ['bill', 'late']],
    ['3.1 without 3.10', () => '?topic=3.1', ['late']],
    ['a part of the address', () => '?address=светланская', ['far']],
    ['state', () => '?state=executed', ['bill']],
    ['lateness', () => '?state=overdue', ['late']],
    ['days by the clock of the place', () => '?from=04.11.2026&until=04.11.2026', ['far']],
    ['days given the wrong way round', () => '?from=05.11.2026&until=04.11.2026', ['far']],
    ['all at once', () => `?number=${numbers.late}&topic=вода&address=лескова&state=in_work&from=01.11.2026`, []],
    [
      'what is none of the choices as absent',
      () => '?state=nonsense&from=32.13.2026&after=x',
      ['hot', 'bill', 'late', 'far'],
    ],
  ])('finds by %s', async (_name, query, found) => {
    const seen = (await numbersAt(`/appeals${query()}`)).filter((number) => Object.values(numbers).includes(number));
    // A number that was typed stands in its field too.
    const expected = found.map((key) => numbers[key]);
    expect([...new Set(seen)].filter((number) => !query().includes(number)).sort()).toEqual([...expected].sort());
  });

  it('says of a day that does not exist, with what was typed', async () => {
    const { body } = await browser.get('/appeals?from=31.11.2026');
    expect(body).toContain('Такого дня нет');
    expect(body).toContain('value="31.11.2026"');
  });

  it('marks what is new, what is late and whose clock the day is', async () => {
    const { body } = await browser.get('/appeals');
    expect(body).toContain('новое');
    expect(body).toContain('04.11.2026');
    expect(body).toContain('просрочено на 9\u00a0дней');
  });

  it('shows drafts above by their topic or their first words, finds them, and hides them from other questions', async () => {
    const draft = 'Протекает крыша над третьим подъездом';
    await buildDraft(anna, `  ${draft}\n`);
    const all = (await browser.get('/appeals')).body;
    expect(all).toContain(`«${draft}»`);
    expect(all.match(/Перебои в теплоснабжении|href="\/appeals\/drafts\//g)!.length).toBeGreaterThanOrEqual(2);
    expect(all.indexOf('/appeals/drafts/')).toBeLessThan(all.indexOf(numbers.hot));
    const alone = (await browser.get('/appeals?state=draft')).body;
    expect(alone).toContain(draft);
    expect(numbersOn(alone)).toEqual([]);
    expect((await browser.get('/appeals?topic=2.3')).body).toContain('/appeals/drafts/');
    for (const other of ['?topic=3', '?state=sent', '?number=1', '?from=01.01.2020'])
      expect((await browser.get(`/appeals${other}`)).body).not.toContain('/appeals/drafts/');
  });

  it('says what to do when nothing is found', async () => {
    const { body } = await browser.get('/appeals?number=нет-такого');
    expect(body).toContain('По этим условиям обращений нет');
    expect(body).toContain('Показать все обращения');
  });
});

describe('thousands of rows', () => {
  let many: PersonId;
  const ROWS = 2_000;

  beforeAll(async () => {
    many = await buildPerson(context);
    const another = await buildPerson(context);
    await sql`
      insert into own_appeal (person_id, appeal_id, house_id, role, number, topic_code, topic_name, address, state, zone, sent_at, changed_at)
      select case when n % 15 = 0 then ${many}::uuid else ${another}::uuid end, gen_random_uuid(), gen_random_uuid(), 'author',
        'R' || n, '2.1', 'Нет воды', 'ул. Лескова, д. ' || n, 'sent', 'Europe/Moscow',
        -- Ten rows of a person share their moment: the id decides.
        ${context.now}::timestamptz - (n / 150) * interval '1 hour', ${context.now}
      from generate_series(1, ${ROWS * 15}) n`.execute(context.db);
    await sql`analyze own_appeal`.execute(context.db);
  });

  it('goes through all pages there and back, each row once', async () => {
    const own = await signIn(context, app, many);
    const rowsOf = (html: string) =>
      Array.from(html.matchAll(/data-label="Номер обращения"><span class="nowrap">(R\d+)</g), ([, number]) => number!);
    const link = (html: string, rel: string) =>
      new RegExp(`href="([^"]+)" rel="${rel}"`).exec(html)?.[1]?.replaceAll('&amp;', '&');
    const pages: string[][] = [];
    let path: string | undefined = '/appeals';
    let last = '';
    while (path && pages.length < 100) {
      last = (await own.get(path)).body;
      pages.push(rowsOf(last));
      path = link(last, 'next');
    }
    expect(pages).toHaveLength(ROWS / 25);
    expect(new Set(pages.flat()).size).toBe(ROWS);
    const back = await own.get(link(last, 'prev')!);
    expect(rowsOf(back.body)).toEqual(pages.at(-2));
  });

  it('reads a page from the index without sorting, and a search reads rows of the person alone', async () => {
    const planOf = async (condition: RawBuilder<unknown>) => {
      const { rows } = await sql<{ 'QUERY PLAN': string }>`
        explain select * from own_appeal where person_id = ${many}::uuid
          and (sent_at, appeal_id) < (${context.now}::timestamptz, ${newId()}::uuid) ${condition}
        order by sent_at desc, appeal_id desc limit 26`.execute(context.db);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    const page = await planOf(sql``);
    expect(page).toContain('own_appeal_sent');
    expect(page).not.toContain('Sort');
    const search = await planOf(sql`and lower(address collate "ru-x-icu") like '%лескова%'`);
    expect(search).toMatch(/Index Cond: \(+person_id = /);
    expect(search).not.toContain('Seq Scan');
  });
});
