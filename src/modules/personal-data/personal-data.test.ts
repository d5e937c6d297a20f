import { buffer } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import yauzl from 'yauzl';
import { buildAppeal, receivePdf } from '../../../tests/support/appeals.ts';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import {
  actorOf,
  buildAccount,
  buildEmployee,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
  signIn,
} from '../../../tests/support/rows.ts';
import { createApp } from '../../app.ts';
import { jobKinds } from '../../jobs.ts';
import { personParts } from '../../person-parts.ts';
import { auditLook } from '../../platform/audit/audit.ts';
import { transaction } from '../../platform/database/database.ts';
import { type AccountId, type HouseId, newId, type OrganisationId } from '../../platform/ids.ts';
import type { PersonPart } from '../../platform/person-part.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { loadClassifiers } from '../classifiers/index.ts';
import { dueWithdrawals, loadLegalTexts } from '../identity/index.ts';
import { CONFIRMATION, eraseJob } from './erase-person.ts';
import { personalDataSchedule } from './jobs.ts';
import { makeExportJob, orderExport } from './order-export.ts';
import { termBefore } from './release-kept.ts';

let context: TestContext;
let app: FastifyInstance;
let organisationId: OrganisationId;
let houseId: HouseId;
let accountId: AccountId;
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  await loadClassifiers(context.db);
  await loadLegalTexts(context.db);
  app = await createApp(context);
  organisationId = await buildOrganisation(context, { short_name: 'УК «Двор»' });
  houseId = await buildHouse(context);
  accountId = await buildAccount(context, { houseId, providerId: organisationId, number: '12-34' });
}, 60_000);
beforeEach(() => {
  context.now = new Date('2026-11-10T09:00:00Z');
});

/** A person whose traces can be told from everybody's. */
async function aPerson(mark = newId().slice(-12)) {
  const personId = await buildPerson(context, { familyName: `Приметный${mark}` });
  const subject = `subject-${mark}`;
  const { db, now } = context;
  await db
    .updateTable('person')
    .set({ email: `${mark}@example.test`, phone: `+7${mark}`, snils: '11223344595', subject })
    .where('person_id', '=', personId)
    .execute();
  const issuer = context.config.OIDC_ISSUER;
  await db.insertInto('identity').values({ issuer, subject, person_id: personId, created_at: now }).execute();
  for (const kind of ['agreement', 'consent'])
    await db
      .insertInto('acceptance')
      .values({
        person_id: personId,
        acceptance_id: newId() as string,
        kind,
        version: 1,
        organisation_id: null,
        accepted_at: now,
        way: 'first entry',
      })
      .execute();
  await buildLink(context, { personId, houseId, accountId, providerId: organisationId, title: `Дом ${mark}` });
  return { personId, mark, visitor: await signIn(context, app, personId) };
}

const clerkOf = async () =>
  actorOf(await buildEmployee(context, organisationId), {
    name: 'Заявкина Мария Игоревна',
    acting: { organisationId, name: 'УК «Двор»', role: 'clerk', powers: ['1'], houses: null, through: null },
  });
const run = async (name: string, payload: Record<string, string>) => {
  const kind = jobKinds.find((one) => one.name === name)!;
  await kind.run(context, payload, context.log);
};

