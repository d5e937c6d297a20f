import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { recountDesk } from '../../../src/modules/appeals/recount-desk.ts';
import { loadRegions } from '../../../src/modules/classifiers/index.ts';
import { insertClaim } from '../../../src/modules/connections/queries.ts';
import { summariseHouse } from '../../../src/modules/meters/summarise-house.ts';
import { insertUpload } from '../../../src/modules/uploads/queries/uploads.ts';
import {
  type ClaimId,
  type FileId,
  type HouseId,
  type LinkId,
  newId,
  type OrganisationId,
  type UploadId,
} from '../../../src/platform/ids.ts';
import { month } from '../../../src/platform/month.ts';
import { type BuiltAppeal, buildAppeal } from '../../support/appeals.ts';
import type { TestContext } from '../../support/context.ts';
import { buildMeterWorld, createMeterContext, type MeterWorld } from '../../support/meter-world.ts';
import { buildBill, buildEmployee, buildOrganisation, limitTo, signIn } from '../../support/rows.ts';

/**
 * An employee who is limited to one house of the organisation finds nothing of its other house: by a list, a search, a guessed id or a
 * form. Each request is made by a colleague without limits too, so that a test that finds nothing has asked for something.
 */
let context: TestContext;
let app: FastifyInstance;
let organisationId: OrganisationId;
let own: MeterWorld;
let other: MeterWorld;
let otherAppeal: BuiltAppeal;
let otherClaim: ClaimId;
let otherUpload: UploadId;
let formerUploads: UploadId[];
let ownUpload: UploadId;
type Visitor = Awaited<ReturnType<typeof signIn>>;
let limited: Visitor;
let colleague: Visitor;

async function aClaim(world: MeterWorld): Promise<ClaimId> {
  const claimId = newId<ClaimId>();
  await insertClaim(context.db, {
    ...{ organisationId, claimId, personId: world.personId, linkId: newId<LinkId>() },
    ...{ houseId: world.houseId, accountId: world.accountId, claimantName: `Заявитель ${world.houseId.slice(-4)}` },
    ...{ message: '', dueOn: '2026-11-20', at: context.clock() },
  });
  return claimId;
}

async function anUpload(uploadedBy: string, houses: HouseId[] | null = null): Promise<UploadId> {
  const uploadId = newId<UploadId>();
  await insertUpload(
    context.db,
    {
      ...{
        organisationId,
        uploadId,
        kind: 'readings',
        fileId: newId<FileId>(),
        fileName: `файл-${uploadId.slice(-4)}.xlsx`,
      },
      ...{ uploadedBy: uploadedBy as never, houses, throughId: null },
    },
    context.clock(),
  );
  return uploadId;
}

beforeAll(async () => {
  context = await createMeterContext();
  await loadRegions(context.db);
  context.now = new Date('2026-11-18T09:00:00Z');
  app = await createApp(context);
  organisationId = await buildOrganisation(context);
  own = await buildMeterWorld(context, { manager: organisationId });
  other = await buildMeterWorld(context, { manager: organisationId });
  const addressee = { organisationId, powerCode: '1' };
  for (const { houseId } of [own, other]) await summariseHouse(context, houseId);
  await buildAppeal(context, { houseId: own.houseId, addressee, text: 'Не горит лампа' });
  otherAppeal = await buildAppeal(context, { houseId: other.houseId, addressee, text: 'Не закрывается дверь' });
  await recountDesk.run(context, { organisationId, month: month('2026-11') }, context.log);
  await aClaim(own);
  otherClaim = await aClaim(other);
  const clerkId = await buildEmployee(context, organisationId);
  const dispatcherId = await buildEmployee(context, organisationId, 'dispatcher');
  await limitTo(context, organisationId, dispatcherId, [own.houseId]);
  otherUpload = await anUpload(clerkId);
  // Sent while more houses were open to them.
  formerUploads = [await anUpload(dispatcherId), await anUpload(dispatcherId, [own.houseId, other.houseId])];
  ownUpload = await anUpload(dispatcherId, [own.houseId]);
  colleague = await signIn(context, app, clerkId, organisationId);
  limited = await signIn(context, app, dispatcherId, organisationId);
  await buildBill(context, { ...other, providerId: organisationId, payable: 1000 });
});

