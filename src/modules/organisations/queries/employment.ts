import type { Db } from '../../../platform/database/database.ts';
import { newId, type OrganisationId, type PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import '../tables.ts';

/** The organisations that a person works for on a day. */
export async function selectEmployments(db: Db, personId: PersonId, on: Day) {
  return db
    .selectFrom('employee')
    .innerJoin('organisation', 'organisation.organisation_id', 'employee.organisation_id')
    .select(['employee.organisation_id as organisationId', 'employee.role', 'organisation.short_name as name'])
    .where('employee.person_id', '=', personId)
    .where('employee.valid_from', '<=', on)
    .where((where) => where.or([where('employee.valid_to', 'is', null), where('employee.valid_to', '>=', on)]))
    .orderBy('organisation.short_name')
    .execute();
}

export async function selectEmployment(db: Db, organisationId: OrganisationId, personId: PersonId, on: Day) {
  return db
    .selectFrom('employee')
    .innerJoin('organisation', 'organisation.organisation_id', 'employee.organisation_id')
    .select((where) => [
      'employee.role',
      'organisation.short_name as name',
      where
        .selectFrom('organisation_power')
        .select((power) => power.fn.agg<string[]>('array_agg', ['power_code']).as('codes'))
        .whereRef('organisation_power.organisation_id', '=', 'employee.organisation_id')
        .as('powers'),
    ])
    .where('employee.organisation_id', '=', organisationId)
    .where('employee.person_id', '=', personId)
    .where('employee.valid_from', '<=', on)
    .where((where) => where.or([where('employee.valid_to', 'is', null), where('employee.valid_to', '>=', on)]))
    .executeTakeFirst();
}

export async function upsertEmployee(
  db: Db,
  employee: { organisationId: OrganisationId; personId: PersonId; role: 'head' | 'clerk'; from: Day },
): Promise<void> {
  await db
    .insertInto('employee')
    .values({
      organisation_id: employee.organisationId,
      employee_id: newId(),
      person_id: employee.personId,
      role: employee.role,
      valid_from: employee.from,
    })
    .onConflict((conflict) =>
      conflict.columns(['organisation_id', 'person_id']).doUpdateSet({ role: employee.role, valid_to: null }),
    )
    .execute();
}

/** Employment that the identity provider no longer names ends on the day before. */
export async function endOtherEmployments(
  db: Db,
  personId: PersonId,
  kept: readonly OrganisationId[],
  lastDay: Day,
): Promise<void> {
  let query = db
    .updateTable('employee')
    .set({ valid_to: lastDay })
    .where('person_id', '=', personId)
    .where('valid_to', 'is', null);
  if (kept.length > 0) query = query.where('organisation_id', 'not in', kept as OrganisationId[]);
  await query.execute();
}

/** People who work for an organisation on a day. Their names are of the persons' own rows. */
export async function selectEmployees(
  db: Db,
  organisationId: OrganisationId,
  on: Day,
): Promise<{ personId: PersonId }[]> {
  return db
    .selectFrom('employee')
    .select('person_id as personId')
    .where('organisation_id', '=', organisationId)
    .where('valid_from', '<=', on)
    .where((where) => where.or([where('valid_to', 'is', null), where('valid_to', '>=', on)]))
    .orderBy('person_id')
    .limit(500)
    .execute();
}

/** What an employee signs with; empty when they never have. */
export async function selectPost(db: Db, organisationId: OrganisationId, personId: PersonId): Promise<string> {
  const row = await db
    .selectFrom('employee')
    .select('post')
    .where('organisation_id', '=', organisationId)
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return row?.post ?? '';
}

/** Keeps the post as the employee has signed with it. */
export async function updatePost(
  db: Db,
  organisationId: OrganisationId,
  personId: PersonId,
  post: string,
): Promise<void> {
  await db
    .updateTable('employee')
    .set({ post })
    .where('organisation_id', '=', organisationId)
    .where('person_id', '=', personId)
    .execute();
}
