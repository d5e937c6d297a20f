import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { AppealId, AppealPartId, HouseId, OrganisationId } from '../../../platform/ids.ts';
import type { AppealKey } from '../appeal.ts';
import '../tables.ts';

export interface DuePart extends AppealKey {
  partId: AppealPartId;
  organisationId: OrganisationId;
  lookAt: Date;
}

/** Parts that have to be looked at by a moment, the longest waiting first, after the last one seen. */
export async function selectDueParts(
  db: Db,
  { by, after, limit }: { by: Date; after: Pick<DuePart, 'lookAt' | 'partId'> | null; limit: number },
): Promise<DuePart[]> {
  return db
    .selectFrom('appeal_part')
    .select(['house_id as houseId', 'appeal_id as appealId', 'part_id as partId'])
    .select(['organisation_id as organisationId', 'look_at as lookAt'])
    .$narrowType<{ lookAt: Date }>()
    .where('look_at', 'is not', null)
    .where('look_at', '<=', by)
    .$if(after !== null, (query) =>
      query.where(sql<boolean>`(look_at, part_id) > (${after!.lookAt}::timestamptz, ${after!.partId}::uuid)`),
    )
    .orderBy('look_at')
    .orderBy('part_id')
    .limit(limit)
    .execute();
}

/** When a part has to be looked at, and from when its present term runs. */
export async function selectLook(
  db: Db,
  { houseId, partId }: { houseId: HouseId; partId: AppealPartId },
): Promise<{ lookAt: Date | null; termFrom: Date | null } | undefined> {
  return db
    .selectFrom('appeal_part')
    .select(['look_at as lookAt', 'term_from as termFrom'])
    .where('house_id', '=', houseId)
    .where('part_id', '=', partId)
    .executeTakeFirst();
}

export interface Unasked extends AppealKey {
  executedAt: Date;
}

/**
 * Appeals executed between two moments (the first inclusive) whose last answer promised something, and whose authors were not asked yet
 * whether it is fixed. An earlier promise that a later answer has taken back counts for nothing.
 */
export async function selectUnasked(
  db: Db,
  { from, until, after, limit }: { from: Date; until: Date; after: Unasked | null; limit: number },
): Promise<Unasked[]> {
  const rows = await db
    .selectFrom('appeal')
    .select(['house_id', 'appeal_id', 'executed_at'])
    .where('state', '=', 'executed')
    .where('fixed_asked_at', 'is', null)
    .where('executed_at', '>=', from)
    .where('executed_at', '<', until)
    .where((where) =>
      where(
        where
          .selectFrom('appeal_answer')
          .innerJoin('appeal_part', (join) =>
            join
              .onRef('appeal_part.house_id', '=', 'appeal_answer.house_id')
              .onRef('appeal_part.part_id', '=', 'appeal_answer.part_id'),
          )
          .select('outcome')
          .whereRef('appeal_answer.house_id', '=', 'appeal.house_id')
          .whereRef('appeal_answer.appeal_id', '=', 'appeal.appeal_id')
          .where('appeal_part.kind', '=', 'appeal')
          .where('appeal_answer.state', '=', 'sent')
          .orderBy('sent_at', 'desc')
          .orderBy('answer_id', 'desc')
          .limit(1),
        'in',
        ['satisfied', 'partial'],
      ),
    )
    .$if(after !== null, (query) =>
      query.where(
        sql<boolean>`(executed_at, appeal_id) > (${after!.executedAt}::timestamptz, ${after!.appealId}::uuid)`,
      ),
    )
    .orderBy('executed_at')
    .orderBy('appeal_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    houseId: row.house_id,
    appealId: row.appeal_id as AppealId,
    executedAt: row.executed_at!,
  }));
}
