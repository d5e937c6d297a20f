import type { Context } from '../../platform/context.ts';
import type { Db } from '../../platform/database/database.ts';
import type { PersonId } from '../../platform/ids.ts';
import { dayIn } from '../../platform/month.ts';
import { getWholeNumber } from '../../platform/rules/rules.ts';
import { connectedAccounts } from '../accounts/index.ts';
import { findHouseByFias } from '../houses/index.ts';
import type { DraftContent } from './draft.ts';
import { findHouseRow } from './find-place.ts';
import { listTopics } from './list-topics.ts';
import { type SimilarAppeal, selectSimilar } from './queries/similar-appeals.ts';
import { OTHER_TOPIC } from './topics.ts';

const MOST = 5;
const DAY = 86_400_000;

/**
 * Earlier appeals of the last weeks about the same house and the same topic or its group, the open ones first. Of a house they are for
 * those who have an account in it: whoever joins reads the matter and the answers.
 */
export async function findSimilar(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  personId: PersonId,
  draft: Pick<DraftContent, 'fiasGuid' | 'address' | 'oktmo' | 'topicCode' | 'regionCode'>,
): Promise<SimilarAppeal[]> {
  // A topic of one's own words is like no other.
  if (!draft.topicCode || draft.topicCode === OTHER_TOPIC || !draft.address) return [];
  const houseId = await findHouseRow(db, draft);
  if (!houseId) return [];
  const at = clock();
  const days = await getWholeNumber(db, 'appeal.similar_days', dayIn('Europe/Moscow', at), {
    regionCode: draft.regionCode,
  });
  const place = await narrow(db, draft);
  const isNeighbour =
    place !== null || (await connectedAccounts(db, personId)).some((link) => link.houseId === houseId);
  return selectSimilar(db, {
    houseId,
    personId,
    ownOnly: !isNeighbour,
    topicCode: draft.topicCode,
    topicCodes: await codesOfGroup(db, draft.topicCode),
    since: new Date(at.getTime() - days * DAY),
    place,
    limit: MOST,
  });
}

async function codesOfGroup(db: Db, topicCode: string): Promise<string[]> {
  const group = topicCode.split('.')[0]!;
  const own = (await listTopics(db)).find(({ code }) => code === group || code === topicCode);
  return own ? [own.code, ...own.topics.map(({ code }) => code)] : [topicCode];
}

async function narrow(db: Db, { fiasGuid, address }: Pick<DraftContent, 'fiasGuid' | 'address'>) {
  if (!fiasGuid) return { address };
  return (await findHouseByFias(db, fiasGuid)) ? null : { fiasGuid };
}
