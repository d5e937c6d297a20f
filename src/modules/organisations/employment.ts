import type { Acting, EmployeeRole } from '../../platform/access.ts';
import type { Db, Transaction } from '../../platform/database/database.ts';
import type { OrganisationId, PersonId } from '../../platform/ids.ts';
import { addDays, type Day, dayIn } from '../../platform/month.ts';
import { selectOrganisationByOgrn } from './queries/cards.ts';
import { endOtherEmployments, selectEmployment, selectEmployments, upsertEmployee } from './queries/employment.ts';

/** Organisations are of the country's calendar: an employment begins and ends by Moscow days. */
const ZONE = 'Europe/Moscow';

/**
 * Makes the person's employments what the identity provider says now. An organisation without a card here is passed over:
 * the administrator registers it first.
 */
export async function syncEmployment(
  trx: Transaction,
  personId: PersonId,
  claims: readonly { ogrn: string; role: 'head' | 'clerk' }[],
  today: Day,
): Promise<void> {
  const kept: OrganisationId[] = [];
  for (const claim of claims) {
    const organisation = await selectOrganisationByOgrn(trx, claim.ogrn);
    if (!organisation) continue;
    await upsertEmployee(trx, {
      organisationId: organisation.organisation_id,
      personId,
      role: claim.role,
      from: today,
    });
    kept.push(organisation.organisation_id);
  }
  await endOtherEmployments(trx, personId, kept, addDays(today, -1));
}

export interface CapacityOption {
  organisationId: OrganisationId;
  name: string;
  role: EmployeeRole;
}

/** The organisations that the person may act for now. */
export const listCapacities = (db: Db, personId: PersonId, now: Date): Promise<CapacityOption[]> =>
  selectEmployments(db, personId, dayIn(ZONE, now));

/** Null when the person does not work there on that day. */
export async function readActing(
  db: Db,
  organisationId: OrganisationId,
  personId: PersonId,
  on: Day,
): Promise<Acting | null> {
  const row = await selectEmployment(db, organisationId, personId, on);
  return row ? { organisationId, name: row.name, role: row.role, powers: row.powers ?? [], houses: null, through: null } : null;
}
