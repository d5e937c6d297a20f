import type { FastifyInstance } from 'fastify';
import { createApp } from '../../src/app.ts';
import { loadReference } from '../../src/cli/reference.ts';
import { formatToken, openGuestSession, openSession, SESSION_COOKIE } from '../../src/modules/identity/index.ts';
import { type Role, rolesOf } from '../../src/platform/access.ts';
import { transaction } from '../../src/platform/database/database.ts';
import { type AccountId, type HouseId, newId, type OrganisationId, type PersonId } from '../../src/platform/ids.ts';
import { createTestContext, type TestContext } from '../support/context.ts';
import {
  actingOf,
  actorOf,
  buildEmployee,
  buildOrganisation,
  buildPerson,
  buildProviderLine,
  buildShare,
  limitTo,
} from '../support/rows.ts';
import { buildKey } from '../support/system.ts';
import { buildEstate, buildManagedHouse, type Estate } from './estate.ts';

/** Whoever asks: what the rules say of them, how their requests are made, and what is theirs. */
export interface Player {
  name: string;
  roles: ReadonlySet<Role>;
  personId: PersonId | null;
  /** The organisation acted for, and its houses that are open. */
  organisationId: OrganisationId | null;
  /** The settlement centre that they come from. */
  through: OrganisationId | null;
  houses: readonly HouseId[] | null;
  /** Cookies or the key of a new session: what a request did to an earlier one does not reach it. */
  headers(): Promise<Record<string, string>>;
}

export const ESTATES = [
  'own',
  'neighbour',
  'of a supplier',
  'other house',
  'other organisation',
  'other region',
  'removed',
] as const;
export type EstateName = (typeof ESTATES)[number];

export interface World {
  context: TestContext;
  app: FastifyInstance;
  estates: Readonly<Record<EstateName, Estate>>;
  players: readonly Player[];
}

/** Two organisations in one region, a supplier of the first one's house and one in another region, a home in each of the ways a home can be somebody else's, and everybody who may ask. */
export async function buildWorld(): Promise<World> {
  // Every route for everybody is more than one person may ask in a minute.
  const context = await createTestContext({ RATE_LIMIT_PER_MINUTE: '1000000' });
  await loadReference(context.db);
  const [first, second, third, supplier] = [
    await buildOrganisation(context),
    await buildOrganisation(context),
    await buildOrganisation(context),
    await buildOrganisation(context),
  ];
  const house = await buildManagedHouse(context, first, '77');
  const home = (organisationId: OrganisationId, houseId: HouseId, regionCode = '77') =>
    buildEstate(context, { organisationId, houseId, regionCode });
  const own = await home(first, house);
  await buildProviderLine(context, supplier, house, 'ул. Лескова');
  const estates = {
    own,
    neighbour: await home(first, house),
    'of a supplier': await home(supplier, house),
    'other house': await home(first, await buildManagedHouse(context, first, '77')),
    'other organisation': await home(second, await buildManagedHouse(context, second, '77')),
    'other region': await home(third, await buildManagedHouse(context, third, '78'), '78'),
    removed: await buildEstate(context, {
      organisationId: first,
      houseId: house,
      regionCode: '77',
      personId: own.personId,
      removed: true,
    }),
  };
  const app = await createApp(context);
  return { context, app, estates, players: await buildPlayers(context, first, supplier, own) };
}

