import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { clerkOf } from '../../../tests/support/rows.ts';
import { transaction } from '../../platform/database/database.ts';
import { type DocumentId, newId, type PartId, type PersonId, type ReceiptId } from '../../platform/ids.ts';
import { kopecks } from '../../platform/money.ts';
import { month } from '../../platform/month.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { exposeDocuments } from './expose-documents.ts';
import { postReceipt, reverseReceipt } from './post-receipt.ts';
import { findImbalances, findUnevenDues } from './queries/imbalances.ts';
import { type BuiltHouse, buildDocument, buildHouse } from './test-rows.ts';
import { withdrawDocument } from './withdraw-document.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
});

const period = fc.constantFrom('2023-05', '2026-07', '2026-08', '2026-09', '2026-10');
const lines = fc.array(fc.integer({ min: -40_000, max: 90_000 }), { minLength: 1, maxLength: 4 });
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('expose' as const),
      period,
      lines,
      second: fc.boolean(),
      insured: fc.boolean(),
      stated: fc.option(fc.integer({ min: -20_000, max: 300_000 }), { nil: undefined }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pay' as const),
      named: fc.option(period),
      set: fc.integer({ min: 0, max: 1 }),
      amount: fc.integer({ min: 1, max: 200_000 }),
      day: fc.integer({ min: 1, max: 28 }),
      exact: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reverse' as const), which: fc.nat(20) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Done {
  documents: DocumentId[];
  receipts: ReceiptId[];
  paid: Map<ReceiptId, bigint>;
}

async function run(house: BuiltHouse, done: Done, step: Step): Promise<void> {
  const { houseId, accountId } = house;
  if (step.do === 'expose') {
    const sets = house.requisiteIds;
    const charges = step.lines.map((payable, index) => ({ payable, requisiteId: sets[step.second ? index % 2 : 0]! }));
    const insurance = step.insured ? [{ payable: 1_500, voluntary: true, group: 'insurance' }] : [];
    // One number a month: exposing a month again is a correction, or nothing.
    const document = buildDocument(house, { period: step.period, lines: [...charges, ...insurance] });
    document.body.requisites[0]!.stated = step.stated;
    const [exposed] = await transaction(context.db, (trx) => exposeDocuments(trx, context, houseId, [document]));
    if (exposed!.verdict !== 'same') done.documents.push(exposed!.documentId);
  } else if (step.do === 'pay') {
    const requisiteId = house.requisiteIds[step.set]!;
    const open = await context.db
      .selectFrom('account_balance')
      .select('receivable')
      .where('house_id', '=', houseId)
      .where('requisite_id', '=', requisiteId)
      .executeTakeFirst();
    const amount = kopecks(step.exact ? BigInt(open?.receivable ?? 0n) + 1_500n : step.amount);
    const { receiptId } = await transaction(context.db, (trx) =>
      postReceipt(trx, context, {
        houseId,
        accountId,
        requisiteId,
        partId: newId<PartId>(),
        personId: null,
        amount,
        period: step.named ? month(step.named) : null,
        receivedAt: new Date(`2026-10-${String(step.day).padStart(2, '0')}T12:00:00Z`),
      }),
    );
    done.receipts.push(receiptId);
    done.paid.set(receiptId, amount);
  } else if (step.do === 'withdraw') {
    const documentId = done.documents[step.which % Math.max(1, done.documents.length)];
    const clerk = clerkOf(newId<PersonId>(), house.providerId);
    if (documentId)
      await withdrawDocument(context, clerk, { houseId, documentId, reason: 'Ошибка' }).catch((error) => {
        expect(error.code).toBe('document_withdrawn');
      });
  } else {
    const receiptId = done.receipts[step.which % Math.max(1, done.receipts.length)];
    if (receiptId) {
      await transaction(context.db, (trx) => reverseReceipt(trx, context, { houseId, receiptId }));
      done.paid.delete(receiptId);
    }
  }
}

/** Money that is in by the ledger. */
async function money(house: BuiltHouse): Promise<bigint> {
  const { rows } = await sql<{
    sum: bigint;
  }>`select coalesce(sum(case when debit = 'money' then amount when credit = 'money'
    then -amount else 0 end), 0)::bigint as sum from ledger_entry where house_id = ${house.houseId}`.execute(
    context.db,
  );
  return rows[0]!.sum;
}

/** Open advances beside open debts that an advance may settle: there must be none. */
async function idleAdvances(house: BuiltHouse) {
  const { rows } =
    await sql`select 1 from account_balance b join document_due d using (house_id, account_id, requisite_id)
    where b.house_id = ${house.houseId} and b.advance > 0 and d.settled < d.due and d.period >= '2023-11-01'`.execute(
      context.db,
    );
  return rows;
}

describe('whatever happens to an account', () => {
  it('its balance, ledger, dues and receipts agree, and no money is made or lost', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const house = await buildHouse(context.db, { requisites: 2 });
        const done: Done = { documents: [], receipts: [], paid: new Map() };
        for (const one of steps) {
          await run(house, done, one);
          expect(await findImbalances(context.db, house.houseId)).toEqual([]);
          expect(await findUnevenDues(context.db, house.houseId)).toEqual([]);
          expect(await money(house)).toBe([...done.paid.values()].reduce((a, b) => a + b, 0n));
          expect(await idleAdvances(house)).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
