import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { OrganisationId } from '../../../platform/ids.ts';
import { LEGAL_FORMS } from '../legal-forms.ts';
import { territoriesAround } from '../oktmo.ts';
import '../tables.ts';

export interface Criteria {
  /** Words of the short or the full name, in any order and case. */
  name: string;
  inn: string;
  ogrn: string;
  /** НСИ 20. */
  powerCode: string;
  /** A code of LEGAL_FORMS. */
  legalForm: string;
}

export interface FoundByCriteria {
  organisationId: OrganisationId;
  shortName: string;
  fullName: string;
  inn: string;
  ogrn: string;
  address: string | null;
  /** НСИ 20, in no order. */
  powers: string[];
}

export interface NearPlace {
  /** Those that are of the place whatever their powers: the house's own providers. */
  organisationIds: readonly OrganisationId[];
  /** Bodies of power are of the place when they serve it. */
  bodyPowers: readonly string[];
  regionCode: string;
  oktmo: string;
}

const escaped = (text: string) => text.replace(/[%_\\]/g, '\\$&');
const folded = (column: string) => sql`lower(${sql.ref(column)} collate "ru-x-icu")`;

/**
 * A page of organisations that meet all criteria given, by short name after the last one shown. Empty criteria are none.
 * @param near null: wherever they are
 */
export async function selectByCriteria(
  db: Db,
  criteria: Criteria,
  near: NearPlace | null,
  { after, limit }: { after: { shortName: string; organisationId: OrganisationId } | null; limit: number },
): Promise<FoundByCriteria[]> {
  const conditions = [sql`true`];
  for (const word of criteria.name.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8)) {
    const like = `%${escaped(word)}%`;
    conditions.push(sql`(${folded('o.short_name')} like ${like} or ${folded('o.full_name')} like ${like})`);
  }
  if (criteria.inn) conditions.push(sql`o.inn = ${criteria.inn}`);
  if (criteria.ogrn) conditions.push(sql`o.ogrn = ${criteria.ogrn}`);
  if (criteria.powerCode)
    conditions.push(sql`exists (select from organisation_power p
      where p.organisation_id = o.organisation_id and p.power_code = ${criteria.powerCode})`);
  const form = LEGAL_FORMS.find(({ code }) => code === criteria.legalForm);
  if (form)
    conditions.push(
      sql`(${sql.join(
        form.begins.map((words) => sql`${folded('o.full_name')} like ${`${escaped(words)}%`}`),
        sql` or `,
      )})`,
    );
  if (near)
    conditions.push(sql`(o.organisation_id = any(${[...near.organisationIds]}::uuid[]) or exists (select from organisation_power p
      where p.organisation_id = o.organisation_id and p.power_code = any(${[...near.bodyPowers]}::text[])
        and p.region_code = ${near.regionCode} and p.oktmo = any(${territoriesAround(near.oktmo)}::text[])))`);
  if (after)
    conditions.push(sql`(o.short_name, o.organisation_id) > (${after.shortName}::text, ${after.organisationId}::uuid)`);
  const { rows } = await sql<FoundByCriteria>`
    select o.organisation_id as "organisationId", o.short_name as "shortName", o.full_name as "fullName", o.inn, o.ogrn,
      coalesce(o.actual_address, o.legal_address) as address,
      array(select distinct p.power_code from organisation_power p where p.organisation_id = o.organisation_id) as powers
    from organisation o
    where ${sql.join(conditions, sql` and `)}
    order by o.short_name, o.organisation_id limit ${limit}`.execute(db);
  return rows;
}
