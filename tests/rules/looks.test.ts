import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { loadClassifiers } from '../../src/modules/classifiers/index.ts';
import { orderLetters } from '../../src/modules/connections/letters/order-letters.ts';
import { placeKey, recordOwnership, upsertPremises } from '../../src/modules/houses/index.ts';
import { insertPower, placeHouse } from '../../src/modules/organisations/index.ts';
import type { Role } from '../../src/platform/access.ts';
import { newId } from '../../src/platform/ids.ts';
import { loadRules } from '../../src/platform/rules/load.ts';
import { buildAppeal, receivePdf } from '../support/appeals.ts';
import { createTestContext, type TestContext } from '../support/context.ts';
import { buildMeter } from '../support/meters.ts';
import {
  buildAccount,
  buildBill,
  buildEmployee,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
  clerkOf,
  signIn,
} from '../support/rows.ts';
import { buildKey } from '../support/system.ts';

/**
 * Every page, file and answer that shows data of a resident to somebody else leaves an event in the journal, and a line for those whose
 * data it is. A new route of staff or of a program is in one of the two lists below, or this test fails.
 */
const STAFF: readonly Role[] = [
  'head',
  'clerk',
  'accountant',
  'dispatcher',
  'viewer',
  'centre',
  'centre for claims',
  'inspector',
  'chief inspector',
  'inspectorate viewer',
  'administrator',
  'system',
];

/** Opened by a clerk unless it says otherwise; `line`: whose line it is. */
const LOOKS: Readonly<Record<string, { by?: 'inspector' | 'administrator' | 'system'; line: 'person' | 'home' }>> = {
  '/work/houses/:houseId/owners': { line: 'home' },
  '/work/houses/:houseId/premises/:premisesId': { line: 'home' },
  '/work/houses/:houseId/premises/:premisesId/rights/:ownershipId/end': { line: 'home' },
  '/work/houses/:houseId/accounts': { line: 'home' },
  '/work/houses/:houseId/accounts/:accountId': { line: 'home' },
  '/work/houses/:houseId/accounts/:accountId/money': { line: 'home' },
  '/work/houses/:houseId/accounts/:accountId/money/:documentId': { line: 'home' },
  '/work/claims/:claimId': { line: 'person' },
  '/work/houses/:houseId/letters/:batchId': { line: 'home' },
  '/work/meters/:houseId': { line: 'home' },
  '/work/meters/:houseId/decisions': { line: 'home' },
  '/work/meters/:houseId/:meterId': { line: 'home' },
  '/work/meters/:houseId/:meterId/:action': { line: 'home' },
  '/work/appeals/:houseId/:appealId': { line: 'person' },
  '/work/appeals/:houseId/:appealId/files/:fileId': { line: 'person' },
  '/work/appeals/:houseId/:appealId/register': { line: 'person' },
  '/work/appeals/:houseId/:appealId/redirect': { line: 'person' },
  '/work/appeals/:houseId/:appealId/waive': { line: 'person' },
  '/work/territory/:houseId/:appealId': { by: 'inspector', line: 'person' },
  '/work/territory/:houseId/:appealId/files/:fileId': { by: 'inspector', line: 'person' },
  '/administration/support/:requestId': { by: 'administrator', line: 'person' },
  '/api/v1/readings': { by: 'system', line: 'home' },
  '/api/v1/meters': { by: 'system', line: 'home' },
};

/** What the rest show. */
const WHY_NOT: Readonly<Record<string, string>> = {
  '/work': 'counts',
  '/work/houses': 'addresses of houses and counts',
  '/work/houses/:houseId': 'numbers and areas of premises, nobody’s name or account',
  '/work/houses/:houseId/entrances': 'the building',
  '/work/houses/:houseId/card': 'the building',
  '/work/houses/:houseId/premises/:premisesId/disclose': 'asks for the purpose; the answer is written down with it',
  '/work/houses/:houseId/premises/:premisesId/rights/new': 'an empty form',
  '/work/uploads/:uploadId/disclose': 'asks for the purpose; the answer is written down with it',
  '/work/houses/:houseId/accounts/:accountId/disclose': 'asks for the purpose; the answer is written down with it',
  '/work/territory/:houseId/:appealId/disclose': 'asks for the purpose; the answer is written down with it',
  '/work/claims': 'masked names and terms; each is opened apart',
  '/work/meters': 'counts by house',
  '/work/meters/missing': 'counts by house; the list of one house is looked at below',
  '/work/meters/due': 'counts by house; the list of one house is looked at below',
  '/work/meters/waiting': 'counts by house',
  '/work/meters/export': 'a form; the file is looked at below',
  '/work/meters/window': 'the organisation’s own terms',
  '/work/meters/:houseId/balance': 'sums of a house, hidden where a home could be told',
  '/work/meters/:houseId/new': 'an empty form',
  '/meters/:houseId/:meterId/photos/:photoId': 'written down: src/modules/meters/resident/readings.test.ts',
  '/work/payments/questions': 'payments of the organisation’s own shop, without names',
  '/work/shops': 'the organisation’s own',
  '/work/appeals': 'masked names: each is opened apart',
  '/work/appeals/search': 'masked names: each is opened apart',
  '/work/appeals/statistics': 'counts',
  '/work/appeals/statistics.csv': 'counts',
  '/work/appeals/:houseId/:appealId/assign': 'opens the appeal as its page does: same use case as register',
  '/work/appeals/:houseId/:appealId/extend': 'opens the appeal as its page does: same use case as register',
  '/work/appeals/:houseId/:appealId/execute': 'opens the appeal as its page does: same use case as register',
  '/work/territory': 'lists without names: opened apart, for a purpose',
  '/work/territory/missing-houses': 'addresses without names',
  '/work/territory/requests': 'addresses without names',
  '/work/territory/statistics': 'counts',
  '/work/territory/statistics.csv': 'counts',
  '/work/houses/:houseId/letters':
    'asks for the purpose: an address and a number, nobody’s name; the letters are written down',
  '/work/houses/:houseId/letters/progress': 'counts',
  '/administration': 'counts and states of the installation',
  '/administration/support': 'the support’s own queue; each is opened apart',
  '/administration/support/statistics': 'counts',
  '/administration/mail': 'addresses that refuse letters, for whoever runs the mail',
  '/administration/files': 'names of files of the store',
  '/administration/split-shop': 'the installation’s own',
};
/** The organisation's own papers and people, and one's own settings: no resident's data. */
const OWN =
  /^\/(settings|reminders|attachments|administration\/(organisations|people|mail|checks|rules|claims)|work\/(organisation|api-keys|employees|staff|delegations?|houses-of-employees|appeals\/templates|uploads)|administration\/support\/templates)\b/;

