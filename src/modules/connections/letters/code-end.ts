import type { Db } from '../../../platform/database/database.ts';
import type { OrganisationId } from '../../../platform/ids.ts';
import { addDays, dayIn, startOfDay } from '../../../platform/month.ts';
import { getWholeNumber } from '../../../platform/rules/rules.ts';

/** Organisations are of the country's calendar. */
export const ZONE = 'Europe/Moscow';

/** The moment a code that is made now ends: the end of its last day, as the letter says. */
export async function codeEnd(db: Db, organisationId: OrganisationId, at: Date): Promise<Date> {
  const today = dayIn(ZONE, at);
  const days = await getWholeNumber(db, 'accounts.code_days', today, { organisationId });
  return startOfDay(ZONE, addDays(today, days + 1));
}

/** The last moment it works, for «до 23 декабря включительно». */
export const lastMomentOf = (expiresAt: Date): Date => new Date(expiresAt.getTime() - 1);
