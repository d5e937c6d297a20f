import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { newId, type OrganisationId, type PartId } from '../../platform/ids.ts';
import { kopecks } from '../../platform/money.ts';
import { month } from '../../platform/month.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { MissingRule } from '../../platform/rules/rules.ts';
import * as billing from './index.ts';
import { buildDocument, buildHouse } from './test-rows.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
});

const place = { regionCode: '77', oktmo: null, organisationId: newId<OrganisationId>() };
const dueDay = async (period: string) =>
  (await billing.loadDueDays(context.db, [{ period: month(period), place }]))(month(period), place).day;

describe('the due day', () => {
  it.each([
    // 10 January 2026 is a Saturday, after the holidays: Monday the 12th.
    ['2025-12', '2026-01-12'],
    ['2026-01', '2026-02-10'],
    // From 1 March 2026 the 15th, by law: Sunday 15 March moves to Monday.
    ['2026-02', '2026-03-16'],
    ['2026-03', '2026-04-15'],
    ['2026-10', '2026-11-16'],
  ])('of %s is %s', async (period, expected) => {
    expect(await dueDay(period)).toBe(expected);
  });

  it('of a contract counts only until the law made the day mandatory; -1 is the last day', async () => {
    const organisationId = newId<OrganisationId>();
    await sql`insert into dated_rule (rule_id, key, scope, scope_id, value, source, mark)
      values (${newId()}, 'payment.due_day', 'organisation', ${organisationId}, '-1', 'Договор', 'operator')`.execute(
      context.db,
    );
    const own = { ...place, organisationId };
    const periods = [month('2025-11'), month('2026-03')];
    const days = await billing.loadDueDays(
      context.db,
      periods.map((period) => ({ period, place: own })),
    );
    expect(periods.map((period) => days(period, own).day)).toEqual(['2025-12-31', '2026-04-15']);
  });

  it('is an error that names the key when nobody entered it', async () => {
    const empty = await createTestContext();
    const days = await billing.loadDueDays(empty.db, [{ period: month('2026-10'), place }]);
    expect(() => days(month('2026-10'), place)).toThrow(MissingRule);
  });
});

describe('loading the rules', () => {
  it('again changes nothing, and an operator’s row stays', async () => {
    const count = () => sql<{ n: bigint }>`select count(*) as n from dated_rule`.execute(context.db);
    const before = (await count()).rows[0]!.n;
    await sql`update dated_rule set value = '7' where key = 'claims.answer_days'`.execute(context.db);
    await loadRules(context.db);
    expect((await count()).rows[0]!.n).toBe(before);
    const { rows } = await sql`select value from dated_rule where key = 'claims.answer_days'`.execute(context.db);
    expect(rows).toEqual([{ value: '7' }]);
  });
});

