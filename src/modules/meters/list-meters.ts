import { authorise, type System } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import { type HouseId, isUuid, type MeterId } from '../../platform/ids.ts';
import { readAccounts } from '../accounts/index.ts';
import { type HouseCard, readHouses } from '../houses/index.ts';
import { findHouseLine, listHouseIdsFrom } from '../organisations/index.ts';
import { access } from './access.ts';
import { lookAtMeters } from './look-at-meters.ts';
import type { Meter } from './meter.ts';
import { selectSeenMeters } from './queries/meters.ts';

export interface ListedMeter {
  meter: Meter;
  house: HouseCard;
  /** Numbers of the organisation's own accounts that it charges. */
  accounts: string[];
}

/** Houses that one statement asks about. */
const HOUSES = 100;

/**
 * Devices that the system's organisation sees, house by house, those in the archive too.
 * @throws NotFound for a house that is not on its list, Invalid when `after` is no end of a page
 */
export async function listMeters(
  context: Context,
  system: System,
  wish: { houseId: HouseId | null; after: string | null; limit: number },
): Promise<{ meters: ListedMeter[]; next: string | null }> {
  authorise(system, access.exchangeMeters);
  const { db } = context;
  const { organisationId } = system;
  const { houseId, limit } = wish;
  if (houseId && !(await findHouseLine(db, organisationId, houseId)))
    throw new NotFound('Такого дома у вашей организации нет.');
  const after = wish.after === null ? null : readKey(wish.after);
  const rows: Meter[] = [];
  let from = after?.houseId ?? null;
  for (let isMore = true; isMore && rows.length <= limit; ) {
    const houseIds = houseId ? [houseId] : await listHouseIdsFrom(db, organisationId, from, HOUSES);
    const missing = limit + 1 - rows.length;
    rows.push(
      ...(await selectSeenMeters(db, { organisationId, houseIds, after: lastOf(rows) ?? after, limit: missing })),
    );
    from = houseIds.at(-1) ?? null;
    isMore = houseId === null && houseIds.length === HOUSES;
  }
  const meters = rows.slice(0, limit);
  const last = meters.at(-1);
  const next = rows.length > limit && last ? `${last.houseId}.${last.meterId}` : null;
  await lookAtMeters(db, system, {
    action: 'meters.read_by_system',
    at: context.clock(),
    what: 'Приборы учёта дома, которые забирает программа организации, без имён',
    houseIds: meters.map((meter) => meter.houseId),
    details: { keyId: system.keyId, meters: meters.length },
  });
  return { meters: await withPlaces(context, system, meters), next };
}

const lastOf = (rows: readonly Meter[]): Meter | null => rows.at(-1) ?? null;

async function withPlaces({ db }: Context, system: System, meters: readonly Meter[]): Promise<ListedMeter[]> {
  const byHouse = Map.groupBy(meters, ({ houseId }) => houseId);
  const houses = new Map((await readHouses(db, [...byHouse.keys()])).map((house) => [house.houseId, house]));
  const own = (meter: Meter) => meter.accounts.filter(({ providerId }) => providerId === system.organisationId);
  const numbers = new Map<string, string>();
  for (const [houseId, here] of byHouse) {
    const ids = here.flatMap((meter) => own(meter).map(({ accountId }) => accountId));
    for (const { accountId, number } of await readAccounts(db, houseId, [...new Set(ids)]))
      numbers.set(accountId, number);
  }
  return meters.map((meter) => ({
    meter,
    house: houses.get(meter.houseId)!,
    accounts: own(meter).flatMap(({ accountId }) => numbers.get(accountId) ?? []),
  }));
}

function readKey(text: string): { houseId: HouseId; meterId: MeterId } {
  const [houseId = '', meterId = '', more] = text.split('.');
  if (!isUuid(houseId) || !isUuid(meterId) || more !== undefined)
    throw new Invalid([{ field: 'after', message: 'Передайте значение next прошлой страницы как есть' }]);
  return { houseId: houseId as HouseId, meterId: meterId as MeterId };
}
