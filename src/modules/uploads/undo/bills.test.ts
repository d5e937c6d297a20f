import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildLink, buildPerson, signIn } from '../../../../tests/support/rows.ts';
import { transaction } from '../../../platform/database/database.ts';
import { newId, type PartId, type PersonId, type RequisiteId } from '../../../platform/ids.ts';
import { kopecks } from '../../../platform/money.ts';
import { findImbalances, postReceipt, registerBills } from '../../billing/index.ts';
import { HEADS, LINES } from '../layouts/bills.ts';
import { selectUndo } from '../queries/undo.ts';
import { aHome, anAccount, type Home, head, line } from '../test-bills.ts';
import { type Clerk, Desk } from '../test-desk.ts';
import { xlsxOf } from '../test-workbooks.ts';
import type { Upload } from '../upload.ts';
import { undoUpload } from './undo-upload.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
  registerBills(desk.app, desk.context);
});

interface World extends Home {
  head: Clerk;
}

async function aWorld(): Promise<World> {
  const home = await aHome(desk);
  return { ...home, head: await desk.head(home.clerk.organisationId) };
}

async function load({ clerk, serviceId }: Home, payable: string, more: Record<string, string> = {}): Promise<Upload> {
  tick();
  const file = await xlsxOf([HEADS, [head({ serviceId, ...more })]], [LINES, [line({ payable })]]);
  return desk.apply(clerk, await desk.upload(clerk, 'bills', file));
}

/** Each step happens later than the one before. */
const tick = () => {
  desk.context.now = new Date(desk.context.now.getTime() + 60_000);
};

async function pay({ houseId, accountId }: Home, amount: number): Promise<void> {
  tick();
  const { rows } = await sql<{
    requisite_id: RequisiteId;
  }>`select requisite_id from document_due where house_id = ${houseId}`.execute(desk.context.db);
  const part = {
    houseId,
    accountId,
    requisiteId: rows[0]!.requisite_id,
    partId: newId<PartId>(),
    personId: null,
    period: null,
  };
  await transaction(desk.context.db, (trx) =>
    postReceipt(trx, desk.context, { ...part, amount: kopecks(amount), receivedAt: desk.context.now }),
  );
}

const documentsOf = async ({ houseId }: Home) =>
  desk.context.db
    .selectFrom('payment_document')
    .select(['document_id', 'state', 'undone', 'charged', 'replaces_id', 'restores_id'])
    .where('house_id', '=', houseId)
    .orderBy('document_id')
    .execute();

const owed = async ({ houseId }: Home): Promise<bigint> => {
  const { rows } = await sql<{ owed: bigint }>`select coalesce(sum(receivable - advance), 0)::bigint as owed
    from account_balance where house_id = ${houseId}`.execute(desk.context.db);
  return rows[0]!.owed;
};

/** A resident who has the account, with an address for letters. */
async function aResident({ houseId, accountId, clerk }: Home) {
  const personId = await buildPerson(desk.context);
  const email = `${personId}@example.test`;
  await desk.context.db.updateTable('person').set({ email }).where('person_id', '=', personId).execute();
  await buildLink(desk.context, { personId, houseId, accountId, providerId: clerk.organisationId });
  return { personId, ...(await signIn(desk.context, desk.app, personId)) };
}

const lettersTo = async (personId: PersonId) =>
  desk.context.db.selectFrom('mail_message').select(['subject', 'body']).where('person_id', '=', personId).execute();

