import type { FastifyInstance } from 'fastify';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../../tests/support/context.ts';
import { anOgrn, buildEmployee, buildOrganisation, buildPerson, signIn } from '../../../../tests/support/rows.ts';
import { createApp } from '../../../app.ts';
import { transaction } from '../../../platform/database/database.ts';
import { newId, type PersonId } from '../../../platform/ids.ts';
import { loadClassifiers, loadRegions } from '../../classifiers/index.ts';
import { listCapacities, syncEmployment } from '../../organisations/index.ts';
import { staffPart } from '../person-part.ts';
import { APPLICATIONS, APPLICATIONS_DESK } from './paths.ts';

type Visitor = Awaited<ReturnType<typeof signIn>>;

let context: TestContext;
let app: FastifyInstance;
let administrator: Visitor;
let ogrn: string;
let headId: PersonId;
let head: Visitor;

beforeAll(async () => {
  context = await createTestContext();
  await loadClassifiers(context.db);
  await loadRegions(context.db);
  app = await createApp(context);
  administrator = await signIn(context, app, await buildPerson(context, { administrator: true }));
});

const claim = (personId: PersonId, role: 'head' | 'clerk' = 'head', of = ogrn) =>
  transaction(context.db, (trx) => syncEmployment(trx, personId, [{ ogrn: of, role }], context.clock()));

beforeEach(async () => {
  ogrn = anOgrn();
  headId = await buildPerson(context);
  await claim(headId);
  head = await signIn(context, app, headId);
});

const card = (changes: Record<string, string> = {}) => ({
  ...{ ogrn, kind: 'legal', kpp: '980101001', inn: '9801000016', region_code: '77' },
  ...{ full_name: 'Общество «Новый двор»', short_name: `ООО «Новый двор ${ogrn}»` },
  ...{ power_0: '1', region_0: '77' },
  ...changes,
});
const form = `${APPLICATIONS}/new`;
const send = (changes: Record<string, string> = {}, by = head) => by.post(form, card(changes), `${form}?ogrn=${ogrn}`);
const idOf = (location: unknown) => String(location).split('/').at(-1)!;
const decide = (applicationId: string, decision: string, reason: string) =>
  administrator.post(`${APPLICATIONS_DESK}/${applicationId}`, { decision, reason });
const organisations = () =>
  context.db.selectFrom('organisation').select('organisation_id').where('ogrn', '=', ogrn).execute();

describe('whoever may not', () => {
  test('a stranger signs in first; who heads no such organisation, who is not confirmed and who works for another are refused', async () => {
    expect((await app.inject(form)).statusCode).toBe(303);
    const person = await signIn(context, app, await buildPerson(context));
    expect((await person.get(`${form}?ogrn=${ogrn}`)).statusCode).toBe(404);
    expect((await person.post(form, card(), APPLICATIONS)).statusCode).not.toBe(303);
    const clerkId = await buildPerson(context);
    await claim(clerkId, 'clerk');
    const clerk = await signIn(context, app, clerkId);
    expect((await clerk.get(APPLICATIONS)).body).toContain('Зарегистрировать её может руководитель');
    expect((await clerk.get(`${form}?ogrn=${ogrn}`)).statusCode).toBe(404);
    const unconfirmedId = await buildPerson(context, { confirmed: false });
    await claim(unconfirmedId);
    const unconfirmed = await signIn(context, app, unconfirmedId);
    expect((await unconfirmed.get(APPLICATIONS)).body).toContain('нужна подтверждённая учётная запись');
    expect((await unconfirmed.get(`${form}?ogrn=${ogrn}`)).statusCode).toBe(403);
    const other = await buildOrganisation(context);
    const employee = await signIn(context, app, await buildEmployee(context, other, 'head'), other);
    expect((await employee.get(APPLICATIONS)).statusCode).toBe(403);
    expect(
      await context.db.selectFrom('organisation_application').selectAll().where('ogrn', '=', ogrn).execute(),
    ).toEqual([]);
  });

  test('the queue and decisions are the administrator’s', async () => {
    const applicationId = idOf((await send()).headers.location);
    for (const visitor of [head, await signIn(context, app, await buildPerson(context))]) {
      for (const path of [APPLICATIONS_DESK, `${APPLICATIONS_DESK}/${applicationId}`])
        expect((await visitor.get(path)).statusCode).toBe(403);
      const answer = await visitor.post(
        `${APPLICATIONS_DESK}/${applicationId}`,
        { decision: 'approve', reason: 'Да' },
        '/vision',
      );
      expect(answer.statusCode).toBe(403);
    }
    const stranger = await signIn(context, app, await buildPerson(context));
    expect((await stranger.get(`${APPLICATIONS}/${applicationId}`)).statusCode).toBe(404);
    expect((await administrator.get(`${APPLICATIONS_DESK}/${newId<never>()}`)).statusCode).toBe(404);
    expect(await organisations()).toEqual([]);
  });
});

