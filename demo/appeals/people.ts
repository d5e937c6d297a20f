import { organisation } from '../../sandbox/organisations.ts';
import type { SignedIn } from '../../src/platform/access.ts';
import type { Db } from '../../src/platform/database/database.ts';
import type { HouseId, LinkId, PersonId, SessionId } from '../../src/platform/ids.ts';
import { snilsOf } from '../check-digits.ts';
import { type Resident, residentOf } from '../names.ts';
import { type DemoOrganisationKey, providerOf } from '../organisations.ts';
import { personIdOf, personIdOfSnils, personNamed } from '../people.ts';
import { idsOf, randomOf } from '../random.ts';
import { addNamed, type Rows } from '../rows.ts';
import { type Payer, selectPayers } from './queries.ts';

/** Somebody who writes an appeal, or joins one. */
export interface Author {
  actor: SignedIn;
  /** Index of the house in the district. */
  house: number;
  flat: string;
  email: string;
  phone: string;
}

const BEFORE = new Date('2024-02-01T08:00:00Z');

const actorOf = (personId: PersonId, name: string, snils: string): SignedIn => ({
  kind: 'person',
  personId,
  sessionId: idsOf('session of', personId)<SessionId>(BEFORE),
  name,
  snils,
  confirmed: true,
  administrator: false,
  connected: true,
  accepted: true,
  acting: null,
});

const nameOf = (person: Pick<Resident, 'familyName' | 'givenName' | 'middleName'>) =>
  `${person.familyName} ${person.givenName} ${person.middleName}`;

/** One of those who can sign in, on their own behalf. */
export function asAuthor(login: string, house: number, flat: string): Author {
  const person = personNamed(login);
  const { snils, email, phone } = person;
  return { actor: actorOf(personIdOf(login), nameOf(person), snils), house, flat, email, phone };
}

/** One of those who can sign in, for the organisation where they work. */
export function asEmployee(login: string): SignedIn {
  const person = personNamed(login);
  const [{ ogrn, role } = { ogrn: '', role: 'clerk' as const }] = person.organizations;
  const key = (['dubravushka', 'tikhiy-dvor', 'teplorodnik', 'krepkie-steny', 'inspektsiya', 'operator'] as const).find(
    (candidate) => organisation(candidate).ogrn === ogrn,
  )!;
  const { organisationId, shortName, power } = providerOf(key);
  return {
    ...actorOf(personIdOf(login), nameOf(person), person.snils),
    acting: { organisationId, name: shortName, role, powers: [power], houses: null, through: null },
  };
}

/** Who runs the installation, at the desk of the support. */
export const asAdministrator = (login: string): SignedIn => ({
  ...actorOf(personIdOf(login), nameOf(personNamed(login)), personNamed(login).snils),
  administrator: true,
});

export const addressee = (key: DemoOrganisationKey) => {
  const { organisationId, power } = providerOf(key);
  return { organisationId, powerCode: power };
};

/** Residents of houses whose flats are not in the demonstration. */
const INVENTED: readonly (readonly [house: number, people: number])[] = [
  [3, 6],
  [4, 4],
  [5, 4],
  [6, 3],
];
/** Above every serial of the district, the bulk and the measuring. */
const FIRST_SERIAL = 15_000_000;

/** Residents who write: payers of the houses with flats, and others who live in those without. By house. */
export async function gatherAuthors(
  db: Db,
  rows: Rows,
  seed: string,
  houseIds: readonly HouseId[],
): Promise<Map<number, Author[]>> {
  const known = (await selectPayers(db, houseIds.slice(0, 3)))
    .filter(({ snils }) => personIdOfSnils(snils) === null)
    .map((payer) => ({ house: houseIds.indexOf(payer.houseId), flat: payer.flat, resident: payer, payer }));
  const random = randomOf(seed, 'authors');
  let serial = FIRST_SERIAL;
  const invented = INVENTED.flatMap(([house, people]) =>
    Array.from({ length: people }, () => ({
      house,
      flat: String(random.between(4, 90)),
      resident: residentOf(random, snilsOf(serial++)),
      payer: null,
    })),
  );
  const authors = [...known, ...invented].map(({ house, flat, resident, payer }) => {
    const author = addAuthor(rows, house, flat, resident);
    if (payer) connect(rows, author.actor.personId, payer);
    return author;
  });
  return Map.groupBy(authors, ({ house }) => house);
}

function addAuthor(rows: Rows, house: number, flat: string, resident: Omit<Resident, 'female'>): Author {
  const { familyName, givenName, middleName, snils } = resident;
  const personId = idsOf('author', snils)<PersonId>(BEFORE);
  // The code 944 has been given to no operator.
  const [email, phone] = [`d${house}-kv${flat.toLowerCase()}@primer.test`, `+7944${snils.slice(2, 9)}`];
  addNamed(rows, 'person', {
    person_id: personId,
    kind: 'citizen',
    family_name: familyName,
    given_name: givenName,
    middle_name: middleName,
    snils,
    // Without an address of their own nobody is reminded of readings: the answer goes to the one that the appeal names.
    email: null,
    phone,
    confirmed: true,
    created_at: BEFORE,
  });
  return { actor: actorOf(personId, nameOf(resident), snils), house, flat, email, phone };
}

/** Whoever has an account in a house is shown what neighbours have written about it, and may join. */
function connect(rows: Rows, personId: PersonId, { houseId, accountId, providerId }: Payer): void {
  addNamed(rows, 'account_link', {
    person_id: personId,
    link_id: idsOf('link of', personId)<LinkId>(BEFORE),
    house_id: houseId,
    account_id: accountId,
    provider_id: providerId,
    state: 'connected',
    title: '',
    proof: 'payer',
    created_at: BEFORE,
    changed_at: BEFORE,
  });
}
