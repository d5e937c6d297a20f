import type { Db } from '../../../platform/database/database.ts';
import type { OrganisationId } from '../../../platform/ids.ts';
import { territoriesAround } from '../oktmo.ts';
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
  /** Of the one municipality that the power is for; without it the whole region, and a place that is known already stays. */
  oktmo?: string,
): Promise<void> {
  const insert = db
    .insertInto('organisation_power')
    .values({ organisation_id: organisationId, power_code: powerCode, region_code: regionCode, oktmo: oktmo ?? '' });
  await (oktmo === undefined
    ? insert.onConflict((conflict) => conflict.doNothing())
    : insert.onConflict((conflict) =>
        conflict.columns(['organisation_id', 'power_code', 'region_code']).doUpdateSet({ oktmo }),
      )
  ).execute();
}

export async function deletePowers(db: Db, organisationId: OrganisationId): Promise<void> {
  await db.deleteFrom('organisation_power').where('organisation_id', '=', organisationId).execute();
}

/** Powers with their regions, as the administrator sees them. */
export async function selectPowersByRegion(db: Db, organisationId: OrganisationId) {
  return db
    .selectFrom('organisation_power')
    .select(['power_code as powerCode', 'region_code as regionCode', 'oktmo'])
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

/** Codes of the regions where some organisation has a power. */
export async function selectRegionsWithPower(db: Db, powerCode: string): Promise<string[]> {
  const rows = await db
    .selectFrom('organisation_power')
    .select('region_code')
    .distinct()
    .where('power_code', '=', powerCode)
    .execute();
  return rows.map(({ region_code }) => region_code);
}

export interface Body {
  organisationId: OrganisationId;
  shortName: string;
  powerCode: string;
  /** Empty: it serves the whole region. */
  oktmo: string;
}

/**
 * Organisations with any of the powers that serve a place. Of each power those of the nearest territory come first: a settlement's
 * before its district's, before those of the whole region.
 * @param place `oktmo` of a house or a territory, 8 or 11 digits; empty finds only those of the whole region
 */
export async function selectBodies(
  db: Db,
  place: { powerCodes: readonly string[]; regionCode: string; oktmo: string },
): Promise<Body[]> {
  if (place.powerCodes.length === 0) return [];
  const rows = await db
    .selectFrom('organisation_power')
    .innerJoin('organisation', 'organisation.organisation_id', 'organisation_power.organisation_id')
    .select(['organisation.organisation_id', 'organisation.short_name', 'power_code', 'oktmo'])
    .where('power_code', 'in', place.powerCodes)
    .where('organisation_power.region_code', '=', place.regionCode)
    .where('oktmo', 'in', territoriesAround(place.oktmo))
    .orderBy('organisation.short_name')
    .orderBy('organisation.organisation_id')
    .execute();
  const near = (oktmo: string) => oktmo.replace(/(000)+$/, '').length;
  return rows
    .map((row) => ({
      organisationId: row.organisation_id,
      shortName: row.short_name,
      powerCode: row.power_code,
      oktmo: row.oktmo,
    }))
    .sort(
      (a, b) =>
        place.powerCodes.indexOf(a.powerCode) - place.powerCodes.indexOf(b.powerCode) || near(b.oktmo) - near(a.oktmo),
    );
}
