import { type RawBuilder, sql } from 'kysely';
import type { Desk, HouseScope } from '../../../platform/access.ts';
import type { Db } from '../../../platform/database/database.ts';
import { inScope } from '../../../platform/database/scope.ts';
import type { HouseId, OrganisationId } from '../../../platform/ids.ts';
import { type Day, type Month, monthOf } from '../../../platform/month.ts';
import '../../organisations/tables.ts';
import '../tables.ts';

/** What a list of houses is asked for: those with devices that did not send, with verifications due, with readings to decide. */
export type DeskFilter = 'missing' | 'due' | 'waiting';

export interface DeskLine {
  houseId: HouseId;
  address: string;
  manages: boolean;
  /** The month that the counts are of; null where no device is on the register. */
  period: Month | null;
  meters: number;
  sent: number;
  waiting: number;
  due: number;
}

const FILTERS: Readonly<Record<DeskFilter, RawBuilder<unknown>>> = {
  missing: sql`counts.meters > counts.sent`,
  due: sql`counts.verify_soon > 0`,
  waiting: sql`counts.waiting > 0`,
};

/** A page of an organisation's houses with the counts of their devices, by address: from its roll-ups alone. */
export async function selectDesk(
  db: Db,
  input: {
    organisationId: OrganisationId;
    houses: HouseScope;
    search: string;
    filter: DeskFilter | null;
    after: { address: string; houseId: HouseId } | null;
    limit: number;
  },
): Promise<DeskLine[]> {
  const words = input.search
    .toLowerCase()
    .split(/[\s,.]+/)
    .filter(Boolean)
    .slice(0, 8);
  const { rows } = await sql<Omit<DeskLine, 'period'> & { period: Day | null }>`
    select own.house_id as "houseId", own.address, own.manages, counts.period, coalesce(counts.meters, 0) as meters,
      coalesce(counts.sent, 0) as sent, coalesce(counts.waiting, 0) as waiting, coalesce(counts.verify_soon, 0) as due
    from organisation_house own
    left join organisation_meters counts on counts.organisation_id = ${input.organisationId}::uuid
      and counts.house_id = own.house_id
    where own.organisation_id = ${input.organisationId}::uuid and ${inScope('own.house_id', input.houses)}
      ${input.filter ? sql`and ${FILTERS[input.filter]}` : sql``}
      ${sql.join(
        words.map(
          (word) => sql`and lower(own.address collate "ru-x-icu") like ${`%${word.replace(/[%_\\]/g, '\\$&')}%`}`,
        ),
        sql` `,
      )}
      ${input.after ? sql`and (own.address, own.house_id) > (${input.after.address}::text, ${input.after.houseId}::uuid)` : sql``}
    order by own.address, own.house_id limit ${input.limit}`.execute(db);
  return rows.map((row) => ({ ...row, period: row.period && monthOf(row.period) }));
}

export interface DeskTotals {
  meters: number;
  sent: number;
  waiting: number;
  due: number;
}

export async function selectDeskTotals(db: Db, { organisationId, houses }: Desk): Promise<DeskTotals> {
  const { rows } = await sql<DeskTotals>`
    select coalesce(sum(meters), 0)::int as meters, coalesce(sum(sent), 0)::int as sent,
      coalesce(sum(waiting), 0)::int as waiting, coalesce(sum(verify_soon), 0)::int as due
    from organisation_meters where organisation_id = ${organisationId}::uuid and ${inScope('house_id', houses)}`.execute(
    db,
  );
  return rows[0]!;
}

/** Houses with devices of an organisation, by id after the last one: for work that goes house by house. */
export async function selectHousesOfDesk(
  db: Db,
  { organisationId, houses }: Desk,
  after: HouseId | null,
  limit: number,
): Promise<HouseId[]> {
  const { rows } = await sql<{ houseId: HouseId }>`
    select house_id as "houseId" from organisation_meters where organisation_id = ${organisationId}::uuid and ${inScope('house_id', houses)}
      ${after ? sql`and house_id > ${after}::uuid` : sql``}
    order by house_id limit ${limit}`.execute(db);
  return rows.map(({ houseId }) => houseId);
}
