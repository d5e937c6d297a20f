import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { clerkOf } from '../../../tests/support/rows.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict } from '../../platform/errors.ts';
import { type DocumentId, newId, type PartId, type PersonId, type ReceiptId } from '../../platform/ids.ts';
import { kopecks } from '../../platform/money.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { exposeDocuments } from './expose-documents.ts';
import { postReceipt, reverseReceipt } from './post-receipt.ts';
import { findImbalances, findUnevenDues } from './queries/imbalances.ts';
import { buildDocument, buildHouse } from './test-rows.ts';
import { withdrawDocument } from './withdraw-document.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
});

test('bills, corrections, withdrawals, payments and refunds at once leave the money of the account whole', async () => {
  const house = await buildHouse(context.db);
  const { houseId, accountId } = house;
  const requisiteId = house.requisiteIds[0]!;
  const clerk = clerkOf(newId<PersonId>(), house.providerId);
  const expose = async (period: string, payable: number): Promise<DocumentId> => {
    const document = buildDocument(house, { period, lines: [payable] });
    return (await transaction(context.db, (trx) => exposeDocuments(trx, context, houseId, [document])))[0]!.documentId;
  };
  const pay = async (partId: PartId, amount: number): Promise<ReceiptId> => {
    const part = { houseId, accountId, requisiteId, partId, personId: null, amount: kopecks(amount), period: null };
    const receipt = (trx: Parameters<typeof postReceipt>[0]) =>
      postReceipt(trx, context, { ...part, receivedAt: context.now });
    return (await transaction(context.db, receipt)).receiptId;
  };
  const withdraw = (documentId: DocumentId) =>
    withdrawDocument(context, clerk, { houseId, documentId, reason: 'Ошибка' }).catch((error) => {
      if (!(error instanceof Conflict)) throw error;
    });
  const documents = await Promise.all(['2026-05', '2026-06', '2026-07'].map((period) => expose(period, 100_000)));
  const receipts = await Promise.all([150_000, 90_000].map((amount) => pay(newId<PartId>(), amount)));
  const twice = newId<PartId>();
  await Promise.all([
    withdraw(documents[0]!),
    withdraw(documents[0]!),
    pay(twice, 40_000),
    pay(twice, 40_000),
    expose('2026-06', 70_000),
    expose('2026-06', 70_000),
    ...receipts.flatMap((receiptId) =>
      [1, 2].map(() => transaction(context.db, (trx) => reverseReceipt(trx, context, { houseId, receiptId }))),
    ),
    expose('2026-08', 30_000),
    withdraw(documents[2]!),
  ]);
  expect(await findImbalances(context.db, houseId)).toEqual([]);
  expect(await findUnevenDues(context.db, houseId)).toEqual([]);
  const { rows } = await sql<{ owed: bigint }>`
    select sum(receivable - advance)::bigint as owed from account_balance where house_id = ${houseId}`.execute(
    context.db,
  );
  expect(rows[0]!.owed).toBe(70_000n + 30_000n - 40_000n);
});