describe('an application', () => {
  test.each([
    [{ inn: '9801000017' }, 'ИНН не проходит проверку'],
    [{ inn: ' ' }, 'Укажите ИНН'],
    [{ kpp: 'abc' }, 'КПП — девять знаков'],
    [{ short_name: ' ' }, 'Укажите краткое наименование'],
    [{ power_0: '', region_0: '' }, 'Выберите, чем занимается организация'],
    [{ power_0: '999' }, 'Выберите, чем занимается организация'],
    [{ region_0: '00' }, 'Выберите регион'],
    [{ power_1: '1', region_1: '77' }, 'уже названо выше'],
    [{ power_1: '8', region_1: '77', oktmo_1: '12' }, 'ОКТМО — 8 или 11 цифр'],
  ])('with %o is refused beside its field and keeps what was typed', async (changes, message) => {
    const answer = await send({ actual_address: 'ул. Тихая, 3', ...changes });
    expect([answer.statusCode, answer.body.includes(message), answer.body.includes('ул. Тихая, 3')]).toEqual([
      422,
      true,
      true,
    ]);
  });

  test('names the organisation of the provider, whatever the form says; a wrong ОГРН is none of the person’s', async () => {
    expect((await head.post(form, card({ ogrn: anOgrn() }), APPLICATIONS)).statusCode).not.toBe(303);
    expect((await send({ ogrn: 'x' })).statusCode).toBe(404);
  });

  test('waits once, tells the administrators, and is nowhere public', async () => {
    const answer = await send();
    expect(answer.statusCode).toBe(303);
    expect((await send()).statusCode).toBe(409);
    const secondHeadId = await buildPerson(context);
    await claim(secondHeadId);
    expect((await send({}, await signIn(context, app, secondHeadId))).statusCode).toBe(409);
    expect((await head.get(String(answer.headers.location))).body).toContain('Заявка рассматривается');
    expect((await administrator.get(APPLICATIONS_DESK)).body).toContain(ogrn);
    expect(await organisations()).toEqual([]);
    expect(await listCapacities(context.db, headId, context.clock())).toEqual([]);
    for (const path of [`/organisations/${idOf(answer.headers.location)}`])
      expect((await app.inject(path)).statusCode).toBe(404);
    expect((await administrator.get(`/administration/organisations?search=${ogrn}`)).body).toContain(
      'Ничего не нашлось',
    );
  });

  test('is said at the choice of capacity', async () => {
    expect((await head.get('/acting')).body).toContain('Ваша организация ещё не зарегистрирована');
    expect((await head.get('/')).body).toContain('Ваша организация здесь ещё не работает');
    expect((await head.get(APPLICATIONS)).body).toContain(`${form}?ogrn=${ogrn}`);
  });
});