/** Finds `text` for the colleague at the address, and not for the limited one; `shown`, of the own house, for both. */
async function expectHidden(url: string, text: string, shown?: string): Promise<void> {
  const [all, some] = [await colleague.get(url), await limited.get(url)];
  expect([all.statusCode, all.body.includes(text)]).toEqual([200, true]);
  expect([some.statusCode, some.body.includes(text)]).toEqual([200, false]);
  if (shown) expect([all.body.includes(shown), some.body.includes(shown)]).toEqual([true, true]);
}

async function expectNotFound(url: string): Promise<void> {
  expect((await colleague.get(url)).statusCode).toBe(200);
  expect((await limited.get(url)).statusCode).toBe(404);
}

/** What a page says, with plain spaces. */
const words = async (visitor: Visitor, url: string) => (await visitor.get(url)).body.replace(/[\u00a0\u202f]/g, ' ');

const refusedPost = async (url: string, fields: Record<string, string> = {}) =>
  (await limited.post(url, fields, '/work/houses')).statusCode;

describe('houses', () => {
  test('the list and its search', async () => {
    await expectHidden('/work/houses', other.houseId, own.houseId);
    await expectHidden(`/work/houses?search=${encodeURIComponent('лескова')}`, other.houseId, own.houseId);
  });
  test('pages of a guessed house', async () => {
    const house = `/work/houses/${other.houseId}`;
    for (const path of ['', '/entrances', '/owners', `/premises/${other.premisesId}`])
      await expectNotFound(house + path);
    expect((await limited.get(`/work/houses/${own.houseId}`)).statusCode).toBe(200);
  });
});

describe('accounts and their money', () => {
  test('the register, a card, a code', async () => {
    const house = `/work/houses/${other.houseId}/accounts`;
    const path = `${house}/${other.accountId}`;
    await expectNotFound(house);
    await expectNotFound(path);
    expect(await refusedPost(`${path}/code`)).toBe(404);
    const accountantId = await buildEmployee(context, organisationId, 'accountant');
    await limitTo(context, organisationId, accountantId, [own.houseId]);
    const accountant = await signIn(context, app, accountantId, organisationId);
    expect((await accountant.get(`${path}/money`)).statusCode).toBe(404);
    const { document_id } = await context.db
      .selectFrom('payment_document')
      .select('document_id')
      .where('house_id', '=', other.houseId)
      .executeTakeFirstOrThrow();
    expect((await accountant.get(`${path}/money/${document_id}`)).statusCode).toBe(404);
    const withdrawn = await accountant.post(
      `${path}/money/${document_id}/withdraw`,
      { reason: 'Ошибка' },
      '/work/houses',
    );
    expect(withdrawn.statusCode).toBe(404);
    expect((await accountant.get(`/work/houses/${own.houseId}/accounts/${own.accountId}/money`)).statusCode).toBe(200);
    // Money of the whole organisation is not for who has some of its houses.
    expect((await accountant.get('/work/shops')).statusCode).toBe(403);
    expect((await accountant.get('/work/payments/questions')).statusCode).toBe(403);
    expect((await accountant.get('/work')).body).not.toContain('/work/shops');
  });
});

describe('meters', () => {
  test('lists over houses, and their sums', async () => {
    await expectHidden('/work/meters', other.houseId, own.houseId);
    await expectHidden('/work/meters/missing', other.houseId, own.houseId);
    expect(await words(limited, '/work/meters')).toContain('из 3 приборов');
    expect(await words(colleague, '/work/meters')).toContain('из 6 приборов');
  });
  test('pages of a guessed house and device', async () => {
    const house = `/work/meters/${other.houseId}`;
    for (const path of ['', '/decisions', '/balance', `/${other.cold}`, `/${other.cold}/broken`, '/new'])
      if ((await colleague.get(house + path)).statusCode === 200)
        expect([path, (await limited.get(house + path)).statusCode]).toEqual([path, 404]);
    await expectNotFound(house);
    await expectNotFound(`${house}/${other.cold}`);
    await expectNotFound(`/work/meters/missing?house=${other.houseId}`);
    await expectNotFound(`/work/meters/window?house=${other.houseId}`);
  });
  test('forms and the file', async () => {
    const house = `/work/meters/${other.houseId}`;
    for (const path of ['/readings', '/decisions', '/ask'])
      expect([path, await refusedPost(house + path)]).toEqual([path, 404]);
    const wanted = { period: '2026-11', layout: 'csv' };
    expect(
      (await limited.post('/work/meters/export', { ...wanted, house: other.houseId }, '/work/meters/export'))
        .statusCode,
    ).toBe(404);
  });
});

