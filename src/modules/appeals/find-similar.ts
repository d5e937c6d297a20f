import type { Context } from '../../platform/context.ts';
import type { Db } from '../../platform/database/database.ts';
import type { HouseId, PersonId } from '../../platform/ids.ts';
import { dayIn } from '../../platform/month.ts';
import { getWholeNumber } from '../../platform/rules/rules.ts';
import { connectedAccounts } from '../accounts/index.ts';
import { findHouseByFias, readHouse } from '../houses/index.ts';
import type { DraftContent } from './draft.ts';
import { findHouseRow } from './find-place.ts';
import { listTopics } from './list-topics.ts';
import { type SimilarAppeal, selectSimilar } from './queries/similar-appeals.ts';
import { OTHER_TOPIC } from './topics.ts';

const MOST = 5;
const DAY = 86_400_000;

/**
 * Earlier appeals of the last weeks about the same house and the same topic or its group, the open ones first. Those of others only for
 * neighbours: whoever joins reads the matter and the answers.
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
  const isNeighbour = await livesThere(db, personId, { ...draft, houseId: place ? null : houseId });
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

/** Yards and the town (groups of НСИ 220): whose matter these are does not end at the door of a house. */
const COMMON_GROUPS = ['1', '9'];

/**
 * Of a house those who have a connected account in it. Of a yard, or of a house that is not in the system, nobody can be known to live
 * there, and an address can be typed by anybody: only what concerns everybody in the street is offered, and to those at home in that
 * municipality. A stranger's bill, flat or missing house stays between its author and the addressee.
 */
async function livesThere(
  db: Db,
  personId: PersonId,
  { houseId, oktmo, topicCode }: { houseId: HouseId | null; oktmo: string; topicCode: string },
): Promise<boolean> {
  if (!houseId && !COMMON_GROUPS.includes(topicCode.split('.')[0]!)) return false;
  const links = await connectedAccounts(db, personId);
  if (houseId) return links.some((link) => link.houseId === houseId);
  // A statement of a resident names one house.
  const homes = await Promise.all([...new Set(links.map((link) => link.houseId))].map((home) => readHouse(db, home)));
  return homes.some((home) => home?.oktmo && municipalityOf(home.oktmo) === municipalityOf(oktmo));
}

/** ОКТМО of 11 digits names a settlement inside the municipality of its first 8. */
const municipalityOf = (oktmo: string): string => oktmo.slice(0, 8);

async function codesOfGroup(db: Db, topicCode: string): Promise<string[]> {
  const group = topicCode.split('.')[0]!;
  const own = (await listTopics(db)).find(({ code }) => code === group || code === topicCode);
  return own ? [own.code, ...own.topics.map(({ code }) => code)] : [topicCode];
}

async function narrow(db: Db, { fiasGuid, address }: Pick<DraftContent, 'fiasGuid' | 'address'>) {
  if (!fiasGuid) return { address };
  return (await findHouseByFias(db, fiasGuid)) ? null : { fiasGuid };
}