let context: TestContext;
let app: FastifyInstance;
const ids: Record<string, string> = { action: 'seal' };
type Visitor = Awaited<ReturnType<typeof signIn>>;
const visitors = new Map<string, Visitor>();
let token = '';

beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  await loadClassifiers(context.db);
  const { db, now } = context;
  app = await createApp(context);
  const organisationId = await buildOrganisation(context);
  const houseId = await buildHouse(context, { managerId: organisationId, sourceId: organisationId });
  await placeHouse(db, { organisationId, houseId, address: 'ул. Лескова, д. 1', manages: true });
  const place = { category: 'residential' as const, number: '7' };
  const premisesId = (await upsertPremises(db, houseId, [place], now)).get(placeKey(place))!;
  const accountId = await buildAccount(context, { houseId, providerId: organisationId, premisesId });
  const head = await buildEmployee(context, organisationId, 'head');
  const resident = await buildPerson(context);
  await buildLink(context, { personId: resident, houseId, accountId, providerId: organisationId });
  await recordOwnership(
    context,
    clerkOf(head, organisationId, 'head'),
    {
      holder: 'person',
      familyName: 'Приметная',
      givenName: 'Анна',
      middleName: null,
      snils: '11223344595',
      numerator: 1n,
      denominator: 1n,
      kindCode: null,
      registrationNumber: '77:1',
      registeredOn: '2020-01-01',
      houseId,
      premisesId,
    } as never,
    undefined,
  );
  await buildBill(context, { houseId, accountId, providerId: organisationId, payable: 10_000 });
  const meterId = await buildMeter(context, {
    houseId,
    premisesId,
    accounts: [{ accountId, providerId: organisationId }],
  });
  const readingId = newId();
  await db
    .insertInto('reading')
    .values({
      house_id: houseId,
      reading_id: readingId as never,
      meter_id: meterId,
      resource: '1',
      kind: 'current',
      period: '2026-11-01',
      taken_on: '2026-11-05',
      t1: '5',
      source: 'resident',
      person_id: resident,
      entered_at: now,
      state: 'active',
    } as never)
    .execute();
  await db
    .insertInto('reading_delivery')
    .values({
      house_id: houseId,
      reading_id: readingId as never,
      provider_id: organisationId,
      account_id: accountId,
      meter_id: meterId,
      period: '2026-11-01',
      state: 'received',
      changed_at: now,
    } as never)
    .execute();
  const batchId = await orderLetters(context, clerkOf(head, organisationId, 'head'), {
    ...{ houseId, accountId, purpose: 'Подключение жителей', key: newId() as string },
  });
  const claimId = newId();
  await db
    .insertInto('connection_claim')
    .values({
      organisation_id: organisationId,
      claim_id: claimId as never,
      person_id: resident,
      link_id: newId(),
      house_id: houseId,
      account_id: accountId,
      claimant_name: 'Приметная Анна',
      message: '',
      state: 'open',
      due_on: '2026-11-20',
      created_at: now,
    } as never)
    .execute();
  // Before the appeal: it is told to the inspectorate of its territory as it is sent.
  const inspectorate = await buildOrganisation(context);
  const inspector = await buildEmployee(context, inspectorate, 'clerk', []);
  await insertPower(db, inspectorate, '4', '77');
  const appeal = await buildAppeal(context, {
    houseId,
    authorId: resident,
    addressee: { organisationId, powerCode: '1' },
    files: [await receivePdf(context)],
  });
  await db
    .updateTable('stored_file')
    .set({ verdict: 'clean', judged_at: now })
    .where('verdict', '=', 'waiting')
    .execute();
  const requestId = newId();
  await db
    .insertInto('support_request')
    .values({
      request_id: requestId as never,
      number: 'П-1',
      person_id: resident,
      name: 'Приметная',
      email: 'anna@example.test',
      kind_code: '1',
      due_on: '2026-11-20',
      subject: 'Вопрос',
      text: 'Вопрос',
      state: 'new',
      created_at: now,
      changed_at: now,
    } as never)
    .execute();
  const [document, ownership, file] = await Promise.all([
    db.selectFrom('payment_document').select('document_id as id').executeTakeFirstOrThrow(),
    db.selectFrom('ownership').select('ownership_id as id').executeTakeFirstOrThrow(),
    db.selectFrom('appeal_file').select('file_id as id').executeTakeFirstOrThrow(),
  ]);
  Object.assign(ids, {
    houseId,
    premisesId,
    accountId,
    meterId,
    batchId,
    claimId,
    requestId,
    appealId: appeal.appealId,
  });
  Object.assign(ids, { documentId: document.id, ownershipId: ownership.id, fileId: file.id });

  visitors.set('clerk', await signIn(context, app, head, organisationId));
  visitors.set('inspector', await signIn(context, app, inspector, inspectorate));
  visitors.set('administrator', await signIn(context, app, await buildPerson(context, { administrator: true })));
  token = await buildKey(context, organisationId, head);
}, 60_000);

