import type { Db } from '../../../platform/database/database.ts';
import type { EmployeeId, OrganisationId, PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import { readNames } from '../../identity/index.ts';
import { type EmployeeLine, selectEmployeeLines } from '../queries/employees.ts';

export interface ListedEmployee extends EmployeeLine {
  name: string;
  dismissedByName: string;
  works: boolean;
}

/** Those who work first, each group by name. */
export async function readEmployees(
  db: Db,
  organisationId: OrganisationId,
  today: Day,
  employeeId: EmployeeId | null = null,
): Promise<ListedEmployee[]> {
  const lines = await selectEmployeeLines(db, organisationId, employeeId);
  const people = lines
    .flatMap(({ personId, dismissedBy }) => [personId, dismissedBy])
    .filter((id): id is PersonId => id !== null);
  const names = await readNames(db, [...new Set(people)]);
  return lines
    .map((line) => ({
      ...line,
      name: names.get(line.personId) ?? 'Имя неизвестно',
      dismissedByName: line.dismissedBy ? (names.get(line.dismissedBy) ?? '') : '',
      works: line.dismissedAt === null && line.from <= today && (line.to === null || line.to >= today),
    }))
    .sort((a, b) => Number(b.works) - Number(a.works) || a.name.localeCompare(b.name, 'ru'));
}
