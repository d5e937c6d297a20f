import { sql } from 'kysely';
import type { EmployeeRole, HouseScope } from '../../../platform/access.ts';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import { type EmployeeId, type HouseId, newId, type OrganisationId, type PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import type { Employment } from '../standing.ts';
import type { ClaimedRole } from '../tables.ts';
import '../tables.ts';

/** Works on the day: dismissed people do not, whatever their last day is. */
export const worksOn = (on: Day) =>
  sql<boolean>`(employee.valid_from <= ${on}::date and (employee.valid_to is null or employee.valid_to >= ${on}::date)
    and employee.dismissed_at is null)`;

/** The organisations that a person works for on a day. */
export async function selectEmployments(db: Db, personId: PersonId, on: Day) {
  return db
    .selectFrom('employee')
    .innerJoin('organisation', 'organisation.organisation_id', 'employee.organisation_id')
    .select(['employee.organisation_id as organisationId', 'employee.role', 'organisation.short_name as name'])
    .where('employee.person_id', '=', personId)
    .where(worksOn(on))
    .orderBy('organisation.short_name')
    .execute();
}

/** Asked with every request of an employee. */
export async function selectEmployment(
  db: Db,
  organisationId: OrganisationId,
  personId: PersonId,
  on: Day,
): Promise<{ role: EmployeeRole; name: string; powers: string[]; houses: HouseScope } | undefined> {
  const { rows } = await sql<{ role: EmployeeRole; name: string; powers: string[]; houses: HouseId[] | null }>`
    select employee.role, organisation.short_name as name,
      array(select power_code from organisation_power p where p.organisation_id = employee.organisation_id) as powers,
      case when employee.limited and employee.role <> 'head' then array(select house_id::text from employee_house h
        where h.organisation_id = employee.organisation_id and h.employee_id = employee.employee_id) end as houses
    from employee join organisation on organisation.organisation_id = employee.organisation_id
    where employee.organisation_id = ${organisationId} and employee.person_id = ${personId} and ${worksOn(on)}`.execute(
    db,
  );
  return rows[0];
}

export interface EmployeeRow extends Employment {
  organisationId: OrganisationId;
  employeeId: EmployeeId;
  personId: PersonId;
  role: EmployeeRole;
  from: Day;
  to: Day | null;
  limited: boolean;
}

const rowFields = [
  'organisation_id as organisationId',
  'employee_id as employeeId',
  'person_id as personId',
  'role',
  'valid_from as from',
  'valid_to as to',
  'claimed_role as claimedRole',
  'given_role as givenRole',
  'given_until as givenUntil',
  'invited',
  'limited',
] as const;
const isDismissed = sql<boolean>`dismissed_at is not null`.as('isDismissed');

/** Rows of a person, of one organisation or of all, locked until the end of the transaction. */
export async function lockEmployments(
  trx: Transaction,
  personId: PersonId,
  organisationId?: OrganisationId,
): Promise<EmployeeRow[]> {
  let query = trx.selectFrom('employee').select(rowFields).select(isDismissed).where('person_id', '=', personId);
  if (organisationId) query = query.where('organisation_id', '=', organisationId);
  const rows = await query.orderBy('organisation_id').forUpdate().execute();
  return rows as EmployeeRow[];
}

/** One row of an organisation; locked when the transaction is going to change it. */
export async function lockEmployee(
  trx: Transaction,
  organisationId: OrganisationId,
  employeeId: EmployeeId,
): Promise<EmployeeRow | null> {
  const row = await trx
    .selectFrom('employee')
    .select(rowFields)
    .select(isDismissed)
    .where('organisation_id', '=', organisationId)
    .where('employee_id', '=', employeeId)
    .forUpdate()
    .executeTakeFirst();
  return (row as EmployeeRow | undefined) ?? null;
}

/** Heads on a day, locked: of two that dismiss each other at once the second waits, and sees that it is the last. */
export async function lockHeads(
  trx: Transaction,
  organisationId: OrganisationId,
  on: Day,
): Promise<{ employeeId: EmployeeId; personId: PersonId }[]> {
  return trx
    .selectFrom('employee')
    .select(['employee_id as employeeId', 'person_id as personId'])
    .where('organisation_id', '=', organisationId)
    .where('role', '=', 'head')
    .where(worksOn(on))
    .orderBy('employee_id')
    .forUpdate()
    .execute();
}

export async function insertEmployee(
  db: Db,
  employee: {
    organisationId: OrganisationId;
    personId: PersonId;
    role: EmployeeRole;
    from: Day;
    to: Day | null;
    claimedRole: ClaimedRole | null;
    givenRole: EmployeeRole | null;
    givenUntil: Day | null;
    invited: boolean;
    limited: boolean;
  },
): Promise<EmployeeId> {
  const employeeId = newId<EmployeeId>();
  await db
    .insertInto('employee')
    .values({
      organisation_id: employee.organisationId,
      employee_id: employeeId,
      person_id: employee.personId,
      role: employee.role,
      valid_from: employee.from,
      valid_to: employee.to,
      claimed_role: employee.claimedRole,
      given_role: employee.givenRole,
      given_until: employee.givenUntil,
      invited: employee.invited,
      limited: employee.limited,
    })
    .execute();
  return employeeId;
}

export interface EmployeeChange {
  role?: EmployeeRole;
  valid_from?: Day;
  valid_to?: Day | null;
  claimed_role?: ClaimedRole | null;
  given_role?: EmployeeRole | null;
  given_until?: Day | null;
  invited?: boolean;
  limited?: boolean;
  dismissed_at?: Date | null;
  dismissed_by?: PersonId | null;
  dismissal?: string | null;
}

export async function updateEmployee(
  db: Db,
  { organisationId, employeeId }: Pick<EmployeeRow, 'organisationId' | 'employeeId'>,
  change: EmployeeChange,
): Promise<void> {
  await db
    .updateTable('employee')
    .set(change)
    .where('organisation_id', '=', organisationId)
    .where('employee_id', '=', employeeId)
    .execute();
}

/** Makes what the provider named at the last sign-in exactly these. */
export async function replaceClaims(
  db: Db,
  personId: PersonId,
  claims: readonly { ogrn: string; role: ClaimedRole }[],
  at: Date,
): Promise<void> {
  await db.deleteFrom('organisation_claim').where('person_id', '=', personId).execute();
  const byOgrn = new Map(claims.map((claim) => [claim.ogrn, claim]));
  if (byOgrn.size === 0) return;
  await db
    .insertInto('organisation_claim')
    .values([...byOgrn.values()].map(({ ogrn, role }) => ({ person_id: personId, ogrn, role, claimed_at: at })))
    .execute();
}

/** What the provider named and has no card here. */
export async function selectUnregistered(db: Db, personId: PersonId): Promise<{ ogrn: string; role: ClaimedRole }[]> {
  const claims = await db
    .selectFrom('organisation_claim')
    .select(['ogrn', 'role'])
    .where('person_id', '=', personId)
    .where((where) =>
      where.not(
        where.exists(
          where.selectFrom('organisation').select('ogrn').whereRef('organisation.ogrn', '=', 'organisation_claim.ogrn'),
        ),
      ),
    )
    .orderBy('ogrn')
    .execute();
  return claims;
}

/** People who work for an organisation on a day. Their names are of the persons' own rows. */
export async function selectEmployees(
  db: Db,
  organisationId: OrganisationId,
  on: Day,
): Promise<{ personId: PersonId; role: EmployeeRole; employeeId: EmployeeId }[]> {
  return db
    .selectFrom('employee')
    .select(['person_id as personId', 'role', 'employee_id as employeeId'])
    .where('organisation_id', '=', organisationId)
    .where(worksOn(on))
    .orderBy('person_id')
    .limit(500)
    .execute();
}

/** Who answers for where money goes on a day, and confirms what another of them changes: heads, and accountants with all houses open. */
export async function selectMoneyKeepers(db: Db, organisationId: OrganisationId, on: Day): Promise<PersonId[]> {
  const { rows } = await sql<{ personId: PersonId }>`
    select person_id as "personId" from employee
    where organisation_id = ${organisationId} and (role = 'head' or (role = 'accountant' and not limited)) and ${worksOn(on)}
    order by person_id`.execute(db);
  return rows.map(({ personId }) => personId);
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
