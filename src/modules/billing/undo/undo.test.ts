import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../../tests/support/context.ts';
import { clerkOf } from '../../../../tests/support/rows.ts';
import { transaction } from '../../../platform/database/database.ts';
import {
  type DocumentId,
  newId,
  type PartId,
  type PersonId,
  type ReceiptId,
  type UploadId,
} from '../../../platform/ids.ts';
import { kopecks } from '../../../platform/money.ts';
import { month } from '../../../platform/month.ts';
import { loadRules } from '../../../platform/rules/load.ts';
import { exposeDocuments } from '../expose-documents.ts';
import { postReceipt, reverseReceipt } from '../post-receipt.ts';
import { findImbalances, findUnevenDues } from '../queries/imbalances.ts';
import { type BuiltHouse, buildDocument, buildHouse } from '../test-rows.ts';
import { withdrawDocument } from '../withdraw-document.ts';
import { lookAtUploaded, undoUploaded } from './undo-documents.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
});

/** Each step happens later than the one before. */
const tick = () => {
  context.now = new Date(context.now.getTime() + 60_000);
};

async function expose(
  house: BuiltHouse,
  sketch: Parameters<typeof buildDocument>[1],
  uploadId: UploadId | null = null,
) {
  tick();
  const document = { ...buildDocument(house, sketch), uploadId };
  const [made] = await transaction(context.db, (trx) => exposeDocuments(trx, context, house.houseId, [document]));
  return made!.documentId;
}

async function pay(house: BuiltHouse, amount: number, named: string | null = null, requisiteId = house.requisiteId) {
  tick();
  const { houseId, accountId } = house;
  const { receiptId } = await transaction(context.db, (trx) =>
    postReceipt(trx, context, {
      ...{ houseId, accountId, requisiteId, partId: newId<PartId>(), personId: null },
      ...{ amount: kopecks(amount), period: named ? month(named) : null, receivedAt: context.now },
    }),
  );
  return receiptId;
}

function undo(house: BuiltHouse, uploadId: UploadId) {
  tick();
  return transaction(context.db, (trx) =>
    undoUploaded(trx, context, house.houseId, { uploadId, reason: 'Загружен не тот файл' }),
  );
}

/** What stands of a house's money, without the ids and the history of it. */
async function standing({ houseId }: BuiltHouse) {
  const rows = async (query: ReturnType<typeof sql>) => (await query.execute(context.db)).rows;
  return {
    balances: await rows(sql`select account_id, requisite_id, receivable, advance from account_balance
      where house_id = ${houseId} and (receivable > 0 or advance > 0) order by 1, 2`),
    documents:
      await rows(sql`select account_id, number, period, kind, uid, charged, penalty, stated, carried, issued_at, body
      from payment_document where house_id = ${houseId} and state = 'exposed' order by period, number`),
    dues: await rows(sql`select p.number, p.period, d.requisite_id, d.due, d.settled, d.stated,
      (select json_agg(json_build_array(l, x, s) order by l) from unnest(d.lines, d.line_due, d.line_settled) as o (l, x, s)) as lines
      from document_due d join payment_document p using (house_id, document_id)
      where d.house_id = ${houseId} and p.state = 'exposed' order by p.period, p.number, d.requisite_id`),
    receipts:
      await rows(sql`select account_id, requisite_id, source, amount, voluntary, period, received_at from receipt
      where house_id = ${houseId} and reversed_at is null order by received_at, source, amount, requisite_id`),
    uids: await rows(sql`select u.value, p.number, p.period from unified_number u join payment_document p
      on p.house_id = u.house_id and p.document_id = u.document_id where p.house_id = ${houseId} and p.state = 'exposed' order by 1`),
  };
}

async function isWhole({ houseId }: BuiltHouse) {
  expect(await findImbalances(context.db, houseId)).toEqual([]);
  expect(await findUnevenDues(context.db, houseId)).toEqual([]);
}

