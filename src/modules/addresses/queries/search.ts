import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import '../tables.ts';

export interface Candidate {
  objectId: bigint;
  guid: string;
  level: number;
  region: number;
  typeName: string;
  name: string;
  words: string;
  placeWords: string;
}

const MOST_CANDIDATES = 300;

/**
 * Objects whose own name answers at least one of the patterns, and whose name and place together answer every group.
 * @param own LIKE patterns of which the object's own words must answer one: the trigram index finds them
 * @param groups LIKE patterns of each typed word: of each group the words of the place must answer one
 * @param text the typed words, for the order
 */
export async function selectCandidates(
  db: Db,
  {
    own,
    groups,
    text,
    region,
  }: { own: readonly string[]; groups: readonly (readonly string[])[]; text: string; region: number | null },
): Promise<Candidate[]> {
  const conditions = groups.map((patterns) => sql`place_words like any(${[...patterns]}::text[])`);
  const { rows } = await sql<Candidate>`
    select object_id as "objectId", guid, level, region, type_name as "typeName", name, words, place_words as "placeWords"
    from address_object
    where words like any(${[...own]}::text[]) and gone_on is null
      and (${region}::smallint is null or region = ${region}::smallint)
      ${conditions.length > 0 ? sql`and ${sql.join(conditions, sql` and `)}` : sql``}
    order by similarity(words, ${text}) desc, level desc, object_id
    limit ${MOST_CANDIDATES}`.execute(db);
  return rows;
}
