import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { createDatabase, createPool, type Db, transaction } from '../../platform/database/database.ts';
import { type DocumentId, newId, type PartId, type ReceiptId } from '../../platform/ids.ts';
import { kopecks } from '../../platform/money.ts';
import { month } from '../../platform/month.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { exposeDocuments } from './expose-documents.ts';
import { postReceipt } from './post-receipt.ts';
import * as documents from './queries/documents.ts';
import * as money from './queries/money.ts';
import * as reading from './queries/reading.ts';
import { type BuiltHouse, buildDocument, buildHouse } from './test-rows.ts';

/** Tables of billing that grow without end: nothing that is done for a person or a batch may read one of them whole. */
const GROWING = ['payment_document', 'document_due', 'receipt', 'allocation', 'ledger_entry', 'account_balance'];

let context: TestContext;
let house: BuiltHouse;
let exposed: DocumentId[];

beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  for (let index = 0; index < 4; index += 1) {
    house = await buildHouse(context.db, { accounts: 60 });
    const batch = ['2026-08', '2026-09', '2026-10'].flatMap((period) =>
      house.accountIds.map((accountId, at) =>
        buildDocument(house, { accountId, period, number: String(at), lines: [1_000, 2_000] }),
      ),
    );
    const made = await transaction(context.db, (trx) => exposeDocuments(trx, context, house.houseId, batch));
    exposed = made.map(({ documentId }) => documentId);
    for (const accountId of house.accountIds)
      await transaction(context.db, (trx) =>
        postReceipt(trx, context, {
          houseId: house.houseId,
          accountId,
          requisiteId: house.requisiteId,
          partId: newId<PartId>(),
          personId: null,
          amount: kopecks(4_000),
          period: null,
          receivedAt: context.now,
        }),
      );
  }
});

/** Runs a query as it is, with each statement explained on the way. */
async function plansOf(run: (db: Db) => Promise<unknown>): Promise<string> {
  const pool = createPool({ url: context.url, connections: 1 });
  const plans: string[] = [];
  const client = await pool.connect();
  // Few rows are read fastest whole; with this the planner takes an index wherever there is one that fits.
  await client.query('analyze');
  await client.query('set enable_seqscan = off');
  const query = client.query.bind(client) as (text: string, values?: unknown[]) => Promise<pg.QueryResult>;
  const explain = async (text: string, values?: unknown[]) => {
    if (/^\s*(select|with|update|insert)/i.test(text)) {
      const { rows } = await query(`explain ${text}`, values);
      plans.push(...rows.map((row) => String(row['QUERY PLAN'])));
    }
    return query(text, values);
  };
  const proxy = { query: explain, release: () => undefined };
  const db = createDatabase({ connect: async () => proxy, end: async () => undefined } as unknown as pg.Pool, {
    namedStatements: false,
  });
  await run(db);
  client.release();
  await pool.end();
  return plans.join('\n');
}

const cases: Record<string, (db: Db) => Promise<unknown>> = {
  selectAccounts: (db) => money.selectAccounts(db, house.houseId, house.accountIds),
  selectBalances: (db) => money.selectBalances(db, house.houseId, house.accountIds),
  selectDues: (db) => money.selectDues(db, house.houseId, house.accountIds.slice(0, 2), house.accountIds.slice(0, 2)),
  selectAllocations: (db) => money.selectAllocations(db, house.houseId, [house.accountId]),
  selectReceiptsOfDocuments: (db) => money.selectReceiptsOfDocuments(db, house.houseId, exposed.slice(0, 2)),
  selectReceipt: (db) => money.selectReceipt(db, house.houseId, newId<ReceiptId>()),
  selectReceiptOfPart: (db) => money.selectReceiptOfPart(db, house.houseId, newId()),
  selectPaymentsAfter: (db) => money.selectPaymentsAfter(db, house.houseId, house.accountIds, context.now),
  selectWithdrawnSince: (db) => money.selectWithdrawnSince(db, house.houseId, house.accountIds, month('2026-10')),
  selectStatementsSince: (db) => money.selectStatementsSince(db, house.houseId, house.accountIds, month('2026-10')),
  clearVoluntary: (db) => money.clearVoluntary(db, house.houseId, exposed.slice(0, 2)),
  selectExposedByNumber: (db) => documents.selectExposedByNumber(db, house.houseId, [house.providerId], ['1', '2']),
  selectDocuments: (db) => documents.selectDocuments(db, house.houseId, exposed.slice(0, 2)),
  countByMonth: (db) => documents.countByMonth(db, house.houseId, house.accountIds, ['2026-10-01']),
  selectOwed: (db) => reading.selectOwed(db, house.houseId, [house.accountId]),
  selectLastTotal: (db) => reading.selectLastTotal(db, house.houseId, house.accountId),
  selectDocumentHeads: (db) =>
    reading.selectDocumentHeads(db, house.houseId, house.accountId, { after: null, limit: 12 }),
  selectDocument: (db) => reading.selectDocument(db, house.houseId, [house.accountId], exposed[0]!),
  selectReceipts: (db) => reading.selectReceipts(db, house.houseId, house.accountId, { after: null, limit: 12 }),
  selectLedger: (db) => reading.selectLedger(db, house.houseId, house.accountId, { after: null, limit: 12 }),
};

describe('statements read growing tables by index', () => {
  it.each(Object.entries(cases))('%s', async (_name, run) => {
    const plan = await plansOf(run);
    const whole = GROWING.filter((table) => new RegExp(`Seq Scan on ${table}\\b`).test(plan));
    expect(plan).toContain('Index');
    expect(whole, plan).toEqual([]);
  });

  it('pages come out of the index in their order, without a sort', async () => {
    for (const name of ['selectDocumentHeads', 'selectReceipts', 'selectLedger', 'selectLastTotal'] as const) {
      const plan = await plansOf(cases[name]!);
      expect(
        plan.split('\n').filter((line) => /^\s{0,8}(->\s+)?(Incremental )?Sort/.test(line)),
        plan,
      ).toEqual([]);
    }
  });
});