describe('a decision', () => {
  test('needs its reason, either way', async () => {
    const applicationId = idOf((await send()).headers.location);
    for (const decision of ['approve', 'refuse']) {
      const answer = await decide(applicationId, decision, ' ');
      expect([answer.statusCode, answer.body.includes('Напишите, почему')]).toEqual([422, true]);
    }
    expect((await decide(applicationId, 'maybe', 'Да')).statusCode).toBe(422);
  });

  test('that refuses tells why; the applicant corrects and sends again, and the administrator sees both', async () => {
    const refusedId = idOf((await send({ phone: '+7 495 111-22-33' })).headers.location);
    expect((await decide(refusedId, 'refuse', 'КПП не этой организации')).statusCode).toBe(303);
    expect((await decide(refusedId, 'approve', 'Передумал')).statusCode).toBe(409);
    const page = (await head.get(`${APPLICATIONS}/${refusedId}`)).body;
    expect(page).toContain('КПП не этой организации');
    const list = (await head.get(APPLICATIONS)).body;
    expect([list.includes('КПП не этой организации'), list.includes('Исправить и отправить снова')]).toEqual([
      true,
      true,
    ]);
    const again = await head.get(`${form}?ogrn=${ogrn}`);
    expect(again.body).toContain('КПП не этой организации');
    expect(again.body).toContain('+7 495 111-22-33');
    // What was wrong stays in sight while it is mended.
    expect((await send({ inn: '1' })).body).toContain('КПП не этой организации');
    const sentId = idOf((await send({ kpp: '980101002' })).headers.location);
    expect((await administrator.get(`${APPLICATIONS_DESK}/${sentId}`)).body).toContain('КПП не этой организации');
    const stranger = await signIn(context, app, await buildPerson(context));
    expect((await stranger.get(`${form}?ogrn=${ogrn}`)).statusCode).toBe(404);
    const notices = await context.db.selectFrom('notice').select('object').where('person_id', '=', headId).execute();
    expect(notices).toEqual([{ object: `application ${refusedId} decided` }]);
  });

  test('stays when its sender is deleted; what waits goes', async () => {
    const applicationId = idOf((await send()).headers.location);
    await decide(applicationId, 'refuse', 'КПП не тот');
    await send();
    const own = () =>
      context.db.selectFrom('organisation_application').select('state').where('ogrn', '=', ogrn).execute();
    expect(await own()).toHaveLength(2);
    await transaction(context.db, (trx) => staffPart.erase(context, trx, headId));
    expect(await own()).toEqual([{ state: 'refused' }]);
  });

  test('that approves makes the card, its powers and its head, once', async () => {
    const applicationId = idOf((await send({ power_1: '8', region_1: '50', oktmo_1: '46748000' })).headers.location);
    const answers = await Promise.all([
      decide(applicationId, 'approve', 'Сверено с ЕГРЮЛ'),
      decide(applicationId, 'approve', 'Сверено с ЕГРЮЛ'),
    ]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 409]);
    const [made] = await organisations();
    const powers = await context.db
      .selectFrom('organisation_power')
      .select(['power_code', 'region_code', 'oktmo'])
      .where('organisation_id', '=', made!.organisation_id)
      .orderBy('power_code')
      .execute();
    expect(powers).toEqual([
      { power_code: '1', region_code: '77', oktmo: '' },
      { power_code: '8', region_code: '50', oktmo: '46748000' },
    ]);
    expect(await listCapacities(context.db, headId, context.clock())).toMatchObject([{ role: 'head' }]);
    expect((await head.get('/acting')).body).not.toContain('ещё не зарегистрирована');
    expect((await app.inject(`/organisations/${made!.organisation_id}`)).statusCode).toBe(200);
    const journal = await context.db
      .selectFrom('audit_event')
      .select(['action', 'subject_person_id'])
      .where('organisation_id', '=', made!.organisation_id)
      .execute();
    expect(journal).toEqual([{ action: 'application.approved', subject_person_id: headId }]);
  });

  test('does not approve whom the provider names a head no more, nor what somebody registered meanwhile', async () => {
    const applicationId = idOf((await send()).headers.location);
    await transaction(context.db, (trx) => syncEmployment(trx, headId, [], context.clock()));
    expect((await decide(applicationId, 'approve', 'Да')).statusCode).toBe(409);
    await claim(headId);
    await buildOrganisation(context, { ogrn });
    expect((await decide(applicationId, 'approve', 'Да')).statusCode).toBe(409);
    expect((await administrator.get(`${APPLICATIONS_DESK}/${applicationId}`)).body).toContain(
      'Организация с этим ОГРН уже есть',
    );
    expect((await decide(applicationId, 'refuse', 'Уже зарегистрирована')).statusCode).toBe(303);
  });
});
