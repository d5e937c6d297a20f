import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { actorOf, clerkOf } from '../../../tests/support/rows.ts';
import { transaction } from '../../platform/database/database.ts';
import type { Invalid } from '../../platform/errors.ts';
import {
  type DocumentId,
  newId,
  type OrganisationId,
  type PartId,
  type PersonId,
  type ReceiptId,
} from '../../platform/ids.ts';
import { kopecks } from '../../platform/money.ts';
import { month } from '../../platform/month.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { exposeDocuments } from './expose-documents.ts';
import type { NewDocument } from './payment-document.ts';
import { postReceipt, reverseReceipt } from './post-receipt.ts';
import { findImbalances, findUnevenDues } from './queries/imbalances.ts';
import { type BuiltHouse, buildDocument, buildHouse } from './test-rows.ts';
import { withdrawDocument } from './withdraw-document.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
});

const expose = async (house: BuiltHouse, ...documents: NewDocument[]) =>
  transaction(context.db, (trx) => exposeDocuments(trx, context, house.houseId, documents));

const pay = (
  house: BuiltHouse,
  amount: number,
  options: { period?: string; at?: string; part?: PartId; requisite?: number } = {},
) =>
  transaction(context.db, (trx) =>
    postReceipt(trx, context, {
      houseId: house.houseId,
      accountId: house.accountId,
      requisiteId: house.requisiteIds[options.requisite ?? 0]!,
      partId: options.part ?? newId<PartId>(),
      personId: null,
      amount: kopecks(amount),
      period: options.period ? month(options.period) : null,
      receivedAt: new Date(options.at ?? '2026-11-10T09:00:00Z'),
    }),
  );

/** [receivable, advance] of the account for a set of requisites; checks every sum of the house against the others first. */
async function balance(house: BuiltHouse, requisite = 0): Promise<[number, number]> {
  expect(await findImbalances(context.db, house.houseId)).toEqual([]);
  expect(await findUnevenDues(context.db, house.houseId)).toEqual([]);
  const row = await context.db
    .selectFrom('account_balance')
    .select(['receivable', 'advance'])
    .where('house_id', '=', house.houseId)
    .where('account_id', '=', house.accountId)
    .where('requisite_id', '=', house.requisiteIds[requisite]!)
    .executeTakeFirst();
  return [Number(row?.receivable ?? 0), Number(row?.advance ?? 0)];
}

/** What is settled by line of the documents of a month. */
async function settled(house: BuiltHouse, period: string): Promise<Record<number, number>> {
  const rows = await context.db
    .selectFrom('document_due')
    .select(['lines', 'line_settled'])
    .where('house_id', '=', house.houseId)
    .where('period', '=', `${period}-01`)
    .execute();
  return Object.fromEntries(
    rows.flatMap(({ lines, line_settled }) => lines.map((line, index) => [line, Number(line_settled[index])])),
  );
}

const clerk = (organisationId: OrganisationId) => clerkOf(newId<PersonId>(), organisationId);

