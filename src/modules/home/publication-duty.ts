import type { Db } from '../../platform/database/database.ts';
import { type Day, day } from '../../platform/month.ts';
import { selectRulesOf } from '../../platform/rules/queries.ts';
import { listRegions } from '../classifiers/index.ts';

/** A region where organisations need not publish everything yet. */
export interface LaterDuty {
  region: string;
  from: Day;
}

const KEY = 'publication.duty_from';

/**
 * Where the duty to publish in full lies ahead of today (S-DATE-2): the regions given, or all that have a date of their own.
 * The footnote of S-HOME-12 stands only while there are any.
 */
export async function readLaterDuties(db: Db, today: Day, regionCodes: readonly string[]): Promise<LaterDuty[]> {
  const regions = await listRegions(db);
  const asked = regionCodes.length > 0 ? regions.filter(({ code }) => regionCodes.includes(code)) : regions;
  const rules = await selectRulesOf(
    db,
    [KEY],
    asked.map(({ code }) => `region:${code}`),
  );
  return rules
    .map((rule) => ({ region: asked.find(({ code }) => code === rule.scopeId)!.name, from: day(rule.value) }))
    .filter(({ from }) => from > today);
}
