import { type Insertable, sql } from 'kysely';
import type { Db, Tables } from '../../../platform/database/database.ts';
import type { AppealId, OrganisationId } from '../../../platform/ids.ts';
import '../tables.ts';

export type DeskRow = Omit<Insertable<Tables['desk_appeal']>, 'words'> & {
  /** Plain text that the search finds the row by. */
  searchable: string;
};

/** Makes the desk's rows of an appeal exactly these; rows of other desks are gone. */
export async function replaceDeskRows(
  db: Db,
  appealId: AppealId,
  organisations: readonly OrganisationId[],
  rows: readonly DeskRow[],
): Promise<void> {
  const kept = rows.map(({ desk_id }) => desk_id);
  await sql`
    delete from desk_appeal where organisation_id = any(${organisations}::uuid[]) and appeal_id = ${appealId}
      and desk_id <> all(${kept}::uuid[])`.execute(db);
  for (const { searchable, ...row } of rows) {
    const words = sql<string>`to_tsvector('russian', ${searchable})`;
    const { organisation_id: _organisation, desk_id: _desk, ...changes } = row;
    await db
      .insertInto('desk_appeal')
      .values({ ...row, words })
      .onConflict((conflict) => conflict.columns(['organisation_id', 'desk_id']).doUpdateSet({ ...changes, words }))
      .execute();
  }
}

/** Who answers the appeal, for the inspectorate's own rows of it. */
export async function replaceAddressees(
  db: Db,
  { organisationId, appealId }: { organisationId: OrganisationId; appealId: AppealId },
  addressees: readonly OrganisationId[],
): Promise<void> {
  await sql`
    delete from desk_addressee where organisation_id = ${organisationId} and addressee_id <> all(${addressees}::uuid[])
      and desk_id in (select desk_id from desk_appeal where organisation_id = ${organisationId} and appeal_id = ${appealId})`.execute(
    db,
  );
  await sql`
    insert into desk_addressee (organisation_id, addressee_id, desk_id, received_at)
    select organisation_id, addressee_id, desk_id, received_at from desk_appeal cross join unnest(${addressees}::uuid[]) as to_whom (addressee_id)
    where organisation_id = ${organisationId} and appeal_id = ${appealId}
      and (kind = 'territory' or (kind = 'appeal' and state <> 'redirected'))
    on conflict do nothing`.execute(db);
}

/**
 * One appeal in the lists of all whose it is. Keeps whether each has seen the last change: `unread` is only ever raised here, opening the
 * page takes it down.
 */
export async function upsertOwnAppeals(
  db: Db,
  rows: readonly Insertable<Tables['own_appeal']>[],
  isNews: boolean,
): Promise<void> {
  await db
    .insertInto('own_appeal')
    .values(rows.map((row) => ({ ...row, unread: isNews })))
    .onConflict((conflict) =>
      conflict.columns(['person_id', 'appeal_id']).doUpdateSet(({ ref }) => ({
        state: ref('excluded.state'),
        due_on: ref('excluded.due_on'),
        overdue: ref('excluded.overdue'),
        changed_at: ref('excluded.changed_at'),
        topic_name: ref('excluded.topic_name'),
        address: ref('excluded.address'),
        ...(isNews && { unread: true }),
      })),
    )
    .execute();
}
