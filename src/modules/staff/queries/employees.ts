import { sql } from 'kysely';
import type { EmployeeRole } from '../../../platform/access.ts';
import type { Db } from '../../../platform/database/database.ts';
import type { EmployeeId, OrganisationId, PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import '../../organisations/tables.ts';
import '../tables.ts';

export interface EmployeeLine {
  employeeId: EmployeeId;
  personId: PersonId;
  role: EmployeeRole;
  from: Day;
  to: Day | null;
  post: string;
  /** The identity provider names the person now. */
  claimed: boolean;
  claimedHead: boolean;
  invited: boolean;
  limited: boolean;
  houses: number;
  dismissedAt: Date | null;
  dismissedBy: PersonId | null;
  dismissal: string | null;
}

/** Everybody who works or has worked for an organisation, one of them when it is said which. */
export async function selectEmployeeLines(
  db: Db,
  organisationId: OrganisationId,
  employeeId: EmployeeId | null = null,
): Promise<EmployeeLine[]> {
  const { rows } = await sql<EmployeeLine>`
    select employee_id as "employeeId", person_id as "personId", role, valid_from as "from", valid_to as "to", post,
      claimed_role is not null as claimed, coalesce(claimed_role = 'head', false) as "claimedHead", invited, limited,
      (select count(*)::int from employee_house h where h.organisation_id = employee.organisation_id
        and h.employee_id = employee.employee_id) as houses,
      dismissed_at as "dismissedAt", dismissed_by as "dismissedBy", dismissal
    from employee where organisation_id = ${organisationId}
      ${employeeId ? sql`and employee_id = ${employeeId}` : sql``}
    order by employee_id`.execute(db);
  return rows;
}
