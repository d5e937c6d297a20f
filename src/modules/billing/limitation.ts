import type { Db } from '../../platform/database/database.ts';
import { addMonths, dayIn, type Month, monthOf } from '../../platform/month.ts';
import { getWholeNumber } from '../../platform/rules/rules.ts';

/**
 * The oldest billing month whose claim is within the limitation time (ГК ст. 196): it fell due in the month after it.
 * @throws MissingRule
 */
export async function limitationOf(db: Db, place: { zone: string; regionCode: string; now: Date }): Promise<Month> {
  const today = dayIn(place.zone, place.now);
  const rules = { regionCode: place.regionCode };
  const years = await getWholeNumber(db, 'allocation.limitation_years', today, rules);
  const dueMonth = addMonths(monthOf(today), -12 * years);
  const dueDay = await getWholeNumber(db, 'payment.due_day', `${dueMonth}-01` as typeof today, rules);
  const stillInTime = dueDay === -1 || Number(today.slice(8)) <= dueDay;
  return addMonths(dueMonth, stillInTime ? -1 : 0);
}
