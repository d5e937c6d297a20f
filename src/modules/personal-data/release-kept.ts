import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { dayIn } from '../../platform/month.ts';
import type { PersonPart } from '../../platform/person-part.ts';
import { type DatedRule, findRule } from '../../platform/rules/rules.ts';
import { lockErasure, markReleased, selectUnreleased } from './queries/erasures.ts';

const ZONE = 'Europe/Moscow';
const BATCH = 100;

/**
 * Removes what stayed of erased people for as long as a law wants it, when that has passed since the deletion. Everything that stayed is
 * older than the deletion, so nothing goes before its time.
 */
export async function releaseKept({ db, clock }: Pick<Context, 'db' | 'clock'>, parts: readonly PersonPart[]) {
  const stays = parts.flatMap((part) => part.stays);
  const releases = stays.flatMap(({ rule, release }) =>
    rule && typeof release === 'function' ? [{ rule, release }] : [],
  );
  for (const key of new Set(releases.map(({ rule }) => rule))) {
    const rule = await findRule(db, key, dayIn(ZONE, clock()));
    const before = rule && termBefore(rule, clock());
    if (!before) continue;
    for (;;) {
      const people = await selectUnreleased(db, key, before, BATCH);
      for (const personId of people)
        await transaction(db, async (trx) => {
          await lockErasure(trx, personId);
          for (const { release } of releases.filter((one) => one.rule === key)) await release(trx, personId);
          await markReleased(trx, personId, key);
        });
      if (people.length < BATCH) break;
    }
  }
}

/** The moment that is one term of the rule before now; null when the rule names no term that we can count. */
export function termBefore({ value, unit }: Pick<DatedRule, 'value' | 'unit'>, now: Date): Date | null {
  const count = /^\d{1,3}$/.test(value) ? Number(value) : null;
  const before = new Date(now);
  if (count === null) return null;
  if (unit === 'год') before.setUTCFullYear(now.getUTCFullYear() - count);
  else if (unit === 'день') before.setUTCDate(now.getUTCDate() - count);
  else return null;
  return before;
}
