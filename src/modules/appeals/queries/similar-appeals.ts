import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { AppealId, HouseId, PersonId } from '../../../platform/ids.ts';
import type { AppealState } from '../appeal.ts';
import '../tables.ts';

/** What a neighbour may learn of another author's appeal: never the author, the flat or the words. */
export interface SimilarAppeal {
  houseId: HouseId;
  appealId: AppealId;
  topicCode: string;
  topicName: string;
  state: AppealState;
  sentAt: Date;
  /** Neighbours beside the author. */
  joined: number;
  own: boolean;
  hasJoined: boolean;
  sameTopic: boolean;
}

/**
 * Appeals of one house row about a topic or its group, the open ones first, then the same topic, then the newest.
 * @param place narrows a territory, which many addresses share
 */
export async function selectSimilar(
  db: Db,
  input: {
    houseId: HouseId;
    personId: PersonId;
    /** Only what the person wrote. */
    ownOnly: boolean;
    topicCode: string;
    topicCodes: readonly string[];
    since: Date;
    place: { fiasGuid: string } | { address: string } | null;
    limit: number;
  },
): Promise<SimilarAppeal[]> {
  const { place } = input;
  const narrowed =
    place === null
      ? sql``
      : 'fiasGuid' in place
        ? sql`and a.fias_guid = ${place.fiasGuid}::uuid`
        : sql`and lower(a.address collate "ru-x-icu") = lower(${place.address}::text collate "ru-x-icu")`;
  const { rows } = await sql<SimilarAppeal>`
    select a.house_id as "houseId", a.appeal_id as "appealId", a.topic_code as "topicCode", a.topic_name as "topicName", a.state,
      a.sent_at as "sentAt", a.joined, a.author_id = ${input.personId}::uuid as own, a.topic_code = ${input.topicCode} as "sameTopic",
      exists (select from appeal_joiner j where j.house_id = a.house_id and j.appeal_id = a.appeal_id
        and j.person_id = ${input.personId}::uuid) as "hasJoined"
    from appeal a
    where a.house_id = ${input.houseId} and a.topic_code = any(${[...input.topicCodes]}::text[]) and a.sent_at >= ${input.since}
      and a.state <> 'withdrawn' and a.relation is distinct from 'escalation' ${narrowed}
      ${input.ownOnly ? sql`and a.author_id = ${input.personId}::uuid` : sql``}
    order by a.state in ('sent', 'in_work') desc, a.topic_code = ${input.topicCode} desc, a.sent_at desc, a.appeal_id desc
    limit ${input.limit}`.execute(db);
  return rows;
}
