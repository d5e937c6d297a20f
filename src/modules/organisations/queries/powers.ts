import type { Db } from '../../../platform/database/database.ts';
import type { OrganisationId } from '../../../platform/ids.ts';
import '../tables.ts';

export async function selectPowers(db: Db, organisationId: OrganisationId): Promise<string[]> {
  const rows = await db
    .selectFrom('organisation_power')
    .select('power_code')
    .distinct()
    .where('organisation_id', '=', organisationId)
    .execute();
  return rows.map((row) => row.power_code);
}

export async function insertPower(
  db: Db,
  organisationId: OrganisationId,
  powerCode: string,
  regionCode: string,
): Promise<void> {
  await db
    .insertInto('organisation_power')
    .values({ organisation_id: organisationId, power_code: powerCode, region_code: regionCode })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function deletePowers(db: Db, organisationId: OrganisationId): Promise<void> {
  await db.deleteFrom('organisation_power').where('organisation_id', '=', organisationId).execute();
}

/** Powers with their regions, as the administrator sees them. */
export async function selectPowersByRegion(db: Db, organisationId: OrganisationId) {
  return db
    .selectFrom('organisation_power')
    .select(['power_code as powerCode', 'region_code as regionCode'])
    .where('organisation_id', '=', organisationId)
    .orderBy('region_code')
    .orderBy('power_code')
    .execute();
}

export async function deletePower(
  db: Db,
  organisationId: OrganisationId,
  powerCode: string,
  regionCode: string,
): Promise<void> {
  await db
    .deleteFrom('organisation_power')
    .where('organisation_id', '=', organisationId)
    .where('power_code', '=', powerCode)
    .where('region_code', '=', regionCode)
    .execute();
}

/** The first organisation of a region that has a power: the inspectorate of a house, for one. */
export async function selectOrganisationWithPower(db: Db, powerCode: string, regionCode: string) {
  return db
    .selectFrom('organisation_power')
    .innerJoin('organisation', 'organisation.organisation_id', 'organisation_power.organisation_id')
    .selectAll('organisation')
    .where('power_code', '=', powerCode)
    .where('organisation_power.region_code', '=', regionCode)
    .orderBy('organisation.organisation_id')
    .executeTakeFirst();
}