describe('claims', () => {
  test('the queue, a guessed one, a decision', async () => {
    await expectHidden('/work/claims', otherClaim);
    await expectNotFound(`/work/claims/${otherClaim}`);
    expect(await refusedPost(`/work/claims/${otherClaim}`, { decision: 'approve' })).toBe(404);
    expect(await words(limited, '/work')).toContain('1 заявка');
    expect(await words(colleague, '/work')).toContain('2 заявки');
  });
});

describe('appeals', () => {
  test('the queue and its counts, searches by word and by number, figures', async () => {
    await expectHidden('/work/appeals', otherAppeal.number);
    await expectHidden(`/work/appeals/search?q=${encodeURIComponent('дверь')}`, otherAppeal.number);
    expect((await colleague.get(`/work/appeals/search?q=${otherAppeal.number}`)).statusCode).toBe(303);
    expect((await limited.get(`/work/appeals/search?q=${otherAppeal.number}`)).statusCode).toBe(200);
    const [all, some] = [colleague, limited].map((visitor) => visitor.get('/work/appeals/statistics.csv'));
    expect((await all!).body.trim().split('\n').length - (await some!).body.trim().split('\n').length).toBe(1);
  });
  test('a guessed one and forms', async () => {
    const path = `/work/appeals/${otherAppeal.houseId}/${otherAppeal.appealId}`;
    await expectNotFound(path);
    expect(await refusedPost(`${path}/notes`, { note: 'Заметка' })).toBe(404);
    expect(await refusedPost(`${path}/answer`, { part: otherAppeal.partId, text: 'Ответ', outcome: 'done' })).toBe(404);
    const pick = `pick.${otherAppeal.houseId}.${otherAppeal.appealId}.${otherAppeal.partId}`;
    const { person_id: assignee } = await context.db
      .selectFrom('employee')
      .select('person_id')
      .where('organisation_id', '=', organisationId)
      .executeTakeFirstOrThrow();
    await limited.post('/work/appeals/assign', { [pick]: '1', assignee }, '/work/houses');
    const part = await context.db
      .selectFrom('appeal_part')
      .selectAll()
      .where('part_id', '=', otherAppeal.partId)
      .executeTakeFirst();
    expect(part).toMatchObject({ state: 'received', performer_id: null });
  });
});

describe('uploads', () => {
  test('of colleagues are not there; files of houses and of the card are refused', async () => {
    for (const upload of [otherUpload, ...formerUploads]) {
      await expectHidden('/work/uploads', upload, ownUpload);
      await expectNotFound(`/work/uploads/${upload}`);
      expect(await refusedPost(`/work/uploads/${upload}/apply`, { policy: 'good_ones' })).toBe(404);
    }
    expect(await refusedPost(`/work/uploads/${ownUpload}/apply`, { policy: 'good_ones' })).toBe(409);
    expect((await limited.get('/work/uploads/new?kind=readings')).statusCode).toBe(200);
    for (const kind of ['houses', 'bills', 'organisation'])
      expect((await limited.get(`/work/uploads/new?kind=${kind}`)).statusCode).toBe(403);
    const clerkId = await buildEmployee(context, organisationId);
    await limitTo(context, organisationId, clerkId, [own.houseId]);
    const clerk = await signIn(context, app, clerkId, organisationId);
    expect((await clerk.get('/work/uploads/new?kind=houses')).body).toContain('Вам открыты только некоторые дома');
    expect((await clerk.get('/work/uploads/new?kind=bills')).statusCode).toBe(200);
  });
});

test('limited to no house, nothing is seen; a head is never limited', async () => {
  const nobodyId = await buildEmployee(context, organisationId, 'clerk');
  await limitTo(context, organisationId, nobodyId, []);
  const nobody = await signIn(context, app, nobodyId, organisationId);
  expect((await nobody.get('/work/houses')).body).not.toContain(own.houseId);
  const headId = await buildEmployee(context, organisationId, 'head');
  await limitTo(context, organisationId, headId, []);
  const head = await signIn(context, app, headId, organisationId);
  expect((await head.get('/work/houses')).body).toContain(own.houseId);
});
