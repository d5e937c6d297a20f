import type { Db } from '../../../platform/database/database.ts';
import type { OrganisationId, PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import { readNames } from '../../identity/index.ts';
import { listEmployees } from '../../organisations/index.ts';

export interface Employee {
  personId: PersonId;
  name: string;
}

/** Who may be given an appeal today, by name. */
export async function readEmployees(db: Db, organisationId: OrganisationId, today: Day): Promise<Employee[]> {
  const people = await listEmployees(db, organisationId, today);
  const names = await readNames(
    db,
    people.map(({ personId }) => personId),
  );
  return people
    .map(({ personId }) => ({ personId, name: names.get(personId) ?? '' }))
    .filter(({ name }) => name)
    .sort((a, b) => a.name.localeCompare(b.name, 'ru'));
}
