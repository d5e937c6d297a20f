import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { type Db, transaction } from '../../platform/database/database.ts';
import type { HouseId } from '../../platform/ids.ts';
import { addJob, defineJob } from '../../platform/jobs/jobs.ts';
import { addDays, addMonths, dayIn, monthOf } from '../../platform/month.ts';
import { getRule } from '../../platform/rules/rules.ts';
import { readHouse } from '../houses/index.ts';
import { countMeters, selectOrganisationsOfHouse, writeHouseConsumption, writeMeterCounts } from './queries/summary.ts';
import { parseWindow, takingOn } from './window.ts';

/** Months that a summary looks back: three years of the charts, and what a late correction may reach. */
const MONTHS = 36;
/** A summary waits a little: a house that sends at once is counted once. */
const DELAY_MS = 5_000;

/** The largest of «90,60,30,7»: the first warning. */
const firstWarning = (value: string): number => Math.max(...value.split(',').map(Number));

/** Keeps the roll-ups of a house: what organisations see in their lists, and what its homes used. */
export async function summariseHouse({ db, clock }: Pick<Context, 'db' | 'clock'>, houseId: HouseId): Promise<void> {
  const at = clock();
  const house = await readHouse(db, houseId);
  if (!house) return;
  const today = dayIn(house.zone, at);
  const place = { regionCode: house.regionCode, oktmo: house.oktmo, houseId };
  const warnDays = firstWarning((await getRule(db, 'verification.warn_days', today, place)).value);
  const windows = [];
  for (const organisationId of await selectOrganisationsOfHouse(db, houseId)) {
    const rule = await getRule(db, 'reading.window', today, { ...place, organisationId });
    windows.push({ organisationId, period: takingOn(parseWindow(rule.value), today).period });
  }
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
