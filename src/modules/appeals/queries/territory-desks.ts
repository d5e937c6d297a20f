import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { AppealId, OrganisationId } from '../../../platform/ids.ts';
import type { AppealKey } from '../appeal.ts';
import '../tables.ts';

/** Regions that appeals are about. */
export async function selectRegions(db: Db): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`
    with recursive known as (
      (select region_code as code from appeal order by region_code limit 1)
      union all
      select (select region_code from appeal where region_code > known.code order by region_code limit 1) from known where known.code is not null)
    select code from known where code is not null`.execute(db);
  return rows.map(({ code }) => code);
}

/** Organisations at whose desks appeals stand as those of a territory, whatever power they have by now. */
export async function selectTerritoryDesks(db: Db): Promise<OrganisationId[]> {
  const { rows } = await sql<{ id: OrganisationId }>`
    with recursive known as (
      (select organisation_id as id from desk_appeal order by organisation_id limit 1)
      union all
      select (select organisation_id from desk_appeal where organisation_id > known.id order by organisation_id limit 1)
      from known where known.id is not null)
    select id from known
    where id is not null and exists (select from desk_appeal where organisation_id = known.id and kind = 'territory')`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

export interface Walk {
  organisationId: OrganisationId | null;
  after: AppealKey | null;
  isDone: boolean;
}

/** Takes the walk of a region, new or begun; null when another run has it. */
export async function takeWalk(trx: Transaction, regionCode: string): Promise<Walk | null> {
  await sql`
    insert into territory_desk (region_code, is_done) values (${regionCode}, false) on conflict do nothing`.execute(
    trx,
  );
  const row = await trx
    .selectFrom('territory_desk')
    .selectAll()
    .where('region_code', '=', regionCode)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (!row) return null;
  const { organisation_id: organisationId, after_house_id: houseId, after_appeal_id: appealId, is_done: isDone } = row;
  return { organisationId, after: houseId && appealId ? { houseId, appealId } : null, isDone };
}

export async function saveWalk(trx: Transaction, regionCode: string, { organisationId, after, isDone }: Walk) {
  await trx
    .updateTable('territory_desk')
    .set({
      organisation_id: organisationId,
      after_house_id: after?.houseId ?? null,
      after_appeal_id: after?.appealId ?? null,
      is_done: isDone,
    })
    .where('region_code', '=', regionCode)
    .execute();
}

/** Appeals of a region in the order of their keys. */
export async function selectOfRegion(
  db: Db,
  regionCode: string,
  after: AppealKey | null,
  limit: number,
): Promise<AppealKey[]> {
  const { rows } = await sql<AppealKey>`
    select house_id as "houseId", appeal_id as "appealId" from appeal where region_code = ${regionCode}
      ${after ? sql`and (house_id, appeal_id) > (${after.houseId}::uuid, ${after.appealId}::uuid)` : sql``}
    order by house_id, appeal_id limit ${limit}`.execute(db);
  return rows;
}

/**
 * Takes appeals from the territories of these desks; what was addressed to them stays theirs.
 * @returns whose months are to be counted anew
 */
export async function deleteTerritoryRows(
  trx: Transaction,
  desks: readonly OrganisationId[],
  appealIds: readonly AppealId[],
): Promise<{ organisation_id: OrganisationId; received_at: Date }[]> {
  await sql`
    delete from desk_addressee theirs using desk_appeal desk
    where desk.organisation_id = any(${[...desks]}::uuid[]) and desk.appeal_id = any(${[...appealIds]}::uuid[])
      and theirs.organisation_id = desk.organisation_id and theirs.desk_id = desk.desk_id`.execute(trx);
  const { rows } = await sql<{ organisation_id: OrganisationId; received_at: Date }>`
    delete from desk_appeal
    where organisation_id = any(${[...desks]}::uuid[]) and kind = 'territory' and desk_id = any(${[...appealIds]}::uuid[])
    returning organisation_id, received_at`.execute(trx);
  return rows;
}