async function buildPlayers(
  context: TestContext,
  first: OrganisationId,
  supplier: OrganisationId,
  own: Estate,
): Promise<Player[]> {
  const inspectorate = await buildOrganisation(context);
  const centre = await buildOrganisation(context);
  await context.db
    .insertInto('delegation')
    .values({
      organisation_id: first,
      delegation_id: newId(),
      centre_id: centre,
      works: ['accounts', 'bills', 'readings', 'claims'],
      valid_from: '2026-01-01',
      valid_to: '2027-01-01',
      given_by: own.personId,
      given_at: context.clock(),
      revoked_at: null,
      revoked_by: null,
      revocation: null,
    })
    .execute();
  const players: Player[] = [anonymous(), guest(context)];
  const add = async (
    name: string,
    personId: PersonId,
    at: { as?: OrganisationId; through?: OrganisationId; accepted?: boolean; houses?: readonly HouseId[] },
    roles: ReadonlySet<Role>,
  ) => {
    if (at.accepted !== false) await accept(context, personId, at.through ?? at.as ?? null);
    const organisationId = at.as ?? null;
    const headers = () =>
      sessionOf(context, personId, at.through ?? organisationId, at.through ? organisationId : null);
    const { houses = null, through = null } = at;
    players.push({ name, roles, personId, organisationId, through, houses, headers });
  };
  const ofPerson = (given: Parameters<typeof actorOf>[1] = {}) => rolesOf(actorOf(own.personId, given));
  const newcomer = await buildPerson(context);
  await add('a newcomer', newcomer, { accepted: false }, ofPerson({ accepted: false }));
  await add('a resident', own.personId, {}, ofPerson());
  const unconfirmed = await buildPerson(context, { confirmed: false });
  await add('an unconfirmed resident', unconfirmed, {}, ofPerson({ confirmed: false }));
  await add('a helper', await buildHelper(context, own), {}, ofPerson());
  for (const role of ['clerk', 'accountant', 'dispatcher', 'viewer', 'head'] as const) {
    const personId = await buildEmployee(context, first, role);
    await add(
      role === 'accountant' ? 'an accountant' : `a ${role}`,
      personId,
      { as: first },
      ofPerson({ acting: actingOf(first, { role }) }),
    );
  }
  const limited = await buildEmployee(context, first, 'clerk');
  await limitTo(context, first, limited, [own.houseId]);
  await add(
    'a clerk of one house',
    limited,
    { as: first, houses: [own.houseId] },
    ofPerson({ acting: actingOf(first) }),
  );
  const ofSupplier = await buildEmployee(context, supplier, 'clerk', ['2']);
  await add(
    'a clerk of a supplier',
    ofSupplier,
    { as: supplier },
    ofPerson({ acting: actingOf(supplier, { powers: ['2'] }) }),
  );
  const works = ['accounts', 'bills', 'readings', 'claims'] as const;
  const through = { organisationId: centre, name: '', works };
  const clerk = await buildEmployee(context, centre, 'clerk', ['36']);
  await add(
    'a settlement centre',
    clerk,
    { as: first, through: centre },
    ofPerson({ acting: actingOf(first, { through }) }),
  );
  for (const role of ['clerk', 'head'] as const) {
    const personId = await buildEmployee(context, inspectorate, role, ['4']);
    const acting = actingOf(inspectorate, { role, powers: ['4'] });
    await add(
      role === 'head' ? 'a chief inspector' : 'an inspector',
      personId,
      { as: inspectorate },
      ofPerson({ acting }),
    );
  }
  const administrator = await buildPerson(context, { administrator: true });
  await add('an administrator', administrator, {}, ofPerson({ administrator: true }));
  const head = players.find(({ name }) => name === 'a head')!.personId!;
  const key = await buildKey(context, first, head);
  const roles = rolesOf({ kind: 'system', organisationId: first, keyId: newId(), madeBy: head });
  const headers = async () => ({ authorization: `Bearer ${key}` });
  const system = {
    name: 'a system',
    roles,
    personId: null,
    organisationId: first,
    through: null,
    houses: null,
    headers,
  };
  return [...players, system];
}

const anonymous = (): Player => ({
  name: 'nobody',
  roles: rolesOf({ kind: 'anonymous' }),
  personId: null,
  organisationId: null,
  through: null,
  houses: null,
  headers: async () => ({}),
});

const guest = (context: TestContext): Player => ({
  ...anonymous(),
  name: 'a guest',
  roles: new Set<Role>(['anyone', 'guest']),
  headers: async () => {
    const token = await transaction(context.db, (trx) =>
      openGuestSession(context, trx, { email: null, userAgent: '' }),
    );
    return { cookie: `${SESSION_COOKIE}=${formatToken(token)}` };
  },
});

async function sessionOf(
  context: TestContext,
  personId: PersonId,
  organisationId: OrganisationId | null,
  forId: OrganisationId | null,
): Promise<Record<string, string>> {
  const token = await openSession(context, context.db, { personId, userAgent: '', idToken: null });
  await context.db
    .updateTable('session')
    .set({ acting_organisation_id: organisationId, acting_for_id: forId })
    .where('person_id', '=', personId)
    .where('session_id', '=', token.sessionId)
    .execute();
  return { cookie: `${SESSION_COOKIE}=${formatToken(token)}` };
}

async function accept(context: TestContext, personId: PersonId, organisationId: OrganisationId | null) {
  const texts = await context.db.selectFrom('legal_text').select(['kind', 'version']).execute();
  for (const text of texts)
    await context.db
      .insertInto('acceptance')
      .values({
        ...text,
        person_id: personId,
        acceptance_id: newId(),
        organisation_id: organisationId,
        accepted_at: context.clock(),
        way: 'first entry',
      })
      .execute();
}

/** Somebody whom the owner lets see the account and send its readings. */
async function buildHelper(context: TestContext, { personId: ownerId, ids }: Estate): Promise<PersonId> {
  const helperId = await buildPerson(context, { familyName: 'Помощников' });
  await buildShare(context, { ownerId, accountId: ids.accountId as AccountId, helperId, rights: ['see', 'readings'] });
  return helperId;
}