describe('taking an upload back is refused', () => {
  test('to clerks, dispatchers, viewers, people of other organisations, and to strangers', async () => {
    const world = await aWorld();
    const { uploadId } = await load(world, '100');
    const path = `/work/uploads/${uploadId}/undo`;
    for (const role of ['clerk', 'dispatcher', 'viewer'] as const) {
      const employee = await desk.employee(role, world.clerk.organisationId);
      expect((await employee.get(path)).statusCode).toBe(403);
      expect((await employee.post(`${path}/look`, {}, `/work/uploads/${uploadId}`)).statusCode).toBe(403);
    }
    const other = await desk.head();
    expect((await other.get(path)).statusCode).toBe(404);
    expect((await other.post(`${path}/look`, {}, '/work/uploads/new')).statusCode).toBe(404);
    expect((await desk.app.inject({ url: path })).statusCode).toBe(303);
    expect((await world.clerk.get(`/work/uploads/${uploadId}`)).body).not.toContain(path);
    expect((await world.head.get(`/work/uploads/${uploadId}`)).body).toContain(path);
  });

  test('before it is applied, and after it was taken back', async () => {
    const world = await aWorld();
    const file = await xlsxOf([HEADS, [head({ serviceId: world.serviceId })]], [LINES, [line()]]);
    const upload = await desk.upload(world.clerk, 'bills', file);
    const path = `/work/uploads/${upload.uploadId}/undo`;
    expect((await world.head.get(path)).headers.location).toBe(`/work/uploads/${upload.uploadId}`);
    expect((await world.head.post(`${path}/look`, {}, `/work/uploads/${upload.uploadId}`)).statusCode).toBe(409);
    await desk.apply(world.clerk, upload);
    expect((await desk.undo(world.head, upload)).state).toBe('undone');
    expect((await world.head.post(`${path}/look`, {}, '/work/uploads/new')).statusCode).toBe(409);
  });

  test('without a reason, without the tick, and with figures that nobody has seen', async () => {
    const world = await aWorld();
    const upload = await load(world, '100');
    const path = `/work/uploads/${upload.uploadId}/undo`;
    expect((await world.head.post(path, { seen: '', reason: 'Ошибка', sure: 'yes' })).statusCode).toBe(409);
    const page = await desk.lookIntoUndo(world.head, upload);
    expect(page.replace(/\s/g, ' ')).toContain('отменить 1 квитанцию на 100,00 ₽');
    const empty = await desk.decideUndo(world.head, upload, page, ' ');
    expect([empty.statusCode, empty.body.includes('Жители это прочтут')]).toEqual([422, true]);
    const seen = /name="seen" value="([^"]*)"/.exec(page)![1]!;
    expect((await world.head.post(path, { seen, reason: 'Не тот файл' })).statusCode).toBe(422);
    expect((await world.head.post(path, { seen: 'asked:1', reason: 'Не тот файл', sure: 'yes' })).statusCode).toBe(409);
    expect((await documentsOf(world))[0]).toMatchObject({ state: 'exposed' });
  });

  test('while something paid depends on it: the list says what, and goes as a file', async () => {
    const world = await aWorld();
    const upload = await load(world, '100');
    await pay(world, 4_000);
    const page = await desk.lookIntoUndo(world.head, upload);
    expect(page).toContain('Отменить нельзя');
    expect(page.replace(/\s/g, ' ')).toContain('оплачено 40,00 ₽');
    expect(page).toContain('/work/uploads/new?kind=bills');
    expect((await desk.decideUndo(world.head, upload, page)).statusCode).toBe(409);
    const csv = await world.head.get(`/work/uploads/${upload.uploadId}/undo/dependents.csv`);
    expect(csv.body).toContain('Оплачено');
    expect(csv.body).toContain('ЛС № ЛС-1');
    expect(await owed(world)).toBe(6_000n);
  });

  test('while a later upload stands on it; taken back in turn, both go', async () => {
    const world = await aWorld();
    const first = await load(world, '100');
    const second = await load(world, '120');
    expect(await desk.lookIntoUndo(world.head, first)).toContain(`/work/uploads/${second.uploadId}/undo"`);
    expect((await desk.undo(world.head, second)).state).toBe('undone');
    expect(await owed(world)).toBe(10_000n);
    expect((await desk.undo(world.head, first)).state).toBe('undone');
    expect(await owed(world)).toBe(0n);
    expect(await findImbalances(desk.context.db, world.houseId)).toEqual([]);
  });

  test('while somebody is paying', async () => {
    const world = await aWorld();
    const upload = await load(world, '100');
    const { personId } = await aResident(world);
    const at = desk.context.now;
    const [orderId, paymentId] = [newId(), newId()];
    await sql`insert into payment_order (person_id, order_id, total, mode, created_at)
      values (${personId}, ${orderId}, 10000, 'steps', ${at})`.execute(desk.context.db);
    await sql`insert into payment (person_id, payment_id, order_id, position, shop_owner_id, shop_id, amount, description, state,
        idempotence_key, external_id, next_check_at, created_at, changed_at)
      values (${personId}, ${paymentId}, ${orderId}, 1, ${world.clerk.organisationId}, 's', 10000, 'ЖКУ', 'awaiting_payer', 'k', 'e', ${at}, ${at}, ${at})`.execute(
      desk.context.db,
    );
    await sql`insert into payment_part (person_id, part_id, order_id, payment_id, position, house_id, account_id, requisite_id,
        recipient_id, account_number, address, amount)
      select ${personId}, ${newId()}, ${orderId}, ${paymentId}, 1, ${world.houseId}, ${world.accountId}, requisite_id,
        ${world.clerk.organisationId}, 'ЛС-1', 'дом', 10000 from document_due where house_id = ${world.houseId}`.execute(
      desk.context.db,
    );
    expect(await desk.lookIntoUndo(world.head, upload)).toContain('Идёт оплата');
    await sql`update payment set state = 'abandoned', next_check_at = null where payment_id = ${paymentId}`.execute(
      desk.context.db,
    );
    expect(await desk.lookIntoUndo(world.head, upload)).not.toContain('Отменить нельзя');
  });
});

