import { ROLE_NAMES } from '../../../platform/access.ts';
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
    .sort((a, b) => Number(b.works) - Number(a.works) || byName(a, b));
}

const byName = (a: ListedEmployee, b: ListedEmployee): number =>
  a.name.localeCompare(b.name, 'ru') || a.employeeId.localeCompare(b.employeeId);

/** Rows of a page. */
const PAGE = 50;

export interface EmployeesPart {
  /** Words that are looked for in names, posts and roles; empty for everybody. */
  search: string;
  working: readonly ListedEmployee[];
  /** Who the next page begins after; null at the end. */
  next: EmployeeId | null;
  /** The same for the page before, which begins at the beginning for null; undefined on the first page. */
  previous: EmployeeId | null | undefined;
  /** The latest to leave first. */
  former: readonly ListedEmployee[];
  formerTotal: number;
  /** More than a page: worth a search. */
  isLong: boolean;
}

/** A page of those who work, after one of them, and the last of those who have left. */
export function partOf(
  employees: readonly ListedEmployee[],
  { q = '', after }: { q?: string; after?: string },
): EmployeesPart {
  const search = q.trim().slice(0, 100);
  const words = plain(search).split(/\s+/);
  const found = employees.filter(({ name, post, role }) => {
    const text = plain(`${name} ${post} ${ROLE_NAMES[role]}`);
    return words.every((word) => text.includes(word));
  });
  const working = found.filter(({ works }) => works);
  const former = found.filter(({ works }) => !works).sort((a, b) => endOf(b).localeCompare(endOf(a)));
  // Whoever the page before ended with may have left meanwhile.
  const last = employees.find(({ employeeId }) => employeeId === after);
  const begin = last ? working.filter((one) => byName(one, last) <= 0).length : 0;
  const shown = working.slice(begin, begin + PAGE);
  return {
    search,
    working: shown,
    next: begin + PAGE < working.length ? shown.at(-1)!.employeeId : null,
    previous: begin > 0 ? (working[begin - PAGE - 1]?.employeeId ?? null) : undefined,
    former: former.slice(0, PAGE),
    formerTotal: former.length,
    isLong: employees.length > PAGE,
  };
}

const plain = (text: string): string => text.toLowerCase().replaceAll('ё', 'е');

const endOf = ({ dismissedAt, to }: ListedEmployee): string => dismissedAt?.toISOString() ?? to ?? '';