describe('«Кто смотрел мои данные»', () => {
  test('is for whoever signed in, and tells nobody of the looks at another', async () => {
    expect((await app.inject('/settings/views')).statusCode).toBe(303);
    const { visitor } = await aPerson();
    expect((await visitor.get('/settings/views')).body).toContain('Сотрудники организаций ваши данные не смотрели');
  });

  test('says who, from where, what, when and for what; looks of before the account was theirs are not told', async () => {
    const clerk = await clerkOf();
    const look = (what: string) =>
      auditLook(context.db, clerk, {
        action: 'accounts.viewed',
        at: context.now,
        what,
        thingId: accountId,
        homes: [{ houseId, about: [accountId] }],
        purpose: 'Проверка начислений',
      });
    context.now = new Date('2026-11-09T09:00:00Z');
    await look('Раньше подключения');
    context.now = new Date('2026-11-10T09:00:00Z');
    const { visitor, personId } = await aPerson();
    await look('Лицевой счёт № 12-34');
    await auditLook(context.db, clerk, {
      action: 'appeals.viewed',
      at: context.now,
      what: 'Обращение № 7',
      thingId: newId() as string,
      subjects: [personId],
    });
    const { body } = await visitor.get('/settings/views');
    for (const words of [
      'Заявкина Мария Игоревна, специалист',
      'УК «Двор»',
      'Лицевой счёт № 12-34',
      'Проверка начислений',
      'Обращение № 7',
      '12:00',
    ])
      expect(body).toContain(words);
    expect(body).not.toContain('Раньше подключения');
    const { body: other } = await visitor.get(`/settings/views?organisation=${newId()}`);
    expect(other).toContain('По этим условиям просмотров нет');
    expect((await visitor.get('/settings/views?month=2026-10')).body).toContain('По этим условиям просмотров нет');
    expect((await visitor.get('/settings/views?month=2026-11')).body).toContain('Обращение № 7');
    for (const odd of ['?month=13.2026', '?organisation=x', '?after=x'])
      expect((await visitor.get(`/settings/views${odd}`)).statusCode).toBe(200);
  });

  test('pages go on where the last one ended, without a gap or a repeat', async () => {
    const { visitor, personId } = await aPerson();
    const clerk = await clerkOf();
    for (let index = 0; index < 60; index += 1)
      await auditLook(context.db, clerk, {
        action: 'test.looked',
        at: context.now,
        what: `Вещь ${index}.`,
        thingId: newId() as string,
        ...(index % 2 ? { subjects: [personId] } : { homes: [{ houseId, about: [accountId] }] }),
      });
    const seen: string[] = [];
    for (let url: string | undefined = '/settings/views'; url; ) {
      const { body }: { body: string } = await visitor.get(url);
      for (const [, number] of body.matchAll(/>Вещь (\d+)\./g)) seen.push(number!);
      url = /href="([^"]+)"[^>]*rel="next"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen.map(Number)).toEqual(Array.from({ length: 60 }, (_, index) => 59 - index));
  });
});

interface Entry {
  name: string;
  content: Buffer;
}
const unzip = (zip: Buffer): Promise<Entry[]> =>
  new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    yauzl.fromBuffer(zip, { lazyEntries: true }, (error, file) => {
      if (error) return reject(error);
      file.on('end', () => resolve(entries));
      file.on('entry', (entry) =>
        file.openReadStream(entry, (wrong, stream) => {
          if (wrong) return reject(wrong);
          buffer(stream).then((content) => {
            entries.push({ name: entry.fileName, content });
            file.readEntry();
          }, reject);
        }),
      );
      file.readEntry();
    });
  });

