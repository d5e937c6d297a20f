import type { Db } from '../../platform/database/database.ts';
import type { PersonId } from '../../platform/ids.ts';
import { readLinks } from '../connections/index.ts';
import { readHouse } from '../houses/index.ts';

/** Claims that wait for an organisation, and the regions of their houses. */
export async function readPendingRegions(db: Db, personId: PersonId): Promise<{ pending: number; regions: string[] }> {
  const pending = (await readLinks(db, personId)).filter(({ state }) => state === 'pending');
  const houses = await Promise.all([...new Set(pending.map((link) => link.house_id))].map((id) => readHouse(db, id)));
  return {
    pending: pending.length,
    regions: [...new Set(houses.flatMap((house) => (house ? [house.regionCode] : [])))],
  };
}
