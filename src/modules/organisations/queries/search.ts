import type { Db } from '../../../platform/database/database.ts';
import { FOLDED_NAME } from './cards.ts';
import '../tables.ts';

/** At most five organisations by ИНН, or by a part of the short name in any case; an exact name alone when there is one. */
export async function findOrganisationByName(db: Db, words: string) {
  const text = words.trim();
  const rows = await db
    .selectFrom('organisation')
    .select(['organisation_id as organisationId', 'short_name as shortName'])
    .where((where) =>
      /^\d{10}(\d{2})?$/.test(text)
        ? where('inn', '=', text)
        : where(FOLDED_NAME, 'like', `%${text.toLowerCase().replace(/[%_\\]/g, '\\$&')}%`),
    )
    .orderBy('short_name')
    .limit(5)
    .execute();
  const exact = rows.filter((row) => row.shortName.toLowerCase() === text.toLowerCase());
  return exact.length === 1 ? exact : rows;
}