test('an accountant takes it back whole: documents, the page of the upload, the answer file, the trace', async () => {
  const world = await aWorld();
  const other = await anAccount(desk, world.clerk.organisationId, world.houseId, 'ЛС-2');
  const before = await load(world, '100');
  const file = await xlsxOf(
    [HEADS, [head({ serviceId: world.serviceId }), head({ serviceId: other.serviceId, document: '2' })]],
    [LINES, [line({ payable: '1000' }), line({ document: '2', payable: '5' })]],
  );
  tick();
  const upload = await desk.apply(world.clerk, await desk.upload(world.clerk, 'bills', file));
  expect(upload.state).toBe('applied');
  tick();
  const accountant = await desk.employee('accountant', world.clerk.organisationId);
  const done = await desk.undo(accountant, upload, 'Взяты не те тарифы');
  expect(done).toMatchObject({ state: 'undone', resultFileId: upload.resultFileId });
  const [old, wrong, second, again] = await documentsOf(world);
  expect([old, wrong, second].map((one) => one!.state)).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
  expect([wrong, second].map((one) => one!.undone)).toEqual([true, true]);
  expect(again).toMatchObject({
    state: 'exposed',
    charged: 10_000n,
    replaces_id: wrong!.document_id,
    restores_id: old!.document_id,
  });
  expect(await owed(world)).toBe(10_000n);
  const page = (await world.clerk.get(`/work/uploads/${upload.uploadId}`)).body;
  expect(page).toContain('Взяты не те тарифы');
  expect(page).toContain('Служащая');
  expect(page).toContain('/result');
  const { rows } = await sql<{ action: string }>`select action from audit_event
    where person_id = ${accountant.personId} and action like 'uploads.und%' order by event_id`.execute(desk.context.db);
  expect(rows.map(({ action }) => action)).toEqual(['uploads.undo_looked', 'uploads.undo_decided', 'uploads.undone']);
  // The first upload stands, and its file still changes nothing.
  const same = await desk.upload(
    world.clerk,
    'bills',
    await xlsxOf([HEADS, [head({ serviceId: world.serviceId })]], [LINES, [line({ payable: '100' })]]),
  );
  expect(same.documents).toMatchObject({ same: 1, new: 0, changed: 0 });
  expect((await desk.read(world.clerk, before.uploadId)).state).toBe('applied');
});

