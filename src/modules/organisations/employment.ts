import { type Acting, DELEGATED_WORKS, type DelegatedWork, type EmployeeRole } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Db, Transaction } from '../../platform/database/database.ts';
import type { OrganisationId, PersonId } from '../../platform/ids.ts';
import { addDays, type Day, dayIn } from '../../platform/month.ts';
import { selectOrganisationByOgrn } from './queries/cards.ts';
import { type DelegatedRow, selectDelegatedOf, selectDelegatedTo } from './queries/delegations.ts';
import {
  type EmployeeRow,
  insertEmployee,
  lockEmployments,
  replaceClaims,
  selectEmployment,
  selectEmployments,
  updateEmployee,
} from './queries/employment.ts';
import { standingOf } from './standing.ts';
import type { ClaimedRole } from './tables.ts';

/** Organisations are of the country's calendar: an employment begins and ends by Moscow days. */
const ZONE = 'Europe/Moscow';

/**
 * Takes in what the identity provider says now of the person's organisations; `standingOf` tells what follows. An organisation without a
 * card here is only noted: its head may register it.
 */
export async function syncEmployment(
  trx: Transaction,
  personId: PersonId,
  claims: readonly { ogrn: string; role: ClaimedRole }[],
  at: Date,
): Promise<void> {
  const today = dayIn(ZONE, at);
  const claimed = new Map<OrganisationId, ClaimedRole>();
  for (const claim of claims) {
    const organisation = await selectOrganisationByOgrn(trx, claim.ogrn);
    if (organisation) claimed.set(organisation.organisation_id, claim.role);
  }
  await replaceClaims(trx, personId, claims, at);
  const known = await lockEmployments(trx, personId);
  for (const row of known) await applyClaim(trx, row, claimed.get(row.organisationId) ?? null, at);
  for (const [organisationId, role] of claimed)
    if (!known.some((row) => row.organisationId === organisationId))
      await insertEmployee(trx, {
        ...{ organisationId, personId, role, from: today, to: null },
        ...{ claimedRole: role, givenRole: null, givenUntil: null, invited: false, limited: false },
      });
}

async function applyClaim(
  trx: Transaction,
  row: EmployeeRow,
  claimedRole: ClaimedRole | null,
  at: Date,
): Promise<void> {
  const { organisationId, personId } = row;
  const returns = row.isDismissed && claimedRole === 'head';
  const standing = standingOf({ ...row, claimedRole });
  const today = dayIn(ZONE, at);
  const yesterday = addDays(today, -1);
  await updateEmployee(trx, row, {
    claimed_role: claimedRole,
    ...(standing
      ? { role: standing.role, valid_to: standing.until }
      : // What has ended already keeps its last day.
        { valid_to: row.to !== null && row.to < yesterday ? row.to : row.isDismissed ? (row.to ?? today) : yesterday }),
    ...(returns && { dismissed_at: null, dismissed_by: null, dismissal: null, limited: false }),
  });
  if (returns)
    await audit(trx, { actor: personId, action: 'employee.returned', at, organisationId, subject: personId });
}

export interface CapacityOption {
  /** The person's own organisation. */
  organisationId: OrganisationId;
  name: string;
  role: EmployeeRole;
  /** The organisation whose work is done, when the own one is a settlement centre that was let do it. */
  for: { organisationId: OrganisationId; name: string } | null;
}

/** The organisations that the person may act for now: their own first, then those that let a settlement centre work for them. */
export async function listCapacities(db: Db, personId: PersonId, now: Date): Promise<CapacityOption[]> {
  const today = dayIn(ZONE, now);
  const own = await selectEmployments(db, personId, today);
  const delegated = await selectDelegatedOf(db, personId, today);
  return [
    ...own.map((one) => ({ ...one, for: null })),
    ...delegated
      .filter((one) => worksOf(one).length > 0)
      .map((one) => ({
        organisationId: one.centreId,
        name: one.centre,
        role: one.role,
        for: { organisationId: one.organisationId, name: one.name },
      })),
  ];
}

/** What each role of a centre may do of the work that it was let do; a viewer nothing. */
const WORKS: Readonly<Record<EmployeeRole, readonly DelegatedWork[]>> = {
  head: DELEGATED_WORKS,
  clerk: DELEGATED_WORKS,
  accountant: ['accounts', 'bills'],
  dispatcher: ['readings', 'claims'],
  viewer: [],
};
const worksOf = ({ role, works }: DelegatedRow): DelegatedWork[] => works.filter((work) => WORKS[role].includes(work));

/** Null when the person does not work there on that day. */
export async function readActing(
  db: Db,
  organisationId: OrganisationId,
  personId: PersonId,
  on: Day,
): Promise<Acting | null> {
  const row = await selectEmployment(db, organisationId, personId, on);
  return row ? { organisationId, ...row, through: null } : null;
}

/** Acting for `organisationId` through the person's own settlement centre; null when that is not, or not any more, allowed. */
export async function readDelegated(
  db: Db,
  key: { centreId: OrganisationId; organisationId: OrganisationId; personId: PersonId },
  on: Day,
): Promise<Acting | null> {
  const row = await selectDelegatedTo(db, key, on);
  const works = row ? worksOf(row) : [];
  if (!row || works.length === 0) return null;
  const { organisationId, name, role, powers, houses, centreId, centre } = row;
  return { organisationId, name, role, powers, houses, through: { organisationId: centreId, name: centre, works } };
}
