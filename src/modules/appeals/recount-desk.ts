import { z } from 'zod';
import { type Db, transaction } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import { addJob, defineJob } from '../../platform/jobs/jobs.ts';
import { dayIn, type Month, monthOf } from '../../platform/month.ts';
import { recountMonth } from './queries/statistics.ts';
import { recountTerritory } from './queries/territory.ts';

/** Organisations are of the country's calendar. */
const ZONE = 'Europe/Moscow';

/** Counts a month of a desk's statistics anew from its rows: whatever happened meanwhile, the figures are those of the rows. */
export const recountDesk = defineJob({
  name: 'appeals.recount',
  payload: z.object({
    organisationId: z.string().transform((id) => id as OrganisationId),
    month: z.string().transform((month) => month as Month),
  }),
  run: ({ db }, { organisationId, month }) =>
    transaction(db, async (trx) => {
      await recountMonth(trx, organisationId, month);
      await recountTerritory(trx, organisationId, month);
    }),
});

/** Seconds into which the changes of a desk are gathered: one count serves all of them. */
const GATHERED = 10;

/**
 * Has the statistics of desks counted after a change. A job that waits keeps its moment: otherwise a desk where something happens all the
 * time would never be counted. The jobs are touched in one order, for a touched one is held until the end of the transaction: call it once,
 * at the end, for all that a transaction changes.
 */
export async function recountLater(
  db: Db,
  rows: readonly { organisation_id: OrganisationId; received_at: Date | string }[],
  at: Date,
): Promise<void> {
  const months = new Map(
    rows.map(({ organisation_id: organisationId, received_at }) => {
      const month = monthOf(dayIn(ZONE, new Date(received_at)));
      return [`appeals.recount ${organisationId} ${month}`, { organisationId, month }];
    }),
  );
  const runAt = new Date(Math.ceil(at.getTime() / (GATHERED * 1000)) * GATHERED * 1000);
  for (const [key, payload] of [...months].sort(([a], [b]) => (a < b ? -1 : 1)))
    await addJob(db, recountDesk, payload, { key, runAt });
}
