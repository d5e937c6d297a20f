import { ORGANISATIONS, type OrganisationKey } from '../sandbox/organisations.ts';
import { type DemoPerson, PEOPLE } from '../sandbox/people.ts';
import type { EmployeeRole } from '../src/platform/access.ts';
import type { AccountId, HouseId, Id, LinkId, OrganisationId, PersonId } from '../src/platform/ids.ts';
import type { Resident } from './names.ts';
import { providerOf } from './organisations.ts';
import { idsOf } from './random.ts';
import { addNamed, type Rows } from './rows.ts';

const REGISTERED = new Date('2024-02-01T08:00:00Z');

export const personNamed = (login: string): DemoPerson => PEOPLE.find((person) => person.login === login)!;
export const personIdOf = (login: string): PersonId => idsOf('person', personNamed(login).sub)<PersonId>(REGISTERED);

/** Null: nobody of the demonstration who can sign in. */
export function personIdOfSnils(snils: string): PersonId | null {
  const person = PEOPLE.find((one) => one.snils === snils);
  return person ? personIdOf(person.login) : null;
}

export function residentNamed(login: string): Resident {
  const { familyName, givenName, middleName, snils, gender } = personNamed(login);
  return { familyName, givenName, middleName, snils, female: gender === 'female' };
}

/** Everybody whom the sandbox lets in, as if they had signed in before. Staff are employees already. */
export function addPeople(rows: Rows): void {
  for (const person of PEOPLE)
    addNamed(rows, 'person', {
      person_id: personIdOf(person.login),
      kind: 'citizen',
      family_name: person.familyName,
      given_name: person.givenName,
      middle_name: person.middleName,
      birth_date: person.birthdate,
      snils: person.snils,
      email: person.email,
      phone: person.phone,
      confirmed: person.trusted,
      created_at: REGISTERED,
    });
}

export interface Employment {
  organisationId: OrganisationId;
  employeeId: Id<'employee'>;
  personId: PersonId;
  role: EmployeeRole;
  /** By the head's invitation: the identity provider does not name them. */
  invited: boolean;
  /** How many houses are open; null: all. */
  houses: number | null;
}

/** Whom the head of «Дубравушка» has invited. */
const INVITED: readonly { login: string; role: EmployeeRole; houses: number | null }[] = [
  { login: 'raschyotova', role: 'accountant', houses: null },
  { login: 'dispetcherova', role: 'dispatcher', houses: 2 },
  { login: 'domosmotrelov', role: 'viewer', houses: null },
];

const employment = (key: OrganisationKey, login: string) => ({
  organisationId: providerOf(key).organisationId,
  employeeId: idsOf('employee', login)<Id<'employee'>>(REGISTERED),
  personId: personIdOf(login),
});

/** Staff of the demonstration; who heads an organisation that is not here works nowhere yet. */
export const employments = (): Employment[] => [
  ...PEOPLE.flatMap(({ login, organizations }) =>
    organizations.flatMap(({ ogrn, role }) => {
      const known = ORGANISATIONS.find((one) => one.ogrn === ogrn);
      return known ? [{ ...employment(known.key, login), role, invited: false, houses: null }] : [];
    }),
  ),
  ...INVITED.map(({ login, ...given }) => ({ ...employment('dubravushka', login), ...given, invited: true })),
];

export interface Link {
  login: string;
  houseId: HouseId;
  accountId: AccountId;
  providerId: OrganisationId;
  title: string;
}

export function addLink(rows: Rows, link: Link): void {
  addNamed(rows, 'account_link', {
    person_id: personIdOf(link.login),
    link_id: idsOf('link', link.login, link.accountId)<LinkId>(REGISTERED),
    house_id: link.houseId,
    account_id: link.accountId,
    provider_id: link.providerId,
    state: 'connected',
    title: link.title,
    proof: 'payer',
    created_at: REGISTERED,
    changed_at: REGISTERED,
  });
}
