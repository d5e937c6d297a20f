import type pg from 'pg';
import type { Context } from '../src/platform/context.ts';
import {
  type HouseId,
  type MeterId,
  newId,
  type OrganisationId,
  type PersonId,
  type PremisesId,
} from '../src/platform/ids.ts';
import { buildMeter } from '../tests/support/meters.ts';
import {
  buildAccount,
  buildEmployee,
  buildHouse,
  buildOrganisation,
  buildProviderLine,
} from '../tests/support/rows.ts';

export interface MeteredHouse {
  houseId: HouseId;
  meters: { meterId: MeterId; number: string }[];
}

export interface Metered {
  organisationId: OrganisationId;
  head: PersonId;
  /** Of our program, and of the bare SQL: the same number of the same devices. */
  ours: MeteredHouse[];
  bare: MeteredHouse[];
}

/** An organisation with houses of flats, each with a device of cold water. */
export async function buildMeteredHouses(
  context: Context,
  pool: pg.Pool,
  size: { houses: number; meters: number },
): Promise<Metered> {
  const organisationId = await buildOrganisation(context);
  const head = await buildEmployee(context, organisationId, 'head');
  const houses: MeteredHouse[] = [];
  for (let index = 0; index < 2 * size.houses; index += 1) {
    const houseId = await buildHouse(context);
    await buildProviderLine(context, organisationId, houseId, `д. ${index}`);
    const meters: MeteredHouse['meters'] = [];
    for (let flat = 1; flat <= size.meters; flat += 1) {
      const premisesId = newId<PremisesId>();
      const premises = {
        house_id: houseId,
        premises_id: premisesId,
        category: 'residential' as const,
        number: `${flat}`,
      };
      await context.db
        .insertInto('premises')
        .values({ ...premises, updated_at: context.clock() })
        .execute();
      const accountId = await buildAccount(context, { houseId, providerId: organisationId, premisesId });
      const accounts = [{ accountId, providerId: organisationId }];
      const meterId = await buildMeter(context, {
        houseId,
        premisesId,
        accounts,
        digits: 8,
        base: { on: '2020-01-10', t1: '0' },
      });
      meters.push({ meterId, number: '' });
    }
    const numbers = await context.db
      .selectFrom('meter')
      .select(['meter_id', 'number'])
      .where('house_id', '=', houseId)
      .execute();
    const byId = new Map(numbers.map((row) => [row.meter_id, row.number]));
    houses.push({ houseId, meters: meters.map(({ meterId }) => ({ meterId, number: byId.get(meterId)! })) });
  }
  await pool.query('analyze');
  return { organisationId, head, ours: houses.slice(0, size.houses), bare: houses.slice(size.houses) };
}
