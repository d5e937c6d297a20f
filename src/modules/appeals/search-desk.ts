import type { Desk } from '../../platform/access.ts';
import type { Db } from '../../platform/database/database.ts';
import { type DeskLine, selectDeskLines } from './queries/desk.ts';
import { selectAppealByNumber } from './queries/read-appeals.ts';
import { asksForWords, searchDeskRows, selectDeskBounds } from './queries/search-desk.ts';
import { spansBetween, wordsQuery } from './search-spans.ts';
import type { DeskKind } from './tables.ts';

export interface DeskSearch extends Desk {
  kinds: readonly DeskKind[];
  text: string;
  after: { receivedAt: Date; deskId: string } | null;
  /** More that the rows must be, as «and …»; a number that was typed whole is found whatever they are. */
  condition?: Parameters<typeof searchDeskRows>[1]['condition'];
  limit: number;
}

export interface DeskFound {
  /** The text is the number of an appeal of this desk: these are its rows. */
  exact: boolean;
  /** Newest first; one more than asked for when there are more. */
  lines: DeskLine[];
  /** Nothing was asked: no words, or only such as are in every text. */
  empty: boolean;
}

const NOTHING = { exact: false, lines: [] as DeskLine[] };

/**
 * Searches a desk: by the exact number first, else by all the words. Only when they find nothing the last one may be unfinished: for a
 * beginning of words the index gathers all that begin so, in each span of time.
 */
export async function searchDesk(db: Db, search: DeskSearch): Promise<DeskFound> {
  const { organisationId, houses, kinds, text, after, condition, limit } = search;
  const number = text.trim();
  if (number && number.length <= 30 && !after) {
    const key = await selectAppealByNumber(db, number);
    const own = key ? await selectDeskLines(db, search, key.appealId) : [];
    const lines = own.filter(({ kind }) => kinds.includes(kind));
    if (lines.length > 0) return { exact: true, lines, empty: false };
  }
  const query = wordsQuery(text);
  if (query === null || !(await asksForWords(db, query.whole))) return { ...NOTHING, empty: true };
  const bounds = await selectDeskBounds(db, { organisationId, houses, kinds });
  if (!bounds) return { ...NOTHING, empty: false };
  const find = (words: string, from: DeskSearch['after'], most: number) =>
    searchDeskRows(db, {
      ...{ organisationId, houses, kinds, query: words, after: from, limit: most },
      spans: spansBetween(bounds.oldest, from?.receivedAt ?? bounds.newest),
      ...(condition && { condition }),
    });
  const lines = await find(query.whole, after, limit + 1);
  if (lines.length > 0 || !query.unfinished) return { exact: false, lines, empty: false };
  // Behind the last page of whole words there is nothing more.
  if (after && (await find(query.whole, null, 1)).length > 0) return { ...NOTHING, empty: false };
  return { exact: false, lines: await find(query.unfinished, after, limit + 1), empty: false };
}
