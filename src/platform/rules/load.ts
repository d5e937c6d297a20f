import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v5 } from 'uuid';
import { z } from 'zod';
import type { Db } from '../database/database.ts';
import { insertMissingCalendarDays, insertMissingRules, markChecked } from './queries.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

const Rules = z.array(
  z.object({
    key: z.string().min(1),
    scope: z.enum(['federal', 'region', 'municipality', 'organisation', 'house', 'contract']),
    scopeId: z.string(),
    /** Both ends inclusive; null is open. */
    validFrom: day.nullable(),
    validTo: day.nullable(),
    value: z.string(),
    unit: z.string(),
    source: z.string().min(1),
    mark: z.enum(['checked', 'unchecked', 'operator']),
    mandatory: z.boolean(),
  }),
);
const Calendar = z.array(z.object({ day, working: z.boolean(), source: z.string().min(1) }));

/** Namespace of the ids of rows that come with the product: one row keeps its id from release to release. */
const NAMESPACE = '6f0c2c1e-5d0b-5a35-9d39-6f6b1f1f4a10';

/**
 * Adds the dated rules and the production calendar that come with the product and are not there yet. A row that the operator
 * changed stays, and so does an operator's row for the same days: nothing is overwritten but the mark of a row that this release has
 * compared with the text of the law. Safe to run at every start.
 */
export async function loadRules(db: Db, folder = 'data'): Promise<void> {
  const rules = Rules.parse(JSON.parse(await readFile(join(folder, 'rules.json'), 'utf8')));
  const calendar = Calendar.parse(JSON.parse(await readFile(join(folder, 'calendar.json'), 'utf8')));
  const rows = rules.map(({ scopeId, validFrom, validTo, ...rule }) => ({
    rule_id: v5([rule.key, rule.scope, scopeId, validFrom ?? ''].join(' '), NAMESPACE),
    ...rule,
    scope_id: scopeId,
    valid_from: validFrom,
    valid_to: validTo,
  }));
  await insertMissingRules(db, rows);
  await markChecked(db, rows);
  await insertMissingCalendarDays(db, calendar);
}
