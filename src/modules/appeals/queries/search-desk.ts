import { type RawBuilder, sql } from 'kysely';
import type { Desk } from '../../../platform/access.ts';
import type { Db } from '../../../platform/database/database.ts';
import { inScope } from '../../../platform/database/scope.ts';
import type { DeskKind } from '../tables.ts';
import { type DeskLine, deskColumns } from './desk.ts';
import '../tables.ts';

export interface DeskPlace extends Desk {
  kinds: readonly DeskKind[];
}

/** When the first and the last row of a desk were received; null for an empty desk. */
export async function selectDeskBounds(
  db: Db,
  { organisationId, houses, kinds }: DeskPlace,
): Promise<{ oldest: Date; newest: Date } | null> {
  const edge = (direction: 'asc' | 'desc') => sql`
    select received_at from desk_appeal where organisation_id = ${organisationId} and kind = wanted.kind and ${inScope('house_id', houses)}
    order by received_at ${sql.raw(direction)}, desk_id ${sql.raw(direction)} limit 1`;
  const { rows } = await sql<{ oldest: Date | null; newest: Date | null }>`
    select min(first.received_at) as oldest, max(last.received_at) as newest from unnest(${kinds}::text[]) as wanted (kind)
    cross join lateral (${edge('asc')}) first cross join lateral (${edge('desc')}) last`.execute(db);
  const { oldest, newest } = rows[0]!;
  return oldest && newest ? { oldest, newest } : null;
}

/** Whether the words ask for anything: those that are in every text are left out by the dictionary. */
export async function asksForWords(db: Db, query: string): Promise<boolean> {
  const { rows } = await sql<{ asks: boolean }>`select numnode(to_tsquery('russian', ${query})) > 0 as asks`.execute(
    db,
  );
  return rows[0]!.asks;
}

interface SearchInput extends DeskPlace {
  /** As `wordsQuery` makes it. */
  query: string;
  /** Spans of time, newest first, as `spansBetween` makes them. */
  spans: readonly number[];
  /** The last row shown. */
  after: { receivedAt: Date; deskId: string } | null;
  /** More that the rows must be, as «and …». */
  condition?: RawBuilder<unknown>;
  limit: number;
}

/**
 * Rows that have all the words, newest first. The spans are looked through one after another, each by the index of words, and the last
 * one that is needed ends it: rows of later spans are never touched.
 */
export async function searchDeskRows(db: Db, input: SearchInput): Promise<DeskLine[]> {
  const { organisationId, houses, kinds, query, spans, after, condition = sql``, limit } = input;
  const older = after ? sql`and (received_at, desk_id) < (${after.receivedAt}, ${after.deskId}::uuid)` : sql``;
  // `offset 0` keeps the order and the limit away from the search: otherwise the planner may walk through all rows in their order.
  const { rows } = await sql<DeskLine>`
    with question as materialized (select to_tsquery('russian', ${query}) as words)
    select ${deskColumns} from (
      select found.* from question cross join unnest(${spans}::integer[]) as span (code) cross join lateral (
        select held.* from unnest(${kinds}::text[]) as wanted (kind) cross join lateral (
          select * from desk_appeal
          where organisation_id = ${organisationId} and desk_appeal.kind = wanted.kind and spans @> array[span.code]
            and words @@ question.words and ${inScope('house_id', houses)} ${older} ${condition} offset 0
        ) held order by received_at desc, desk_id desc limit ${limit}
      ) found limit ${limit}
    ) desk_appeal order by received_at desc, desk_id desc`.execute(db);
  return rows;
}
