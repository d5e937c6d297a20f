import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import type { AnswerId, AppealId, HouseId, PersonId } from '../../platform/ids.ts';
import { defineJob } from '../../platform/jobs/jobs.ts';
import { selectAppeal, selectJoinersAfter } from './queries/read-appeals.ts';
import { writeLetter } from './write-letter.ts';

/** So many letters are written in one transaction. */
const BATCH = 50;

const id = <Id extends string>() => z.string().transform((text) => text as Id);

/**
 * Writes one letter to each neighbour who joined an appeal. Apart from the step that it tells of: hundreds of neighbours would keep the
 * clerk waiting, and everybody else from the appeal. The letter's id is what the notices are about: whoever has it does not get it
 * again, so a run that is killed goes on where it was.
 */
export const tellNeighbours = defineJob({
  name: 'appeals.tell_neighbours',
  payload: z.object({
    houseId: id<HouseId>(),
    appealId: id<AppealId>(),
    letterId: z.string(),
    subject: z.string(),
    lines: z.array(z.string()).readonly(),
    answerId: id<AnswerId>().optional(),
    links: z
      .array(z.object({ label: z.string(), url: z.string() }))
      .readonly()
      .optional(),
  }),
  async run(context: Context, { houseId, appealId, letterId, ...letter }) {
    const key = { houseId, appealId };
    for (let after: PersonId | null = null; ; ) {
      const readers = await transaction(context.db, async (trx) => {
        const appeal = await selectAppeal(trx, key);
        const some = appeal ? await selectJoinersAfter(trx, key, after, BATCH) : [];
        for (const reader of some) await writeLetter(context, trx, appeal!, { ...letter, letterId }, reader);
        return some;
      });
      if (readers.length < BATCH) return;
      after = readers.at(-1)!.personId;
    }
  },
});
