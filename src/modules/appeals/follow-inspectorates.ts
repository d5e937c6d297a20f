import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import type { ScheduledJob } from '../../platform/jobs/jobs.ts';
import { findOrganisationWithPower } from '../organisations/index.ts';
import type { AppealKey } from './appeal.ts';
import { projectUncounted } from './project-appeal.ts';
import { lockAppeal } from './queries/read-appeals.ts';
import {
  deleteTerritoryRows,
  saveWalk,
  selectOfRegion,
  selectRegions,
  selectTerritoryDesks,
  takeWalk,
} from './queries/territory-desks.ts';
import { recountLater } from './recount-desk.ts';
import { INSPECTORATE } from './topics.ts';

/** Appeals that one transaction holds. */
const BATCH = 20;
/** Batches of a region in one run: the next run goes on, and no run outlives its turn. */
const MOST_BATCHES = 200;

/**
 * Brings the appeals of a region to the desk of whoever is its inspectorate by now: the power (НСИ 20, 4) was given to another
 * organisation, or to the first one, or taken away. Each appeal is shown anew from its own rows and the place is kept with it, so a run
 * that is killed, or that runs twice, does no harm; a move in the middle of a walk begins it again.
 */
export async function followInspectorates(context: Context): Promise<void> {
  for (const regionCode of await selectRegions(context.db)) {
    if (await isSettled(context, regionCode)) continue;
    const desks = await selectTerritoryDesks(context.db);
    for (let batch = 0; batch < MOST_BATCHES; batch += 1) if (await bringSome(context, regionCode, desks)) break;
  }
}

const holderOf = async ({ db }: Pick<Context, 'db'>, regionCode: string): Promise<OrganisationId | null> =>
  (await findOrganisationWithPower(db, INSPECTORATE, regionCode))?.organisation_id ?? null;

/** Whether all of the region stands where it belongs. Notes where that is. */
const isSettled = (context: Context, regionCode: string): Promise<boolean> =>
  transaction(context.db, async (trx) => {
    const organisationId = await holderOf({ db: trx }, regionCode);
    const walk = await takeWalk(trx, regionCode);
    if (!walk) return true;
    if (walk.organisationId === organisationId) return walk.isDone;
    await saveWalk(trx, regionCode, { organisationId, after: null, isDone: false });
    return false;
  });

/** @returns true when nothing is left to do, or another run does it */
async function bringSome(context: Context, regionCode: string, desks: readonly OrganisationId[]): Promise<boolean> {
  return transaction(context.db, async (trx) => {
    const walk = await takeWalk(trx, regionCode);
    if (!walk || walk.isDone) return true;
    const keys = await selectOfRegion(trx, regionCode, walk.after, BATCH);
    const changed = [];
    for (const key of keys) {
      const appeal = await lockAppeal(trx, key);
      // Nothing happened to it: its own time of change stays.
      if (appeal) changed.push(...(await projectUncounted(trx, key, appeal.changedAt)).rows);
    }
    const former = desks.filter((desk) => desk !== walk.organisationId);
    const gone = await deleteTerritoryRows(
      trx,
      former,
      keys.map(({ appealId }) => appealId),
    );
    await recountLater(trx, [...changed, ...gone], context.clock());
    const isDone = keys.length < BATCH;
    const after: AppealKey | null = isDone ? null : keys.at(-1)!;
    await saveWalk(trx, regionCode, { ...walk, after, isDone });
    return isDone;
  });
}

export const followInspectoratesAlways: ScheduledJob = {
  name: 'appeals.follow_inspectorates',
  cron: '5,15,25,35,45,55 * * * *',
  run: (context) => followInspectorates(context),
};
