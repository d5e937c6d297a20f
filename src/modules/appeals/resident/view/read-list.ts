import type { Context } from '../../../../platform/context.ts';
import type { PersonId } from '../../../../platform/ids.ts';
import { listItems } from '../../../classifiers/index.ts';
import {
  type OwnAppeal,
  type OwnDraft,
  type OwnFilter,
  selectOwnAppeals,
  selectOwnDrafts,
} from '../../queries/own-appeals.ts';
import { CONNECT_TOPIC } from '../../topics.ts';
import { type ListQuery, writeKey } from './list-query.ts';

const PAGE = 25;
/** Drafts above the first page; the filter «Не отправлено» shows all that one may have. */
const DRAFTS_ON_TOP = 5;
const DRAFTS_AT_MOST = 200;
const TOPICS = 220;

export type DraftRow = OwnDraft & { topic: string };

export interface OwnList {
  drafts: DraftRow[];
  /** There are more drafts than are shown. */
  moreDrafts: boolean;
  rows: OwnAppeal[];
  newer: string | null;
  older: string | null;
}

/** A page of the person's appeals and, above the first one, the drafts. */
export async function readOwnList({ db }: Pick<Context, 'db'>, personId: PersonId, query: ListQuery): Promise<OwnList> {
  const { filter, way, key } = query;
  const [drafts, found] = await Promise.all([
    readDrafts(db, personId, query),
    filter.state === 'draft' ? [] : selectOwnAppeals(db, personId, filter, { way, key, limit: PAGE + 1 }),
  ]);
  const isMore = found.length > PAGE;
  const rows = way === 'older' ? found.slice(0, PAGE) : found.slice(-PAGE);
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    ...drafts,
    rows,
    newer: first && (way === 'older' ? key !== null : isMore) ? writeKey(first) : null,
    older: last && (way === 'newer' || isMore) ? writeKey(last) : null,
  };
}

async function readDrafts(db: Context['db'], personId: PersonId, { filter, key }: ListQuery) {
  // A draft has no number and no day of sending.
  const isAsked = filter.state === null || filter.state === 'draft';
  if (key || !isAsked || filter.number || filter.from || filter.until) return { drafts: [], moreDrafts: false };
  const limit = filter.state === 'draft' ? DRAFTS_AT_MOST : DRAFTS_ON_TOP;
  const topics = filter.topic ? await topicNames(db) : null;
  const { address, topic } = filter;
  const topicCodes = topics ? codesOf(topics, topic) : [];
  const found = await selectOwnDrafts(db, personId, { address, topic, topicCodes }, limit + 1);
  const names = topics ?? (found.some(({ topicCode }) => topicCode) ? await topicNames(db) : new Map<string, string>());
  return {
    drafts: found
      .slice(0, limit)
      .map((draft) => ({ ...draft, topic: draft.ownTopic || (names.get(draft.topicCode) ?? '') })),
    moreDrafts: found.length > limit,
  };
}

async function topicNames(db: Context['db']): Promise<Map<string, string>> {
  const items = await listItems(db, TOPICS);
  return new Map([[CONNECT_TOPIC.code, CONNECT_TOPIC.name], ...items.map(({ code, name }) => [code, name] as const)]);
}

/** The same reading of the words as of appeals that are sent. */
function codesOf(names: ReadonlyMap<string, string>, topic: OwnFilter['topic']): string[] {
  const words = topic.toLowerCase().split(/\s+/).filter(Boolean);
  const number = topic.replace(/[.]$/, '');
  return [...names].flatMap(([code, name]) => {
    const isNumbered = code === number || code.startsWith(`${number}.`);
    return isNumbered || words.every((word) => name.toLowerCase().includes(word)) ? [code] : [];
  });
}