test('those who have seen a wrong bill are told once; others are not', async () => {
  const world = await aWorld();
  const upload = await load(world, '100');
  const [reader, other] = [await aResident(world), await aResident(world)];
  const [document] = await documentsOf(world);
  const path = `/bills/${world.houseId}/${document!.document_id}`;
  for (const _ of [1, 2]) expect((await reader.get(path)).statusCode).toBe(200);
  const { rows } = await sql`select from bill_view where document_id = ${document!.document_id}`.execute(
    desk.context.db,
  );
  expect(rows).toHaveLength(1);
  await desk.undo(world.head, upload, 'Взяты не те тарифы.');
  const letters = await lettersTo(reader.personId);
  expect(letters.map(({ subject }) => subject)).toEqual(['Квитанция отменена, платить по ней не нужно']);
  expect(letters[0]!.body).toContain('Взяты не те тарифы.');
  expect(await lettersTo(other.personId)).toEqual([]);
  const page = (await reader.get(path)).body;
  expect(page).toContain('Квитанция отменена организацией');
  expect(page).toContain('Взяты не те тарифы.');
  expect((await reader.get(`/movements/${world.houseId}/${world.accountId}`)).body).toContain('Отзыв квитанции');
});

describe('between the decision and the end', () => {
  async function decided(world: World): Promise<Upload> {
    const upload = await load(world, '100');
    const page = await desk.lookIntoUndo(world.head, upload);
    expect((await desk.decideUndo(world.head, upload, page)).statusCode).toBe(303);
    return upload;
  }

  test('a payment that was posted stops it whole, and whoever decided looks again', async () => {
    const world = await aWorld();
    const upload = await decided(world);
    await pay(world, 3_000);
    await desk.runQueue();
    expect(await selectUndo(desk.context.db, upload)).toMatchObject({ state: 'looked', dependents: 1 });
    const page = (await world.head.get(`/work/uploads/${upload.uploadId}/undo`)).body;
    expect(page).toContain('Пока вы решали, данные изменились');
    expect((await desk.read(world.clerk, upload.uploadId)).state).toBe('applied');
    expect(await owed(world)).toBe(7_000n);
  });

  test('payments that come meanwhile are on the account, before or after: never between', async () => {
    const world = await aWorld();
    const upload = await decided(world);
    await Promise.all([undoUpload(desk.context, upload), pay(world, 3_000), undoUpload(desk.context, upload)]);
    await desk.runQueue();
    const { state } = await desk.read(world.clerk, upload.uploadId);
    expect(await owed(world)).toBe(state === 'undone' ? -3_000n : 7_000n);
    expect(await findImbalances(desk.context.db, world.houseId)).toEqual([]);
  });

  test('a death leaves nothing behind, the repeat takes it back, and one more does nothing', async () => {
    const world = await aWorld();
    const upload = await decided(world);
    const before = await documentsOf(world);
    // The connection dies in the middle, as with its process.
    const dying = undoUpload({ ...desk.context, clock: dieAfter(desk, 2) }, upload);
    await expect(dying).rejects.toThrow();
    expect(await documentsOf(world)).toEqual(before);
    await desk.runQueue();
    await undoUpload(desk.context, upload);
    expect((await desk.read(world.clerk, upload.uploadId)).state).toBe('undone');
    expect((await documentsOf(world)).map(({ state }) => state)).toEqual(['withdrawn']);
  });
});

/** A clock that ends the work at its so-many-th look. */
function dieAfter({ context }: Desk, looks: number) {
  let left = looks;
  return () => {
    left -= 1;
    if (left < 0) throw new Error('killed');
    return context.now;
  };
}