describe('the archive', () => {
  test('is made by a job, told of by one letter, taken by its person alone, and gone after its days', async () => {
    const { visitor, personId, mark } = await aPerson();
    const appeal = await buildAppeal(context, {
      houseId,
      authorId: personId,
      addressee: { organisationId, powerCode: '1' },
      text: 'Крыша <b>течёт</b>',
      files: [await receivePdf(context, 'крыша.pdf')],
    });
    expect((await visitor.post('/settings/export', {})).statusCode).toBe(303);
    expect((await visitor.post('/settings/export', {})).statusCode).toBe(409);
    expect((await visitor.get('/settings/export')).body).toContain('Архив готовится');
    const row = () =>
      context.db.selectFrom('data_export').selectAll().where('person_id', '=', personId).executeTakeFirstOrThrow();
    const { export_id: exportId } = await row();
    for (const _twice of [1, 2]) await run('personal_data.export', { personId, exportId });
    expect(await row()).toMatchObject({ state: 'ready', attempts: 1 });
    const letters = await context.db
      .selectFrom('mail_message')
      .select('subject')
      .where('person_id', '=', personId)
      .where('kind', '=', 'personal_data')
      .execute();
    expect(letters).toEqual([{ subject: 'Архив ваших данных готов' }]);
    expect((await visitor.get('/settings/export')).body).toContain('Скачать архив');

    const url = `/settings/export/${exportId}/file`;
    expect((await app.inject(url)).statusCode).toBe(303);
    const stranger = await aPerson();
    expect((await stranger.visitor.get(url)).statusCode).toBe(404);
    const taken = await visitor.get(url);
    expect(taken.headers['content-disposition']).toContain('attachment');
    const entries = await unzip(taken.rawPayload);
    const names = entries.map(({ name }) => name);
    for (const { tables } of personParts) for (const { name } of tables) expect(names).toContain(`${name}.json`);
    expect(names.filter((name) => name.includes('крыша.pdf'))).toHaveLength(1);
    const json = (name: string) =>
      JSON.parse(entries.find((entry) => entry.name === `${name}.json`)!.content.toString()) as Record<
        string,
        unknown
      >[];
    expect(json('profile')[0]).toMatchObject({ familyName: `Приметный${mark}`, email: `${mark}@example.test` });
    expect(json('accounts')[0]).toMatchObject({ number: '12-34', title: `Дом ${mark}` });
    expect(json('appeals')[0]).toMatchObject({ number: appeal.number, text: 'Крыша <b>течёт</b>' });
    expect(json('payments')).toEqual([]);
    const page = entries.find(({ name }) => name === 'index.html')!.content.toString();
    expect(page).toContain('Крыша &lt;b&gt;течёт');
    expect(page).not.toMatch(/src=|href=|<script/);
    const events = await context.db
      .selectFrom('audit_event')
      .select('action')
      .where('person_id', '=', personId)
      .where('action', '=', 'personal_data.export_downloaded')
      .execute();
    expect(events).toHaveLength(1);

    context.now = new Date('2026-11-17T09:00:01Z');
    const again = await signIn(context, app, personId);
    expect((await again.get(url)).statusCode).toBe(404);
    await personalDataSchedule(personParts)
      .find(({ name }) => name.endsWith('expire'))!
      .run(context, context.log);
    expect(await row()).toMatchObject({ state: 'gone', file_id: null });
  });

  test('holds one page of rows at a time, however many there are', async () => {
    const { personId } = await aPerson();
    let [open, most] = [0, 0];
    const part: PersonPart = {
      ...personParts[0]!,
      tables: [
        {
          name: 'many',
          title: 'Много',
          async *rows() {
            for (let index = 0; index < 200_000; index += 1) {
              open += 1;
              most = Math.max(most, open);
              yield { index, text: 'я'.repeat(100) };
              open -= 1;
            }
          },
          columns: [{ title: 'Номер', cell: (row: never) => String((row as { index: number }).index) }],
        },
      ],
    };
    const before = process.memoryUsage().heapUsed;
    const exportId = await orderExport(context, actorOf(personId), [part]);
    await makeExportJob([part]).run(context, { personId, exportId }, context.log);
    const made = await context.db
      .selectFrom('data_export')
      .select(['state', 'size_bytes'])
      .where('person_id', '=', personId)
      .executeTakeFirstOrThrow();
    expect(made.state).toBe('ready');
    expect(most).toBe(1);
    // 40 MB of text went through.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150 * 1_048_576);
  });

  test('that cannot be made is given up and said so', async () => {
    const { personId, visitor } = await aPerson();
    const broken: PersonPart = {
      ...personParts[0]!,
      tables: [
        {
          ...personParts[0]!.tables[0]!,
          // biome-ignore lint/correctness/useYield: it breaks before the first row
          async *rows() {
            throw new Error('broken');
          },
        },
      ],
    };
    const exportId = await orderExport(context, actorOf(personId), [broken]);
    const job = makeExportJob([broken]);
    for (let attempt = 1; attempt <= 3; attempt += 1)
      await expect(job.run(context, { personId, exportId }, context.log)).rejects.toThrow();
    await job.run(context, { personId, exportId }, context.log);
    expect((await visitor.get('/settings/export')).body).toContain('Архив собрать не получилось');
    expect((await visitor.post('/settings/export', {})).statusCode).toBe(303);
  });
});

