import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { type Db, transaction } from '../../platform/database/database.ts';
import type { HouseId } from '../../platform/ids.ts';
import { addJob, defineJob, type ScheduledJob } from '../../platform/jobs/jobs.ts';
import { addDays, addMonths, type Day, dayIn, monthOf } from '../../platform/month.ts';
import { getRule } from '../../platform/rules/rules.ts';
import { type HouseCard, readHouse, readHouses } from '../houses/index.ts';
import { takingOfOrganisation } from './own-meters.ts';
import { selectHousesWithMeters } from './queries/estimates.ts';
import { countMeters, selectOrganisationsOfHouse, writeHouseConsumption, writeMeterCounts } from './queries/summary.ts';

/** Months that a summary looks back: three years of the charts, and what a late correction may reach. */
const MONTHS = 36;
/** A summary waits a little: a house that sends at once is counted once. */
const DELAY_MS = 5_000;

/** Days before the end of a verification when the first warning comes: the largest of «90,60,30,7». */
export async function firstWarningDays(
  db: Db,
  { houseId, regionCode, oktmo }: Pick<HouseCard, 'houseId' | 'regionCode' | 'oktmo'>,
  today: Day,
): Promise<number> {
  const rule = await getRule(db, 'verification.warn_days', today, { houseId, regionCode, oktmo });
  return Math.max(...rule.value.split(',').map(Number));
}

/** Keeps the roll-ups of a house: what organisations see in their lists, and what its homes used. */
export async function summariseHouse({ db, clock }: Pick<Context, 'db' | 'clock'>, houseId: HouseId): Promise<void> {
  const at = clock();
  const house = await readHouse(db, houseId);
  if (!house) return;
  const today = dayIn(house.zone, at);
  const organisations = await selectOrganisationsOfHouse(db, houseId);
  const windows = [];
  for (const organisationId of organisations)
    windows.push({ organisationId, period: (await takingOfOrganisation(db, house, organisationId, at)).period });
  const warnDays = await firstWarningDays(db, house, today);
  const counts = await countMeters(db, houseId, windows, addDays(today, warnDays));
  await transaction(db, async (trx) => {
    await writeMeterCounts(trx, houseId, counts, at);
    await writeHouseConsumption(trx, houseId, addMonths(monthOf(today), -MONTHS), at);
  });
}

export const summariseJob = defineJob({
  name: 'meters.summarise',
  payload: z.object({ houseId: z.uuid().transform((value) => value as HouseId) }),
  run: (context, { houseId }) => summariseHouse(context, houseId),
});

/** Counts a house anew a few seconds after the transaction that changed its devices or readings. */
export const addSummary = (trx: Db, houseId: HouseId, at: Date): Promise<void> =>
  addJob(
    trx,
    summariseJob,
    { houseId },
    { key: `meters.summarise:${houseId}`, runAt: new Date(at.getTime() + DELAY_MS) },
  );

/** Houses that are read at once. */
const PAGE = 500;

/**
 * Counts by windows and verifications turn with the day: just after midnight in its zone each house is counted anew. Midnights of the
 * country are between 12 and 22 hours UTC.
 */
export const summariseAtMidnight: ScheduledJob = {
  name: 'meters.summarise_at_midnight',
  cron: '3 12-22 * * *',
  async run({ db, clock }) {
    const at = clock();
    const hourAgo = new Date(at.getTime() - 3_600_000);
    let ids = await selectHousesWithMeters(db, { after: null, limit: PAGE });
    while (ids.length > 0) {
      for (const { houseId, zone } of await readHouses(db, ids))
        if (dayIn(zone, at) !== dayIn(zone, hourAgo)) await addSummary(db, houseId, at);
      ids = await selectHousesWithMeters(db, { after: ids.at(-1)!, limit: PAGE });
    }
  },
};