describe('what depends on an upload', () => {
  test('a payment that stands on its documents', async () => {
    const house = await buildHouse(context.db);
    const uploadId = newId<UploadId>();
    const documentId = await expose(house, { lines: [100_000] }, uploadId);
    const receiptId = await pay(house, 40_000);
    const before = await standing(house);
    const look = await undo(house, uploadId);
    expect(look.paid).toMatchObject([{ documentId, amount: 40_000n }]);
    expect(await standing(house)).toEqual(before);
    await transaction(context.db, (trx) => reverseReceipt(trx, context, { houseId: house.houseId, receiptId }));
    expect((await undo(house, uploadId)).paid).toEqual([]);
    expect(await standing(house)).toMatchObject({ balances: [], documents: [] });
    await isWhole(house);
  });

  test('no payment that went to older debts alone', async () => {
    const house = await buildHouse(context.db);
    await expose(house, { period: '2026-08', lines: [50_000] });
    const uploadId = newId<UploadId>();
    await expose(house, { period: '2026-09', lines: [70_000] }, uploadId);
    await pay(house, 30_000);
    expect(await undo(house, uploadId)).toMatchObject({ paid: [], later: [], asked: 70_000n });
    expect(await standing(house)).toMatchObject({ balances: [{ receivable: 20_000n, advance: 0n }] });
    await isWhole(house);
  });

  test('documents that came to its accounts later, corrections of its own among them', async () => {
    const house = await buildHouse(context.db);
    const [uploadId, correcting] = [newId<UploadId>(), newId<UploadId>()];
    await expose(house, { period: '2026-09', lines: [70_000] }, uploadId);
    await expose(house, { period: '2026-09', lines: [80_000] }, correcting);
    const later = await expose(house, { period: '2026-10', lines: [60_000] });
    expect(await undo(house, uploadId)).toMatchObject({
      documents: [],
      later: [{ uploadId: correcting }, { documentId: later }],
    });
    expect(await undo(house, correcting)).toMatchObject({ later: [{ documentId: later, uploadId: null }] });
    const clerk = clerkOf(newId<PersonId>(), house.providerId);
    await withdrawDocument(context, clerk, { houseId: house.houseId, documentId: later, reason: 'Ошибка' });
    expect(await undo(house, correcting)).toMatchObject({ later: [], restored: 1 });
    expect(await lookAtUploaded(context.db, house.houseId, uploadId)).toMatchObject({ asked: 70_000n, later: [] });
    await undo(house, uploadId);
    expect(await standing(house)).toMatchObject({ balances: [], documents: [] });
    await isWhole(house);
  });
});

test('versions stand again with what had been paid for them; undone twice, uploads go back step by step', async () => {
  const house = await buildHouse(context.db, { requisites: 2 });
  const [first, second] = [newId<UploadId>(), newId<UploadId>()];
  await expose(house, { period: '2026-08', lines: [90_000] });
  const insured = { payable: 1_500, voluntary: true, group: 'insurance' };
  await expose(house, { period: '2026-09', lines: [50_000, insured], stated: 150_000 }, first);
  await pay(house, 20_000, '2026-09');
  const before = await standing(house);
  await expose(house, { period: '2026-09', lines: [10_000], stated: 30_000 }, second);
  await undo(house, second);
  expect(await standing(house)).toEqual(before);
  // The payment stands on the first upload's document again.
  expect((await undo(house, first)).paid).toMatchObject([{ amount: 20_000n }]);
  await isWhole(house);
});

test('the trace stays: entries of the ledger are added, documents say when and why', async () => {
  const house = await buildHouse(context.db);
  const uploadId = newId<UploadId>();
  const documentId = await expose(house, { lines: [100_000] }, uploadId);
  await undo(house, uploadId);
  const { rows } =
    await sql`select kind, amount from ledger_entry where house_id = ${house.houseId} order by entry_id`.execute(
      context.db,
    );
  expect(rows).toEqual([
    { kind: 'bill', amount: 100_000n },
    { kind: 'withdrawal', amount: 100_000n },
  ]);
  const document = await context.db
    .selectFrom('payment_document')
    .select(['state', 'undone', 'withdrawn_reason'])
    .where('document_id', '=', documentId)
    .executeTakeFirstOrThrow();
  expect(document).toEqual({ state: 'withdrawn', undone: true, withdrawn_reason: 'Загружен не тот файл' });
  expect(await undo(house, uploadId)).toMatchObject({ documents: [], asked: 0n });
});

const PERIODS = ['2023-05', '2026-07', '2026-08', '2026-09', '2026-10'] as const;
const sketchOf = (periods: readonly string[], least: number, stated: fc.Arbitrary<number | undefined>) =>
  fc.record({
    do: fc.constant('expose' as const),
    period: fc.constantFrom(...periods),
    lines: fc.array(fc.integer({ min: least, max: 90_000 }), { minLength: 1, maxLength: 4 }),
    second: fc.boolean(),
    insured: fc.boolean(),
    stated,
  });
