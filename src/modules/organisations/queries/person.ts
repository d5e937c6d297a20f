import type { Db } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import '../tables.ts';

/** Which organisations the provider said the person belongs to. */
export async function deleteClaimedRoles(db: Db, personId: PersonId): Promise<void> {
  await db.deleteFrom('organisation_claim').where('person_id', '=', personId).execute();
}

/** Where and as whom a person has worked. */
export async function selectEmploymentHistory(db: Db, personId: PersonId) {
  return db
    .selectFrom('employee')
    .innerJoin('organisation', 'organisation.organisation_id', 'employee.organisation_id')
    .select(['organisation.full_name as organisation', 'employee.role', 'employee.post'])
    .select(['employee.valid_from as from', 'employee.valid_to as to'])
    .where('employee.person_id', '=', personId)
    .orderBy('employee.valid_from')
    .execute();
}