/** Tables with any trace of what is looked for, whole rows read as text. */
async function tracesOf(...traces: string[]): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public' order by 1`.execute(context.db);
  const found: string[] = [];
  for (const { name } of tables) {
    const like = sql.join(
      traces.map((trace) => sql`x::text ilike ${`%${trace}%`}`),
      sql` or `,
    );
    const { rows } = await sql`select 1 from ${sql.table(name)} x where ${like} limit 1`.execute(context.db);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

describe('deletion', () => {
  const ask = (visitor: Awaited<ReturnType<typeof signIn>>, word = CONFIRMATION) =>
    visitor.post('/settings/delete', { word });

  test('says what goes and what stays with the law and the term, and wants the word typed', async () => {
    const { visitor } = await aPerson();
    const { body } = await visitor.get('/settings/delete');
    for (const words of ['Черновики обращений', '402-ФЗ', '5 лет', 'ещё не сверил', 'Без имени'])
      expect(body.replaceAll('\u00a0', ' ')).toContain(words);
    for (const word of ['', 'удалит', 'да']) expect((await ask(visitor, word)).statusCode).toBe(422);
    expect((await visitor.get('/settings')).statusCode).toBe(200);
  });

  test('waits for unanswered appeals, unfinished payments and work in an organisation, and says so', async () => {
    const { visitor, personId } = await aPerson();
    const appeal = await buildAppeal(context, { houseId, authorId: personId });
    const { body } = await visitor.get('/settings/delete');
    expect(body).toContain(`На обращение № ${appeal.number}`);
    expect(body).not.toContain('name="word"');
    const refused = await visitor.post('/settings/delete', { word: CONFIRMATION }, '/vision');
    expect(refused.statusCode).toBe(409);
    await context.db
      .insertInto('employee')
      .values({
        organisation_id: organisationId,
        employee_id: newId(),
        person_id: personId,
        role: 'clerk',
        valid_from: '2020-01-01',
      })
      .execute();
    expect((await visitor.get('/settings/delete')).body).toContain('Вы сотрудник: УК «Двор»');
  });

  test('sees what comes between the look at what is in the way and the beginning', async () => {
    const { visitor, personId } = await aPerson();
    let asked: ReturnType<typeof ask> | undefined;
    await transaction(context.db, async (trx) => {
      await sql`select from person where person_id = ${personId} for share`.execute(trx);
      asked = ask(visitor);
      asked.catch(() => undefined);
      await expect
        .poll(async () => {
          const { rows } = await sql`
            select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(
            context.db,
          );
          return rows.length;
        })
        .toBe(1);
      await buildAppeal(context, { houseId, authorId: personId });
    });
    expect((await asked)?.statusCode).toBe(409);
    expect((await visitor.get('/settings')).statusCode).toBe(200);
  });

  test('leaves of a person only what is declared to stay; whoever signs in again is somebody new', async () => {
    const { visitor, personId, mark } = await aPerson();
    const appeal = await buildAppeal(context, { houseId, authorId: personId, answerEmail: `${mark}@example.test` });
    await sql`update appeal set state = 'withdrawn', phone = ${`+7${mark}`} where appeal_id = ${appeal.appealId}`.execute(
      context.db,
    );
    await sql`update own_appeal set state = 'withdrawn' where appeal_id = ${appeal.appealId}`.execute(context.db);
    await auditLook(context.db, await clerkOf(), {
      action: 'appeals.viewed',
      at: context.now,
      what: 'Обращение',
      thingId: appeal.appealId,
      subjects: [personId],
    });
    const claimId = newId();
    await sql`
      insert into connection_claim (organisation_id, claim_id, person_id, link_id, house_id, account_id, claimant_name, message,
        state, due_on, created_at)
      select ${organisationId}, ${claimId}, person_id, link_id, house_id, account_id, ${mark}, '', 'refused', '2026-11-01', created_at
      from account_link where person_id = ${personId}`.execute(context.db);
    await sql`update account_link set claim_id = ${claimId} where person_id = ${personId}`.execute(context.db);
    await visitor.post('/settings/export', {});
    expect((await ask(visitor)).headers.location).toBe('/goodbye');
    expect((await visitor.get('/settings')).statusCode).toBe(303);
    expect(
      await context.db.selectFrom('identity').select('subject').where('person_id', '=', personId).execute(),
    ).toEqual([]);
    await run('personal_data.erase', { personId });

    const declared = personParts.flatMap(({ stays }) => stays.flatMap(({ tables }) => tables));
    const byId = await tracesOf(personId);
    expect(byId.filter((table) => !declared.includes(table))).toEqual([]);
    for (const table of personParts.flatMap(({ deletes }) => deletes)) expect(byId).not.toContain(table);
    // The name stays where a law keeps what was written; contacts stay nowhere but in the letter about the deletion.
    expect(await tracesOf(`${mark}@example.test`, `+7${mark}`)).toEqual(['mail_message']);
    expect(await tracesOf(`Приметный${mark}`)).toEqual([]);
    const letters = await context.db
      .selectFrom('mail_message')
      .select('subject')
      .where('person_id', '=', personId)
      .execute();
    expect(letters).toEqual([{ subject: 'Ваши данные удаляются' }]);
    const erased = await context.db
      .selectFrom('person')
      .selectAll()
      .where('person_id', '=', personId)
      .executeTakeFirstOrThrow();
    expect(erased).toMatchObject({ kind: 'erased', family_name: '', snils: null, email: null, subject: null });

    // Three years later what no law keeps any longer goes; what money and others' matters are made of stays.
    const ended = ['acceptance', 'connection_claim'];
    const ownEvents = async () =>
      (await context.db.selectFrom('audit_event').select('action').where('person_id', '=', personId).execute()).length;
    const release = personalDataSchedule(personParts).find(({ name }) => name === 'personal_data.release')!;
    await release.run(context, context.log);
    expect((await tracesOf(personId)).filter((table) => ended.includes(table))).toEqual(ended);
    expect(await ownEvents()).toBeGreaterThan(0);
    await sql`update erasure set finished_at = finished_at - interval '3 years 1 day' where person_id = ${personId}`.execute(
      context.db,
    );
    await release.run(context, context.log);
    const kept = await tracesOf(personId);
    expect(kept.filter((table) => ended.includes(table))).toEqual([]);
    expect(await ownEvents()).toBe(0);
    expect(kept).toEqual(expect.arrayContaining(['appeal', 'erasure', 'person']));
  });

  test('counts a term in years and days, and none that it does not know', () => {
    const now = new Date('2028-02-29T10:00:00Z');
    const termOf = (value: string, unit: string) => termBefore({ value, unit }, now)?.toISOString().slice(0, 10);
    expect([termOf('3', 'год'), termOf('90', 'день'), termOf('3', 'час'), termOf('', 'год')]).toEqual([
      '2025-03-01',
      '2027-12-01',
      undefined,
      undefined,
    ]);
  });

  test('killed in the middle goes on where it stopped, and does nothing twice', async () => {
    const { visitor, personId } = await aPerson();
    await ask(visitor);
    const calls: string[] = [];
    let isBroken = true;
    const parts = personParts.map(
      (part, index): PersonPart => ({
        ...part,
        async erase(given, trx, id) {
          calls.push(part.name);
          await part.erase(given, trx, id);
          if (index === 3 && isBroken) throw new Error('killed');
        },
      }),
    );
    const job = eraseJob(parts);
    await expect(job.run(context, { personId }, context.log)).rejects.toThrow('killed');
    const half = await context.db
      .selectFrom('erasure')
      .selectAll()
      .where('person_id', '=', personId)
      .executeTakeFirstOrThrow();
    expect([half.done, half.finished_at]).toEqual([parts.slice(0, 3).map(({ name }) => name), null]);
    isBroken = false;
    calls.length = 0;
    await job.run(context, { personId }, context.log);
    expect(calls).toEqual(parts.slice(3).map(({ name }) => name));
    calls.length = 0;
    await job.run(context, { personId }, context.log);
    expect(calls).toEqual([]);
  });

  test('whose job was lost with its process is taken up again', async () => {
    const { visitor, personId } = await aPerson();
    await ask(visitor);
    await sql`delete from graphile_worker._private_jobs`.execute(context.db);
    context.now = new Date('2026-11-10T09:20:00Z');
    await personalDataSchedule(personParts)
      .find(({ name }) => name.endsWith('revive'))!
      .run(context, context.log);
    const { rows } = await sql<{ person: string }>`
      select payload->>'personId' as person from graphile_worker._private_jobs`.execute(context.db);
    expect(rows.map(({ person }) => person)).toContain(personId);
  });

  test('follows a consent that was taken back, after the days to change one’s mind', async () => {
    const { visitor, personId } = await aPerson();
    const other = await aPerson();
    for (const one of [visitor, other.visitor])
      expect((await one.post('/settings/consents/withdraw', {})).headers.location).toBe('/consent-withdrawn');
    const nightly = personalDataSchedule(personParts).find(({ name }) => name.endsWith('withdrawn'))!;
    const begun = () => context.db.selectFrom('erasure').select(['person_id', 'cause']).execute();
    const before = (await begun()).length;
    await nightly.run(context, context.log);
    expect(await begun()).toHaveLength(before);
    await sql`update consent_withdrawal set erase_at = null where person_id = ${other.personId}`.execute(context.db);
    context.now = new Date('2026-12-10T09:00:01Z');
    await nightly.run(context, context.log);
    expect((await begun()).slice(before)).toEqual([{ person_id: personId, cause: 'consent_withdrawn' }]);
    // Nobody who is being erased takes the place of those who wait.
    expect(await dueWithdrawals(context.db, context.now, null, 100)).toEqual([]);
  });
});
