import { beforeAll, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { transaction, violatedConstraint } from '../database/database.ts';
import { type HouseId, newId, type OrganisationId } from '../ids.ts';
import { day } from '../month.ts';
import { contractOf, findRule, loadRulesOf } from './rules.ts';
import { readRuleHistory, setRule } from './set-rule.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
});

const KEY = 'reading.window';
const from = (
  scopeId: string,
  start: string,
  value: string | null,
  scope: 'organisation' | 'contract' = 'organisation',
) =>
  transaction(context.db, (trx) =>
    setRule(trx, { key: KEY, scope, scopeId, from: day(start), value, unit: '', source: 'решение' }),
  );
const valueOn = async (organisationId: OrganisationId, on: string, houseId: HouseId | null = null) =>
  (await findRule(context.db, KEY, day(on), { organisationId, houseId }))?.value ?? null;

describe('setting a dated rule', () => {
  it('keeps the days before as they were', async () => {
    const own = newId<OrganisationId>();
    await from(own, '2026-01-01', '1..25');
    await from(own, '2026-12-01', '15..20');
    expect(await valueOn(own, '2025-12-31')).toBeNull();
    expect(await valueOn(own, '2026-11-30')).toBe('1..25');
    expect(await valueOn(own, '2026-12-01')).toBe('15..20');
    const history = await readRuleHistory(context.db, { key: KEY, scope: 'organisation', scopeId: own });
    expect(history.map(({ validFrom, validTo, value }) => [validFrom, validTo, value])).toEqual([
      ['2026-12-01', null, '15..20'],
      ['2026-01-01', '2026-11-30', '1..25'],
    ]);
  });

  it('takes the place of what was planned for later', async () => {
    const own = newId<OrganisationId>();
    await from(own, '2027-03-01', '1..10');
    await from(own, '2027-01-01', '1..20');
    expect(await valueOn(own, '2027-04-01')).toBe('1..20');
    await from(own, '2027-01-01', '1..21');
    expect(await valueOn(own, '2027-01-01')).toBe('1..21');
  });

  it('goes back to the wider rule from a day on', async () => {
    const own = newId<OrganisationId>();
    const house = newId<HouseId>();
    await from(own, '2026-01-01', '1..25');
    await from(contractOf(own, house), '2026-02-01', '10..15', 'contract');
    await from(contractOf(own, house), '2026-04-01', null, 'contract');
    expect(await valueOn(own, '2026-03-31', house)).toBe('10..15');
    expect(await valueOn(own, '2026-04-01', house)).toBe('1..25');
  });

  it('a contract binds one organisation in one house alone', async () => {
    const [own, other] = [newId<OrganisationId>(), newId<OrganisationId>()];
    const house = newId<HouseId>();
    await from(contractOf(own, house), '2026-01-01', '10..15', 'contract');
    expect(await valueOn(own, '2026-02-01')).toBeNull();
    expect(await valueOn(other, '2026-02-01', house)).toBeNull();
    const rules = await loadRulesOf(context.db, [KEY], [{ organisationId: own, houseId: house }]);
    expect(rules.find(KEY, day('2026-02-01'), { organisationId: own, houseId: house })?.value).toBe('10..15');
    expect(rules.find(KEY, day('2026-02-01'), { organisationId: other, houseId: house })).toBeNull();
  });

  it('two at once: one of them is refused, none is half done', async () => {
    const own = newId<OrganisationId>();
    const both = await Promise.allSettled([from(own, '2026-01-01', '1..25'), from(own, '2026-01-01', '2..26')]);
    const refused = both.filter((one) => one.status === 'rejected');
    expect(refused.length).toBeLessThanOrEqual(1);
    for (const one of refused) expect(violatedConstraint(one.reason)).toBe('dated_rule_no_overlap');
    const history = await readRuleHistory(context.db, { key: KEY, scope: 'organisation', scopeId: own });
    expect(history).toHaveLength(1);
  });
});
