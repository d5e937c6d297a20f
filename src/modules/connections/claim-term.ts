import type { Desk } from '../../platform/access.ts';
import type { Db } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import { type Day, dayIn } from '../../platform/month.ts';
import { addWorkingDays, getWholeNumber } from '../../platform/rules/rules.ts';
import { type ClaimCounts, selectClaimCounts } from './queries/claim-terms.ts';

/** Claims are answered by the organisations' calendar. */
export const CLAIM_ZONE = 'Europe/Moscow';

/** Claims whose term ends until this day, inclusive, are reminded of. */
export async function remindUntil(db: Db, organisationId: OrganisationId, today: Day): Promise<Day> {
  const days = await getWholeNumber(db, 'claims.remind_days', today, { organisationId });
  return days > 0 ? addWorkingDays(db, today, days) : today;
}

/** For the desk: what waits, what is late, and what soon will be. */
export async function countClaims(db: Db, desk: Desk, now: Date): Promise<ClaimCounts & { until: Day }> {
  const today = dayIn(CLAIM_ZONE, now);
  const until = await remindUntil(db, desk.organisationId, today);
  return { ...(await selectClaimCounts(db, desk, { today, until })), until };
}

/** The appeal about a claim that is late or was refused, with its fields filled: where it leads. */
export function appealAboutClaim(claim: {
  providerId: string;
  fiasGuid: string | null;
  number: string;
  /** Null: refused. */
  late: { sentOn: Day; dueOn: Day } | null;
}): string {
  const { providerId, fiasGuid, number, late } = claim;
  return `/appeals/new?${new URLSearchParams({
    about: 'connect',
    provider: providerId,
    ...(fiasGuid && { address: fiasGuid }),
    number,
    ...(late && { sent: late.sentOn, due: late.dueOn }),
  })}`;
}