type Sketch = ReturnType<typeof sketchOf> extends fc.Arbitrary<infer T> ? T : never;
const lifeOf = (sketch: fc.Arbitrary<Sketch>) =>
  fc.oneof(
    { weight: 4, arbitrary: sketch },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('pay' as const),
        named: fc.option(fc.constantFrom(...PERIODS)),
        set: fc.integer({ min: 0, max: 1 }),
        amount: fc.integer({ min: 1, max: 200_000 }),
        exact: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), which: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('refund' as const), which: fc.nat(20) }) },
  );
type Step = ReturnType<typeof lifeOf> extends fc.Arbitrary<infer T> ? T : never;

function exposeSketch(house: BuiltHouse, one: Sketch, uploadId: UploadId | null) {
  const sets = house.requisiteIds;
  const charges = one.lines.map((payable, index) => ({ payable, requisiteId: sets[one.second ? index % 2 : 0]! }));
  const insurance = one.insured ? [{ payable: 1_500, voluntary: true, group: 'insurance' }] : [];
  const requisites = buildDocument(house).body.requisites.map((set, index) =>
    index === 0 && one.stated !== undefined ? { ...set, stated: one.stated } : set,
  );
  return expose(house, { period: one.period, lines: [...charges, ...insurance], body: { requisites } }, uploadId);
}

async function live(house: BuiltHouse, done: { documents: DocumentId[]; receipts: ReceiptId[] }, one: Step) {
  const { houseId } = house;
  if (one.do === 'expose') done.documents.push(await exposeSketch(house, one, null));
  if (one.do === 'pay') {
    const requisiteId = house.requisiteIds[one.set]!;
    const { rows } = await sql<{ receivable: bigint }>`select receivable from account_balance
      where house_id = ${houseId} and requisite_id = ${requisiteId}`.execute(context.db);
    const amount = one.exact ? Number(rows[0]?.receivable ?? 0n) + 1_500 : one.amount;
    done.receipts.push(await pay(house, amount, one.named, requisiteId));
  }
  tick();
  const documentId = one.do === 'withdraw' && done.documents[one.which % Math.max(1, done.documents.length)];
  const clerk = clerkOf(newId<PersonId>(), house.providerId);
  if (documentId)
    await withdrawDocument(context, clerk, { houseId, documentId, reason: 'Ошибка' }).catch(() => undefined);
  const receiptId = one.do === 'refund' && done.receipts[one.which % Math.max(1, done.receipts.length)];
  if (receiptId) await transaction(context.db, (trx) => reverseReceipt(trx, context, { houseId, receiptId }));
}

async function comesBack(steps: readonly Step[], loaded: readonly Sketch[]) {
  const house = await buildHouse(context.db, { requisites: 2 });
  const done = { documents: [], receipts: [] };
  for (const one of steps) await live(house, done, one);
  const before = await standing(house);
  const uploadId = newId<UploadId>();
  for (const one of loaded) await exposeSketch(house, one, uploadId);
  expect(await undo(house, uploadId)).toMatchObject({ paid: [], later: [] });
  expect(await standing(house)).toEqual(before);
  await isWhole(house);
}

describe('an upload that is applied and taken back leaves what was there, to the last kopeck of each line', () => {
  const property = (sketch: fc.Arbitrary<Sketch>) => {
    const loaded = fc.uniqueArray(sketch, { minLength: 1, maxLength: 3, selector: ({ period }) => period });
    const steps = fc.array(lifeOf(sketch), { maxLength: 7 });
    return fc.assert(fc.asyncProperty(steps, loaded, comesBack), { numRuns: 25, endOnFailure: true });
  };
  const stated = (least: number, freq: number) =>
    fc.option(fc.integer({ min: least, max: 300_000 }), { nil: undefined, freq });

  test('as bills usually are', { timeout: 120_000 }, () => property(sketchOf(PERIODS.slice(1), 1, stated(0, 3))));
  test('with recalculations below zero and debts beyond the limitation time', { timeout: 120_000 }, () =>
    property(sketchOf(PERIODS, -40_000, stated(-20_000, 5))),
  );
});
