import { type Selectable, sql } from 'kysely';
import type { Db, Tables } from '../database/database.ts';
import { addDays, type Day } from '../month.ts';

export type RuleScope = 'federal' | 'region' | 'municipality' | 'organisation' | 'house' | 'contract';

export interface DatedRule {
  ruleId: string;
  key: string;
  scope: RuleScope;
  scopeId: string;
  validFrom: Day | null;
  validTo: Day | null;
  value: string;
  unit: string;
  source: string;
  /** Whether somebody has compared it with the text of the law. */
  mark: 'checked' | 'unchecked' | 'operator';
  mandatory: boolean;
}

const toRule = (row: Selectable<Tables['dated_rule']>): DatedRule => ({
  ruleId: row.rule_id,
  key: row.key,
  scope: row.scope,
  scopeId: row.scope_id,
  validFrom: row.valid_from as Day | null,
  validTo: row.valid_to as Day | null,
  value: row.value,
  unit: row.unit,
  source: row.source,
  mark: row.mark,
  mandatory: row.mandatory,
});

/** Rows of a key in force on a day, of any of the scopes given as "scope:id". */
export async function selectRulesInForce(
  db: Db,
  key: string,
  on: Day,
  scopes: readonly string[],
): Promise<DatedRule[]> {
  const rows = await db
    .selectFrom('dated_rule')
    .selectAll()
    .where('key', '=', key)
    .where((where) => where.or([where('valid_from', 'is', null), where('valid_from', '<=', on)]))
    .where((where) => where.or([where('valid_to', 'is', null), where('valid_to', '>=', on)]))
    .where(sql`scope || ':' || scope_id`, '=', sql`any(${scopes as string[]}::text[])`)
    .execute();
  return rows.map(toRule);
}

/** All rows in force on a day, of keys that begin so, in the order of keys and from the widest scope to the narrowest. */
export async function selectRulesOn(db: Db, on: Day, prefix: string): Promise<DatedRule[]> {
  const rows = await db
    .selectFrom('dated_rule')
    .selectAll()
    .where((where) => where.or([where('valid_from', 'is', null), where('valid_from', '<=', on)]))
    .where((where) => where.or([where('valid_to', 'is', null), where('valid_to', '>=', on)]))
    .where(sql<boolean>`starts_with(key, ${prefix})`)
    .orderBy('key')
    .orderBy('scope')
    .orderBy('scope_id')
    .execute();
  return rows.map(toRule);
}

/** Days of the production calendar between two days, both inclusive. */
export async function selectCalendarDays(db: Db, from: Day, to: Day): Promise<Map<Day, boolean>> {
  const rows = await db
    .selectFrom('calendar_day')
    .select(['day', 'working'])
    .where('day', '>=', from)
    .where('day', '<=', to)
    .execute();
  return new Map(rows.map((row) => [row.day as Day, row.working]));
}

export async function selectLastCalendarDay(db: Db): Promise<Day | null> {
  const row = await db.selectFrom('calendar_day').select('day').orderBy('day', 'desc').limit(1).executeTakeFirst();
  return (row?.day as Day | undefined) ?? null;
}

/** Rows of some keys, of whatever days, of any of the scopes given as "scope:id": for many days in one statement. */
export async function selectRulesOf(db: Db, keys: readonly string[], scopes: readonly string[]): Promise<DatedRule[]> {
  const rows = await db
    .selectFrom('dated_rule')
    .selectAll()
    .where('key', '=', sql<string>`any(${keys}::text[])`)
    .where(sql`scope || ':' || scope_id`, '=', sql`any(${scopes}::text[])`)
    .execute();
  return rows.map(toRule);
}

/** `on conflict` without a target: also a row of the operator that overlaps these days wins. */
export async function insertMissingRules(db: Db, rows: readonly object[]): Promise<void> {
  await sql`insert into dated_rule select * from json_populate_recordset(null::dated_rule, ${JSON.stringify(rows)}::json)
    on conflict do nothing`.execute(db);
}

/** What a release has compared with the text of the law, on rows that say the same as when they came. */
export async function markChecked(db: Db, rows: readonly object[]): Promise<void> {
  await sql`update dated_rule known set mark = 'checked'
    from json_populate_recordset(null::dated_rule, ${JSON.stringify(rows)}::json) given
    where known.rule_id = given.rule_id and known.mark = 'unchecked' and given.mark = 'checked'
      and (known.value, known.unit, known.valid_to, known.mandatory, known.source)
        is not distinct from (given.value, given.unit, given.valid_to, given.mandatory, given.source)`.execute(db);
}

export async function insertMissingCalendarDays(db: Db, rows: readonly object[]): Promise<void> {
  await sql`insert into calendar_day select * from json_populate_recordset(null::calendar_day, ${JSON.stringify(rows)}::json)
    on conflict do nothing`.execute(db);
}

/** All rows of a key in one scope, the latest first. */
export async function selectRuleHistory(
  db: Db,
  { key, scope, scopeId }: Pick<DatedRule, 'key' | 'scope' | 'scopeId'>,
): Promise<DatedRule[]> {
  const rows = await db
    .selectFrom('dated_rule')
    .selectAll()
    .where('key', '=', key)
    .where('scope', '=', scope)
    .where('scope_id', '=', scopeId)
    .orderBy('valid_from', (order) => order.desc().nullsLast())
    .execute();
  return rows.map(toRule);
}

/** From the day on no row of the scope is in force: one that is ends the day before, those that would begin later are gone. */
export async function endRules(
  db: Db,
  { key, scope, scopeId }: Pick<DatedRule, 'key' | 'scope' | 'scopeId'>,
  from: Day,
): Promise<void> {
  await sql`delete from dated_rule where key = ${key} and scope = ${scope} and scope_id = ${scopeId}
    and valid_from >= ${from}::date`.execute(db);
  await sql`update dated_rule set valid_to = ${addDays(from, -1)}::date
    where key = ${key} and scope = ${scope} and scope_id = ${scopeId} and (valid_to is null or valid_to >= ${from}::date)`.execute(
    db,
  );
}

export async function insertRule(db: Db, rule: Omit<DatedRule, 'mark'>): Promise<void> {
  await db
    .insertInto('dated_rule')
    .values({
      rule_id: rule.ruleId,
      key: rule.key,
      scope: rule.scope,
      scope_id: rule.scopeId,
      valid_from: rule.validFrom,
      valid_to: rule.validTo,
      value: rule.value,
      unit: rule.unit,
      source: rule.source,
      mark: 'operator',
      mandatory: rule.mandatory,
    })
    .execute();
}
