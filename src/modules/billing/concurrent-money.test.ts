import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { clerkOf } from '../../../tests/support/rows.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict } from '../../platform/errors.ts';
import {
  type DocumentId,
  newId,
  type PartId,
  type PersonId,
  type ReceiptId,
  type UploadId,
} from '../../platform/ids.ts';
import { kopecks } from '../../platform/money.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { exposeDocuments } from './expose-documents.ts';
import { postReceipt, reverseReceipt } from './post-receipt.ts';
import { findImbalances, findUnevenDues } from './queries/imbalances.ts';
import { buildDocument, buildHouse } from './test-rows.ts';
import { undoUploaded } from './undo/undo-documents.ts';
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

test('an upload taken back while payments, refunds and corrections come leaves the money of the accounts whole', async () => {
  const house = await buildHouse(context.db, { accounts: 6 });
  const { houseId } = house;
  const requisiteId = house.requisiteIds[0]!;
  const uploadId = newId<UploadId>();
  const load = (accountId: (typeof house.accountIds)[number], payable: number, of: UploadId | null) => {
    const document = {
      ...buildDocument(house, { accountId, number: accountId.slice(0, 30), lines: [payable] }),
      uploadId: of,
    };
    return transaction(context.db, (trx) => exposeDocuments(trx, context, houseId, [document]));
  };
  const pay = (accountId: (typeof house.accountIds)[number], amount: number) =>
    transaction(context.db, (trx) =>
      postReceipt(trx, context, {
        ...{ houseId, accountId, requisiteId, partId: newId<PartId>(), personId: null, period: null },
        ...{ amount: kopecks(amount), receivedAt: context.now },
      }),
    );
  const undo = () =>
    transaction(context.db, async (trx) => {
      const look = await undoUploaded(trx, context, houseId, { uploadId, reason: 'Не тот файл' });
      return look.paid.length === 0 && look.later.length === 0;
    });
  for (const accountId of house.accountIds) await load(accountId, 50_000, null);
  for (const accountId of house.accountIds) await load(accountId, 90_000, uploadId);
  const [first, second] = house.accountIds;
  const [, , , , , ...undone] = await Promise.all([
    pay(first!, 20_000),
    pay(first!, 20_000),
    load(second!, 70_000, null),
    pay(second!, 5_000),
    withdrawDocument(context, clerkOf(newId<PersonId>(), house.providerId), {
      houseId,
      documentId: (await load(house.accountIds[2]!, 10_000, uploadId))[0]!.documentId,
      reason: 'Ошибка',
    }),
    undo(),
    undo(),
  ]);
  expect(await findImbalances(context.db, houseId)).toEqual([]);
  expect(await findUnevenDues(context.db, houseId)).toEqual([]);
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from payment_document
    where house_id = ${houseId} and upload_id = ${uploadId} and state = 'exposed'`.execute(context.db);
  // Whoever came first: the whole house was taken back before the payments, or stands as it is.
  expect(undone.some(Boolean) ? rows[0]!.count === 0 : rows[0]!.count > 0).toBe(true);
});
