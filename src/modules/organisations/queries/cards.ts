import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import { newId, type OrganisationId } from '../../../platform/ids.ts';
import type { OrganisationCard } from '../organisation.ts';
import '../tables.ts';

export async function selectOrganisation(db: Db, organisationId: OrganisationId) {
  return db.selectFrom('organisation').selectAll().where('organisation_id', '=', organisationId).executeTakeFirst();
}

export async function selectOrganisations(db: Db, ids: readonly OrganisationId[]) {
  if (ids.length === 0) return [];
  return db
    .selectFrom('organisation')
    .select([
      'organisation_id as organisationId',
      'short_name as shortName',
      'full_name as fullName',
      'phone',
      'email',
      'dispatcher_phone as dispatcherPhone',
    ])
    .where((where) => where('organisation_id', '=', where.fn.any(where.val(ids as OrganisationId[]))))
    .execute();
}

export async function selectOrganisationByOgrn(db: Db, ogrn: string, kpp?: string) {
  let query = db.selectFrom('organisation').selectAll().where('ogrn', '=', ogrn);
  if (kpp) query = query.where('kpp', '=', kpp);
  return query.orderBy('organisation_id').executeTakeFirst();
}

export async function selectOrganisationByInn(db: Db, inn: string) {
  return db.selectFrom('organisation').selectAll().where('inn', '=', inn).orderBy('organisation_id').executeTakeFirst();
}

/** Writes a card under its ОГРН and КПП; returns its id, new or known. */
export async function upsertOrganisation(db: Db, card: OrganisationCard, at: Date): Promise<OrganisationId> {
  const row = await db
    .insertInto('organisation')
    .values({ organisation_id: newId<OrganisationId>(), updated_at: at, ...card })
    .onConflict((conflict) => conflict.columns(['ogrn', 'kpp']).doUpdateSet({ ...card, updated_at: at }))
    .returning('organisation_id')
    .executeTakeFirstOrThrow();
  return row.organisation_id;
}

/** A card that must be new. The unique ОГРН and КПП refuse a second one. */
export async function insertOrganisation(db: Db, card: OrganisationCard, at: Date): Promise<OrganisationId> {
  const organisationId = newId<OrganisationId>();
  await db
    .insertInto('organisation')
    .values({ organisation_id: organisationId, updated_at: at, ...card })
    .execute();
  return organisationId;
}

export async function updateOrganisation(
  db: Db,
  organisationId: OrganisationId,
  card: Partial<OrganisationCard>,
  at: Date,
): Promise<void> {
  await db
    .updateTable('organisation')
    .set({ ...card, updated_at: at })
    .where('organisation_id', '=', organisationId)
    .execute();
}

/** The database's own locale may know no Cyrillic: small and capital letters are told together by the Russian collation. */
export const FOLDED_NAME = sql<string>`lower(short_name collate "ru-x-icu")`;

/** A page of cards by short name, after the key of the last one shown. */
export async function selectOrganisationPage(
  db: Db,
  input: { search: string; after: { shortName: string; organisationId: OrganisationId } | null; limit: number },
) {
  let query = db
    .selectFrom('organisation')
    .select([
      'organisation_id as organisationId',
      'short_name as shortName',
      'inn',
      'ogrn',
      'kpp',
      'region_code as regionCode',
    ]);
  if (input.after)
    query = query.where(
      sql<boolean>`(short_name, organisation_id) > (${input.after.shortName}::text, ${input.after.organisationId}::uuid)`,
    );
  if (input.search)
    query = query.where((where) =>
      where.or([
        where('inn', '=', input.search),
        where('ogrn', '=', input.search),
        where(FOLDED_NAME, 'like', `%${input.search.toLowerCase().replace(/[%_\\]/g, '\\$&')}%`),
      ]),
    );
  return query.orderBy('short_name').orderBy('organisation_id').limit(input.limit).execute();
}
