import { randomInt } from 'node:crypto';
import type { Transaction } from '../../platform/database/database.ts';
import type { HouseId, MeterId } from '../../platform/ids.ts';
import { claimMeterNumbers } from './queries/write-meters.ts';

const MOST_TRIES = 20;

/** Twelve digits, of which the first two are the region's: free ones are found by trying, nobody can guess a neighbour's. */
export async function issueMeterNumbers(
  trx: Transaction,
  { houseId, regionCode }: { houseId: HouseId; regionCode: string },
  ids: readonly MeterId[],
): Promise<Map<MeterId, string>> {
  const issued = new Map<MeterId, string>();
  for (let left = MOST_TRIES; issued.size < ids.length; left -= 1) {
    if (left === 0) throw new Error(`no free numbers of devices found for region ${regionCode}`);
    const tries = new Map(ids.filter((id) => !issued.has(id)).map((id) => [composeNumber(regionCode), id]));
    for (const number of await claimMeterNumbers(trx, houseId, tries)) issued.set(tries.get(number)!, number);
  }
  return issued;
}

const composeNumber = (regionCode: string): string =>
  `${regionCode.padStart(2, '0').slice(0, 2)}${String(randomInt(10 ** 10)).padStart(10, '0')}`;