describe('exposing is refused', () => {
  it('for another organisation’s account, with nothing written', async () => {
    const house = await buildHouse(context.db);
    const other = await buildHouse(context.db);
    const wrong = { ...buildDocument(house), providerId: other.providerId };
    await expect(expose(house, buildDocument(house, { number: 'good' }), wrong)).rejects.toMatchObject({
      code: 'invalid',
    });
    expect(await balance(house)).toEqual([0, 0]);
  });

  it('for unknown requisites, a line without its set, a repeated position and a bad body, all told at once', async () => {
    const house = await buildHouse(context.db);
    const stranger = newId<BuiltHouse['requisiteId']>();
    const bad = [
      buildDocument(house, { number: '1', lines: [{ payable: 1, requisiteId: stranger }] }),
      buildDocument(house, { number: '2', lines: [1, { payable: 2, position: 1 }] }),
      buildDocument(house, { number: '3', lines: [0.5] }),
    ];
    const refusal = await expose(house, ...bad).catch((error: unknown) => error);
    const fields = (refusal as Invalid).fields.map(({ field }) => field);
    expect(new Set(fields)).toEqual(new Set(['documents.0', 'documents.1', 'documents.2']));
  });

  it('for a unified bill id that another account has', async () => {
    const house = await buildHouse(context.db, { accounts: 2 });
    const uid = '77АВ999999-01-6101';
    await expose(house, buildDocument(house, { uid }));
    const second = buildDocument(house, { uid, number: 'other', accountId: house.accountIds[1]! });
    await expect(expose(house, second)).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('exposing', () => {
  it('bills once: the same content again changes nothing', async () => {
    const house = await buildHouse(context.db);
    const [first] = await expose(house, buildDocument(house, { lines: [60_000, 40_000] }));
    expect(first!.verdict).toBe('new');
    const [again] = await expose(house, buildDocument(house, { lines: [60_000, 40_000] }));
    expect(again).toMatchObject({ verdict: 'same', documentId: first!.documentId });
    expect(await balance(house)).toEqual([100_000, 0]);
  });

  it('makes unified ids that differ and can be looked up', async () => {
    const house = await buildHouse(context.db);
    const documents = Array.from({ length: 12 }, (_, index) => buildDocument(house, { number: `n${index}` }));
    await expose(house, ...documents);
    const { rows } = await sql<{
      value: string;
    }>`select value from unified_number where house_id = ${house.houseId}`.execute(context.db);
    expect(new Set(rows.map(({ value }) => value)).size).toBe(12);
    expect(rows.every(({ value }) => value.length === 18)).toBe(true);
  });

  it('corrects the document of the same number and month: the old one is withdrawn, what was paid stays', async () => {
    const house = await buildHouse(context.db);
    const [old] = await expose(house, buildDocument(house, { lines: [100_000] }));
    await pay(house, 30_000);
    const [corrected] = await expose(house, buildDocument(house, { lines: [80_000] }));
    expect(corrected!.verdict).toBe('changed');
    expect(await balance(house)).toEqual([50_000, 0]);
    const row = await context.db
      .selectFrom('payment_document')
      .select(['state', 'withdrawn_reason'])
      .where('house_id', '=', house.houseId)
      .where('document_id', '=', old!.documentId)
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ state: 'withdrawn', withdrawn_reason: 'Исправлен документом № A-2026-10' });
  });

  it('turns a negative document into a credit that settles older debt, the rest is an advance', async () => {
    const house = await buildHouse(context.db);
    await expose(house, buildDocument(house, { period: '2026-08', lines: [30_000] }));
    await expose(house, buildDocument(house, { period: '2026-09', lines: [20_000, -70_000] }));
    expect(await balance(house)).toEqual([0, 20_000]);
    await expose(house, buildDocument(house, { period: '2026-10', lines: [50_000] }));
    expect(await balance(house)).toEqual([30_000, 0]);
  });

  it('keeps voluntary insurance out of the debt until the payer pays exactly it', async () => {
    const house = await buildHouse(context.db);
    const lines = [100_000, { payable: 15_000, group: 'insurance', voluntary: true }];
    await expose(house, buildDocument(house, { lines, stated: 115_000, totals: { opening: 0 } }));
    expect(await balance(house)).toEqual([100_000, 0]);
    await pay(house, 115_000, { period: '2026-10' });
    expect(await balance(house)).toEqual([0, 0]);
    expect(await settled(house, '2026-10')).toEqual({ 1: 100_000, 2: 15_000 });
  });
});

describe('the statement of the organisation', () => {
  it('takes over debt that the ledger did not know', async () => {
    const house = await buildHouse(context.db);
    await expose(house, buildDocument(house, { lines: [100_000], stated: 250_000 }));
    expect(await balance(house)).toEqual([250_000, 0]);
    await pay(house, 160_000);
    expect(await settled(house, '2026-10')).toEqual({ 0: 150_000, 1: 10_000 });
  });

  it('lowers the debt when the organisation has counted money that we have not seen', async () => {
    const house = await buildHouse(context.db);
    await expose(house, buildDocument(house, { period: '2026-09', lines: [100_000] }));
    await expose(house, buildDocument(house, { period: '2026-10', lines: [100_000], stated: 120_000 }));
    expect(await balance(house)).toEqual([120_000, 0]);
  });

  it('does not bring back what was paid here after the day through which payments are counted', async () => {
    const house = await buildHouse(context.db);
    await expose(house, buildDocument(house, { period: '2026-09', lines: [100_000] }));
    await pay(house, 60_000, { at: '2026-10-24T21:30:00Z' });
    // In Moscow that is already 25 October: the issuer's file, closed on the 24th, cannot know it.
    const totals = { paidThroughDay: 24 };
    await expose(house, buildDocument(house, { period: '2026-10', lines: [100_000], stated: 200_000, totals }));
    expect(await balance(house)).toEqual([140_000, 0]);
  });

  it('counts that day in', async () => {
    const house = await buildHouse(context.db);
    await expose(house, buildDocument(house, { period: '2026-09', lines: [100_000] }));
    await pay(house, 60_000, { at: '2026-10-24T09:00:00Z' });
    const totals = { paidThroughDay: 24 };
    await expose(house, buildDocument(house, { period: '2026-10', lines: [100_000], stated: 200_000, totals }));
    expect(await balance(house)).toEqual([200_000, 0]);
  });

  it('brings back what was paid here before that day and the organisation did not count', async () => {
    const house = await buildHouse(context.db);
    await expose(house, buildDocument(house, { period: '2026-09', lines: [100_000] }));
    await pay(house, 60_000, { at: '2026-10-20T09:00:00Z' });
    await expose(house, buildDocument(house, { period: '2026-10', lines: [100_000], stated: 200_000 }));
    expect(await balance(house)).toEqual([200_000, 0]);
  });

  it('of zero agrees with an advance', async () => {
    const house = await buildHouse(context.db);
    await pay(house, 300_000, { at: '2026-10-02T09:00:00Z' });
    await expose(house, buildDocument(house, { lines: [100_000], stated: 0 }));
    expect(await balance(house)).toEqual([0, 200_000]);
  });

  it('covers an older document that comes late, but not the correction of one', async () => {
    const house = await buildHouse(context.db);
    await expose(house, buildDocument(house, { period: '2026-10', lines: [100_000], stated: 200_000 }));
    await expose(house, buildDocument(house, { period: '2026-09', lines: [100_000], stated: 100_000 }));
    expect(await balance(house)).toEqual([200_000, 0]);
    await expose(house, buildDocument(house, { period: '2026-09', lines: [70_000], stated: 70_000 }));
    expect(await balance(house)).toEqual([170_000, 0]);
  });

  it('of a debt document adds only debt that is not known here', async () => {
    const house = await buildHouse(context.db);
    await expose(house, buildDocument(house, { period: '2026-08', lines: [100_000] }));
    const debts = [
      { service: 'Отопление', month: '2026-08', amount: 100_000, requisiteId: house.requisiteId },
      { service: 'Отопление', month: '2026-07', amount: 40_000, requisiteId: house.requisiteId },
    ];
    await expose(house, buildDocument(house, { number: 'D', kind: 'debt', lines: [], body: { debts } }));
    expect(await balance(house)).toEqual([140_000, 0]);
  });
});

describe('a payment', () => {
  it('settles the named month first, else the oldest', async () => {
    const house = await buildHouse(context.db);
    for (const period of ['2026-08', '2026-09']) await expose(house, buildDocument(house, { period, lines: [10_000] }));
    await pay(house, 4_000, { period: '2026-09' });
    await pay(house, 3_000);
    expect(await settled(house, '2026-09')).toEqual({ 1: 4_000 });
    expect(await settled(house, '2026-08')).toEqual({ 1: 3_000 });
  });

  it('pays costs, then principal in proportion, then penalty', async () => {
    const house = await buildHouse(context.db);
    const set = { requisiteId: house.requisiteId };
    const penalties = [
      { kind: '1' as const, amount: 500, ...set },
      { kind: '3' as const, amount: 200, ...set },
    ];
    await expose(house, buildDocument(house, { lines: [100, 100, 100], body: { penalties } }));
    await pay(house, 300);
    expect(await settled(house, '2026-10')).toEqual({ [-2]: 200, 1: 34, 2: 33, 3: 33, [-1]: 0 });
    await pay(house, 600);
    expect(await settled(house, '2026-10')).toEqual({ [-2]: 200, 1: 100, 2: 100, 3: 100, [-1]: 400 });
  });

  it('passes over a debt beyond the limitation time unless it is named', async () => {
    const house = await buildHouse(context.db);
    await expose(house, buildDocument(house, { period: '2023-09', lines: [5_000] }));
    await pay(house, 2_000);
    expect(await balance(house)).toEqual([5_000, 2_000]);
    await pay(house, 1_000, { period: '2023-09' });
    expect(await balance(house)).toEqual([4_000, 2_000]);
  });

  it('never moves to another set of requisites', async () => {
    const house = await buildHouse(context.db, { requisites: 2 });
    const lines = [1_000, { payable: 2_000, requisiteId: house.requisiteIds[1]! }];
    await expose(house, buildDocument(house, { lines }));
    await pay(house, 5_000, { requisite: 0 });
    expect(await balance(house, 0)).toEqual([0, 4_000]);
    expect(await balance(house, 1)).toEqual([2_000, 0]);
  });

  it('is posted once for a part, also from two connections at once', async () => {
    const house = await buildHouse(context.db);
    await expose(house, buildDocument(house));
    const part = newId<PartId>();
    const answers = await Promise.all(Array.from({ length: 6 }, () => pay(house, 10_000, { part })));
    expect(answers.filter(({ posted }) => posted)).toHaveLength(1);
    expect(new Set(answers.map(({ receiptId }) => receiptId)).size).toBe(1);
    expect(await balance(house)).toEqual([90_000, 0]);
    await expect(pay(house, 11_000, { part })).rejects.toMatchObject({ code: 'part_posted_otherwise' });
  });

  it('is refused for an account of another house', async () => {
    const [house, other] = [await buildHouse(context.db), await buildHouse(context.db)];
    await expect(pay({ ...house, houseId: other.houseId }, 100)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('given back opens its debts again, also those that its advance settled', async () => {
    const house = await buildHouse(context.db);
    const { receiptId } = await pay(house, 150_000);
    await expose(house, buildDocument(house, { lines: [100_000] }));
    expect(await balance(house)).toEqual([0, 50_000]);
    const reverse = (id: ReceiptId) =>
      transaction(context.db, (trx) => reverseReceipt(trx, context, { houseId: house.houseId, receiptId: id }));
    expect(await reverse(receiptId)).toEqual({ reversed: true });
    expect(await balance(house)).toEqual([100_000, 0]);
    expect(await reverse(receiptId)).toEqual({ reversed: false });
  });

  it('for insurance given back takes the insurance back too', async () => {
    const house = await buildHouse(context.db);
    const lines = [100_000, { payable: 15_000, group: 'insurance', voluntary: true }];
    await expose(house, buildDocument(house, { lines }));
    const { receiptId } = await pay(house, 115_000, { period: '2026-10' });
    await transaction(context.db, (trx) => reverseReceipt(trx, context, { houseId: house.houseId, receiptId }));
    expect(await balance(house)).toEqual([100_000, 0]);
  });
});

describe('withdrawing', () => {
  it('is refused to anyone, to a resident, to another organisation, without a reason', async () => {
    const house = await buildHouse(context.db);
    const [document] = await expose(house, buildDocument(house));
    const command = { houseId: house.houseId, documentId: document!.documentId, reason: 'Ошибка в тарифе' };
    await expect(withdrawDocument(context, { kind: 'anonymous' }, command)).rejects.toMatchObject({ status: 401 });
    const resident = actorOf(newId<PersonId>());
    await expect(withdrawDocument(context, resident, command)).rejects.toMatchObject({ status: 403 });
    const stranger = clerk(newId<OrganisationId>());
    await expect(withdrawDocument(context, stranger, command)).rejects.toMatchObject({ status: 404 });
    const silent = { ...command, reason: ' ' };
    await expect(withdrawDocument(context, clerk(house.providerId), silent)).rejects.toMatchObject({ code: 'invalid' });
    expect(await balance(house)).toEqual([100_000, 0]);
  });

  it('frees what was paid for other debts, and takes back what the document stated', async () => {
    const house = await buildHouse(context.db);
    await expose(house, buildDocument(house, { period: '2026-09', lines: [30_000] }));
    const [document] = await expose(
      house,
      buildDocument(house, { period: '2026-10', lines: [50_000], stated: 100_000 }),
    );
    await pay(house, 60_000, { period: '2026-10' });
    expect(await balance(house)).toEqual([40_000, 0]);
    const command = { houseId: house.houseId, documentId: document!.documentId, reason: 'Ошибка в тарифе' };
    await withdrawDocument(context, clerk(house.providerId), command);
    expect(await balance(house)).toEqual([0, 30_000]);
    await expect(withdrawDocument(context, clerk(house.providerId), command)).rejects.toMatchObject({
      code: 'document_withdrawn',
    });
  });
});

describe('a bill of an older month that stands for one that was withdrawn', () => {
  const later = () => {
    context.now = new Date(context.now.getTime() + 60_000);
    return context.now;
  };
  const withdraw = (house: BuiltHouse, made: { documentId: DocumentId }[]) => {
    later();
    const command = { houseId: house.houseId, documentId: made[0]!.documentId, reason: 'Ошибка в тарифе' };
    return withdrawDocument(context, clerk(house.providerId), command);
  };
  const september = (house: BuiltHouse, lines: number[], stated: number | null = null, number = 'С') =>
    expose(house, { ...sketch(house, '2026-09', number, lines, stated), issuedAt: later() });
  const october = (house: BuiltHouse, stated: number) =>
    expose(house, { ...sketch(house, '2026-10', 'О', [120_000], stated), issuedAt: later() });
  const sketch = (house: BuiltHouse, period: string, number: string, lines: number[], stated: number | null) =>
    buildDocument(house, { period, number, lines, ...(stated === null ? {} : { stated }) });

  it('asks for its own charges: the newer statement knew the paid one', async () => {
    const house = await buildHouse(context.db);
    const wrong = await september(house, [221_200], 221_200);
    await pay(house, 221_200, { at: '2026-10-10T09:00:00Z' });
    await october(house, 120_000);
    await withdraw(house, wrong);
    expect(await balance(house)).toEqual([0, 101_200]);
    const right = await september(house, [180_000], 180_000);
    expect(await balance(house)).toEqual([78_800, 0]);
    await withdraw(house, right);
    await september(house, [200_000], 200_000);
    expect(await balance(house)).toEqual([98_800, 0]);
  });

  it('also when it had been corrected since', async () => {
    const house = await buildHouse(context.db);
    await september(house, [221_200], 221_200);
    await pay(house, 221_200, { at: '2026-10-10T09:00:00Z' });
    await october(house, 120_000);
    const corrected = await september(house, [200_000], 200_000);
    expect(await balance(house)).toEqual([98_800, 0]);
    await withdraw(house, corrected);
    await september(house, [180_000], 180_000);
    expect(await balance(house)).toEqual([78_800, 0]);
  });

  it.each([
    [[80_000], 350_000],
    [[0], 270_000],
    [[-5_000], 265_000],
  ])('with charges of %s brings again the debt that the one before it had brought, once', async (lines, owed) => {
    const house = await buildHouse(context.db);
    const wrong = await september(house, [100_000], 250_000);
    await october(house, 370_000);
    await withdraw(house, wrong);
    expect(await balance(house)).toEqual([120_000, 0]);
    const right = await september(house, lines, 230_000);
    expect(await balance(house)).toEqual([owed, 0]);
    // Another bill of the month is late, and covered, as it would have been.
    await september(house, [10_000], null, 'ещё');
    expect(await balance(house)).toEqual([owed, 0]);
    await withdraw(house, right);
    await september(house, [85_000], 235_000);
    expect(await balance(house)).toEqual([355_000, 0]);
  });

  it('whatever was done to another bill of the month meanwhile, in any order of a file', async () => {
    const house = await buildHouse(context.db);
    const wrong = await september(house, [100_000], 250_000, 'А');
    await september(house, [20_000], null, 'Б');
    await october(house, 390_000);
    await withdraw(house, wrong);
    await expose(
      house,
      { ...sketch(house, '2026-09', 'Б', [21_000], null), issuedAt: later() },
      { ...sketch(house, '2026-09', 'А', [80_000], 230_000), issuedAt: context.now },
    );
    expect(await balance(house)).toEqual([371_000, 0]);
  });

  it('and counts again as paid what that one had counted', async () => {
    const house = await buildHouse(context.db);
    await expose(house, buildDocument(house, { period: '2026-08', lines: [50_000] }));
    const wrong = await september(house, [100_000], 120_000);
    await october(house, 240_000);
    await withdraw(house, wrong);
    await september(house, [90_000], 110_000);
    expect(await balance(house)).toEqual([230_000, 0]);
  });

  it('but one that was withdrawn before the newer statement, or that it never knew, is covered by it', async () => {
    const house = await buildHouse(context.db);
    await withdraw(house, await september(house, [100_000], 100_000));
    await october(house, 200_000);
    const late = await september(house, [80_000], 80_000);
    expect(await balance(house)).toEqual([200_000, 0]);
    await withdraw(house, late);
    await september(house, [85_000], 85_000);
    expect(await balance(house)).toEqual([200_000, 0]);
  });

  it('is as if the withdrawn one had been corrected, whatever was stated and paid', { timeout: 60_000 }, async () => {
    const sum = fc.integer({ min: 0, max: 300_000 });
    const life = fc.record({
      wrong: fc.tuple(sum, fc.option(sum)),
      right: fc.tuple(sum, fc.option(sum)),
      other: fc.option(sum),
      october: sum,
      paid: fc.array(fc.tuple(fc.integer({ min: 1, max: 200_000 }), fc.constantFrom('09-20', '10-10', '11-05')), {
        maxLength: 3,
      }),
    });
    const owed = async (
      { wrong, right, other, paid, ...of }: typeof life extends fc.Arbitrary<infer T> ? T : never,
      isWithdrawn: boolean,
    ) => {
      const house = await buildHouse(context.db);
      const first = await september(house, [wrong[0]], wrong[1]);
      if (other !== null) await september(house, [other], null, 'ещё');
      for (const [amount, day] of paid) await pay(house, amount, { at: `2026-${day}T09:00:00Z` });
      await october(house, of.october);
      if (isWithdrawn) await withdraw(house, first);
      await september(house, [right[0]], right[1]);
      const [receivable, advance] = await balance(house);
      return receivable - advance;
    };
    await fc.assert(
      fc.asyncProperty(life, async (one) => {
        expect(await owed(one, true)).toBe(await owed(one, false));
      }),
      { numRuns: 30 },
    );
  });

  it('and a stray one that was withdrawn leaves the others covered', async () => {
    const house = await buildHouse(context.db);
    const stray = await september(house, [5_000], null, 'пени');
    await october(house, 225_000);
    await withdraw(house, stray);
    await september(house, [100_000]);
    expect(await balance(house)).toEqual([220_000, 0]);
  });
});

describe('two batches over the same accounts at once', () => {
  it('wait for one another, whatever their order, and both are written', async () => {
    const house = await buildHouse(context.db, { accounts: 20 });
    const batch = (period: string, ids: readonly BuiltHouse['accountId'][]) =>
      ids.map((accountId, index) =>
        buildDocument(house, { accountId, period, number: `${period}-${index}`, lines: [100] }),
      );
    await Promise.all([
      expose(house, ...batch('2026-08', house.accountIds)),
      expose(house, ...batch('2026-09', [...house.accountIds].reverse())),
      expose(house, ...batch('2026-10', house.accountIds)),
    ]);
    expect(await balance(house)).toEqual([300, 0]);
  });

  it('the same batch twice at once is written once', async () => {
    const house = await buildHouse(context.db);
    const answers = await Promise.all([expose(house, buildDocument(house)), expose(house, buildDocument(house))]);
    expect(
      answers
        .flat()
        .map(({ verdict }) => verdict)
        .sort(),
    ).toEqual(['new', 'same']);
    expect(await balance(house)).toEqual([100_000, 0]);
  });
});
