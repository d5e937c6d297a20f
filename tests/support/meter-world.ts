import { loadClassifiers } from '../../src/modules/classifiers/index.ts';
import { placeKey, upsertPremises } from '../../src/modules/houses/index.ts';
import { setHouseCounts } from '../../src/modules/organisations/index.ts';
import type { EmployeeRole, SignedIn } from '../../src/platform/access.ts';
import type { AccountId, HouseId, MeterId, OrganisationId, PersonId, PremisesId } from '../../src/platform/ids.ts';
import { loadRules } from '../../src/platform/rules/load.ts';
import { createTestContext, type TestContext } from './context.ts';
import { buildMeter } from './meters.ts';
import {
  buildAccount,
  buildEmployee,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
  buildProviderLine,
  clerkOf,
} from './rows.ts';

/** A house of two flats with a manager and a supplier, their clerks, a resident, and devices of water and of the house. */
export interface MeterWorld {
  houseId: HouseId;
  premisesId: PremisesId;
  neighbourId: PremisesId;
  manager: OrganisationId;
  supplier: OrganisationId;
  stranger: OrganisationId;
  head: SignedIn;
  clerk: SignedIn;
  supplierClerk: SignedIn;
  strangerClerk: SignedIn;
  accountId: AccountId;
  suppliedId: AccountId;
  personId: PersonId;
  /** Charges both providers. */
  cold: MeterId;
  /** Charges the manager alone. */
  hot: MeterId;
  /** The house's own device of cold water. */
  house: MeterId;
}

/** A context with the rules and classifiers that devices need. */
export async function createMeterContext(): Promise<TestContext> {
  const context = await createTestContext();
  await loadRules(context.db);
  await loadClassifiers(context.db);
  return context;
}

export async function buildMeterWorld(
  context: TestContext,
  given: { manager?: OrganisationId } = {},
): Promise<MeterWorld> {
  const manager = given.manager ?? (await buildOrganisation(context));
  const supplier = await buildOrganisation(context);
  const stranger = await buildOrganisation(context);
  const houseId = await buildHouse(context, { managerId: manager, sourceId: manager });
  await buildProviderLine(context, supplier, houseId, 'ул. Лескова');
  for (const organisation of [manager, supplier])
    await setHouseCounts(context.db, organisation, houseId, { accounts: 1 });
  const rows = ['7', '12'].map((number) => ({ category: 'residential' as const, number }));
  const premises = await upsertPremises(context.db, houseId, rows, context.now);
  const [premisesId, neighbourId] = rows.map((row) => premises.get(placeKey(row))!) as [PremisesId, PremisesId];
  const accountId = await buildAccount(context, { houseId, providerId: manager, premisesId });
  const suppliedId = await buildAccount(context, { houseId, providerId: supplier, premisesId, kind: 'rso' });
  const personId = await buildPerson(context);
  await buildLink(context, { personId, houseId, accountId, providerId: manager });
  const accounts = [
    { accountId, providerId: manager },
    { accountId: suppliedId, providerId: supplier },
  ];
  const cold = await buildMeter(context, { houseId, premisesId, accounts, base: { on: '2026-09-20', t1: '100' } });
  const hot = await buildMeter(context, {
    houseId,
    premisesId,
    accounts: accounts.slice(0, 1),
    resource: '2',
    base: { on: '2026-09-20', t1: '50' },
  });
  const house = await buildMeter(context, {
    houseId,
    premisesId: null,
    accounts: [],
    sourceId: manager,
    digits: 8,
    base: { on: '2026-09-20', t1: '1000' },
  });
  const employee = async (organisation: OrganisationId, role: EmployeeRole = 'clerk') =>
    clerkOf(await buildEmployee(context, organisation, role), organisation, role);
  return {
    houseId,
    premisesId,
    neighbourId,
    manager,
    supplier,
    stranger,
    head: await employee(manager, 'head'),
    clerk: await employee(manager),
    supplierClerk: await employee(supplier),
    strangerClerk: await employee(stranger),
    accountId,
    suppliedId,
    personId,
    cold,
    hot,
    house,
  };
}