describe('reading', () => {
  it('gives what accounts owe with the latest document, its due day and whether it is overdue', async () => {
    const house = await buildHouse(context.db, { accounts: 2 });
    await transaction(context.db, (trx) =>
      billing.exposeDocuments(trx, context, house.houseId, [
        buildDocument(house, { period: '2026-09', lines: [10_000] }),
        buildDocument(house, { period: '2026-10', lines: [20_000], stated: 30_000 }),
      ]),
    );
    const accounts = house.accountIds.map((accountId) => ({ houseId: house.houseId, accountId }));
    const [first, second] = await billing.readAccountsOwed(context.db, accounts, context.now);
    expect(first).toMatchObject({
      owed: 30_000n,
      latest: { period: '2026-10', total: 30_000n, issuer: 'ООО «Тёплый дом»' },
      dueDay: '2026-11-16',
      oldestDueDay: '2026-10-15',
      overdue: true,
    });
    expect(second).toMatchObject({ owed: 0n, latest: null, dueDay: null, overdue: false });
    expect((await billing.lastDocumentTotal(context.db, house.houseId, house.accountId))?.total).toBe(30_000n);
  });

  it('gives a document only to its own accounts, lists by key, and tells where a payment went', async () => {
    const house = await buildHouse(context.db, { accounts: 2 });
    const { houseId, accountId, requisiteId } = house;
    const periods = ['2026-07', '2026-08', '2026-09'];
    const exposed = await transaction(context.db, (trx) =>
      billing.exposeDocuments(
        trx,
        context,
        houseId,
        periods.map((period) => buildDocument(house, { period, lines: [10_000] })),
      ),
    );
    const id = exposed[0]!.documentId;
    expect(await billing.readDocument(context.db, houseId, [house.accountIds[1]!], id)).toBeNull();
    const document = await billing.readDocument(context.db, houseId, [accountId], id);
    expect(document).toMatchObject({ period: '2026-07-01', due: 10_000n, body: { lines: [{ payable: 10_000 }] } });
    const firstPage = await billing.listDocuments(context.db, houseId, accountId, { after: null, limit: 2 });
    const rest = await billing.listDocuments(context.db, houseId, accountId, { after: firstPage.at(-1)!, limit: 2 });
    expect([...firstPage, ...rest].map(({ period }) => period)).toEqual(['2026-09-01', '2026-08-01', '2026-07-01']);
    await transaction(context.db, (trx) =>
      billing.postReceipt(trx, context, {
        houseId,
        accountId,
        requisiteId,
        partId: newId<PartId>(),
        personId: null,
        amount: kopecks(15_000),
        period: null,
        receivedAt: context.now,
      }),
    );
    const [receipt] = await billing.listReceipts(context.db, houseId, accountId, { after: null, limit: 10 });
    expect(receipt!.allocations.map(({ period, amount }) => [period, amount])).toEqual([
      ['2026-07-01', '10000'],
      ['2026-08-01', '5000'],
    ]);
    expect(await billing.listLedger(context.db, houseId, accountId, { after: null, limit: 10 })).toHaveLength(5);
  });
});

describe('planning', () => {
  it('tells new, changed, same and bad apart, warns of figures that disagree, and writes nothing', async () => {
    const house = await buildHouse(context.db);
    const [same, old] = [buildDocument(house, { number: 's' }), buildDocument(house, { number: 'c' })];
    await transaction(context.db, (trx) => billing.exposeDocuments(trx, context, house.houseId, [same, old]));
    const plan = await billing.planDocuments(context.db, context, house.houseId, [
      same,
      buildDocument(house, { number: 'c', lines: [5_000] }),
      buildDocument(house, { number: 'n', period: '2026-09', lines: [{ payable: 1_000, accrued: 900 }] }),
      buildDocument(house, { number: 'b', lines: [] }),
    ]);
    expect(plan.map(({ verdict }) => verdict)).toEqual(['same', 'changed', 'new', 'bad']);
    expect(plan[2]!.messages).toHaveLength(1);
    expect(
      await billing.listDocuments(context.db, house.houseId, house.accountId, { after: null, limit: 9 }),
    ).toHaveLength(2);
  });

  it.each([
    ['a debt that was added', 40_000, { opening: 30_000 }, 0],
    ['an advance that covers all', 0, { opening: -30_000 }, 0],
    ['payments taken off', 25_000, { opening: 30_000, paid: 15_000 }, 0],
    ['no word of an older debt', 999_999, {}, 0],
    ['a slip of the pen', 999_999, { opening: 0 }, 1],
  ])('compares the stated total with the charges and the debt: %s', async (_, stated, totals, warnings) => {
    const house = await buildHouse(context.db);
    const document = buildDocument(house, { lines: [10_000], totals: { ...totals, stated } });
    const [plan] = await billing.planDocuments(context.db, context, house.houseId, [document]);
    expect(plan).toMatchObject({ verdict: 'new' });
    expect(plan!.messages.map((message) => message.replace(/\s/g, ' '))).toEqual(
      warnings === 0 ? [] : [expect.stringContaining('Итого к оплате 9 999,99 ₽, а начисления')],
    );
  });
});