const open = (by: string, url: string) =>
  by === 'system'
    ? app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${token}` } })
    : visitors.get(by)!.get(url);

const counts = async () => {
  const { rows } = await sql<{ events: number; person: number; home: number }>`
    select (select count(*) from audit_event)::int as events, (select coalesce(sum(times), 0) from person_look)::int as person,
      (select coalesce(sum(times), 0) from home_look)::int as home`.execute(context.db);
  return rows[0]!;
};

test('every page of staff and every answer to a program is in one of the lists', () => {
  const urls = app.routes
    .filter(({ method, access }) => method === 'GET' && access.some((role) => STAFF.includes(role)))
    .map(({ url }) => url);
  const unknown = urls.filter((url) => !(url in LOOKS) && !(url in WHY_NOT) && !OWN.test(url));
  expect(unknown).toEqual([]);
  expect([...Object.keys(LOOKS), ...Object.keys(WHY_NOT)].filter((url) => !urls.includes(url))).toEqual([]);
});

describe('what is shown of a resident is written down, and told to them', () => {
  test('an inspector names the purpose first', async () => {
    const { houseId, appealId } = ids;
    const path = `/work/territory/${houseId}/${appealId}/disclose`;
    const answer = await visitors.get('inspector')!.post(path, { purpose: 'court' }, '/vision');
    expect(answer.statusCode).toBe(303);
  });

  test.each(Object.entries(LOOKS))('%s', async (route, { by = 'clerk', line }) => {
    const url = route.replace(/:([a-zA-Z]+)/g, (_, name: string) => ids[name] ?? newId());
    const before = await counts();
    const page = await open(by, url);
    expect([page.statusCode, url]).toEqual([200, url]);
    const after = await counts();
    expect(after.events).toBeGreaterThan(before.events);
    expect(after[line]).toBeGreaterThan(before[line]);
    // Nobody has said for what: the name is hidden, but where the matter is the desk's own.
    if (line === 'home') expect(page.body).not.toContain('Приметная');
  });

  test.each(['missing', 'due'])('the list of one house: %s', async (list) => {
    await context.db
      .updateTable('meter')
      .set({ verified_on: '2020-12-01', verification_interval: 6, verify_by: '2026-12-01' })
      .execute();
    await sql`delete from reading_delivery`.execute(context.db);
    await sql`delete from reading where kind = 'current'`.execute(context.db);
    const before = await counts();
    expect((await open('clerk', `/work/meters/${list}?house=${ids.houseId}`)).statusCode).toBe(200);
    expect((await counts()).home).toBeGreaterThan(before.home);
  });
});

test('a disclosed record is shown in full for a while, with its purpose, and then hidden again', async () => {
  const path = `/work/houses/${ids.houseId}/premises/${ids.premisesId}`;
  const clerk = visitors.get('clerk')!;
  expect((await clerk.post(`${path}/disclose`, { purpose: 'other', note: 'так' })).statusCode).toBe(422);
  expect((await clerk.get(path)).body).not.toContain('Приметная');
  const answer = await clerk.post(`${path}/disclose`, { purpose: 'register', note: 'письмо № 8' });
  expect(answer.headers.location).toBe(path);
  expect((await clerk.get(path)).body).toContain('Приметная Анна');
  const { rows } = await sql<{ purpose: string }>`
    select purpose from home_look where not masked and about_id = ${ids.premisesId} order by look_id desc limit 1`.execute(
    context.db,
  );
  expect(rows[0]!.purpose).toBe('Сверка реестра собственников и лицевых счетов: письмо № 8');
  context.now = new Date(context.now.getTime() + 15 * 60_000);
  expect((await clerk.get(path)).body).not.toContain('Приметная');
});
