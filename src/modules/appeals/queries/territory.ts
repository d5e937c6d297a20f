import { type RawBuilder, sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { AppealId, HouseId, OrganisationId } from '../../../platform/ids.ts';
import type { Month } from '../../../platform/month.ts';
import type { AppealKey } from '../appeal.ts';
import { type DeskLine, deskColumns, isLate } from './desk.ts';
import '../tables.ts';

/** Organisations are of the country's calendar. */
const ZONE = 'Europe/Moscow';

/** What an inspectorate sees of its territory: appeals to others and those to itself. What it has redirected is in the territory again. */
export const OVERSEEN = ['territory', 'appeal'] as const;

export type TerritoryState = 'open' | 'sent' | 'in_work' | 'executed' | 'withdrawn' | 'outside';

export interface TerritoryFilter {
  addresseeId: OrganisationId | null;
  /** Topics of НСИ 220, any of them; null: all. */
  topics: readonly string[] | null;
  houseId: HouseId | null;
  state: TerritoryState | null;
  overdue: boolean;
  escalated: boolean;
  reopened: boolean;
  unsatisfied: boolean;
}

const STATES: Readonly<Record<Exclude<TerritoryState, 'open'>, readonly string[]>> = {
  sent: ['sent', 'received'],
  in_work: ['in_work'],
  executed: ['executed'],
  withdrawn: ['withdrawn'],
  outside: ['outside'],
};

const stateIs = (state: TerritoryState | null): RawBuilder<unknown> => {
  if (state === null) return sql``;
  return state === 'open' ? sql`and is_open` : sql`and state = any(${[...STATES[state]]}::text[])`;
};

/** The conditions as SQL on columns of `desk_appeal`, for the walk and for the search by words. */
export const conditionOf = (filter: TerritoryFilter): RawBuilder<unknown> => sql`
  and state <> 'redirected' ${stateIs(filter.state)}
  ${filter.topics ? sql`and topic_code = any(${[...filter.topics]}::text[])` : sql``}
  ${filter.houseId ? sql`and house_id = ${filter.houseId}` : sql``}
  ${filter.overdue ? sql`and overdue` : sql``} ${filter.escalated ? sql`and escalated` : sql``}
  ${filter.reopened ? sql`and reopened` : sql``} ${filter.unsatisfied ? sql`and assessment = any(array['none', 'partial'])` : sql``}`;

/** The same for the search, which does not start from the addressee. */
export const searchConditionOf = (filter: TerritoryFilter): RawBuilder<unknown> =>
  filter.addresseeId === null
    ? conditionOf(filter)
    : sql`${conditionOf(filter)} and exists (select from desk_addressee a where a.organisation_id = desk_appeal.organisation_id
        and a.desk_id = desk_appeal.desk_id and a.addressee_id = ${filter.addresseeId})`;

/** The last row shown. */
export type MomentKey = { at: Date; deskId: string } | null;

/** A page of the territory, the newest first; each kind is a walk along its index, of one addressee along theirs. */
export async function selectTerritory(
  db: Db,
  organisationId: OrganisationId,
  { filter, after, limit }: { filter: TerritoryFilter; after: MomentKey; limit: number },
): Promise<DeskLine[]> {
  const older = after ? sql`and (received_at, desk_id) < (${after.at}, ${after.deskId}::uuid)` : sql``;
  const source =
    filter.addresseeId === null
      ? sql.join(
          OVERSEEN.map(
            (kind) => sql`(select * from desk_appeal where organisation_id = ${organisationId} and kind = ${kind}
              ${conditionOf(filter)} ${older} order by received_at desc, desk_id desc limit ${limit})`,
          ),
          sql` union all `,
        )
      : sql`select desk.* from desk_addressee theirs
            join desk_appeal desk on desk.organisation_id = theirs.organisation_id and desk.desk_id = theirs.desk_id
            where theirs.organisation_id = ${organisationId} and theirs.addressee_id = ${filter.addresseeId}
              ${after ? sql`and (theirs.received_at, theirs.desk_id) < (${after.at}, ${after.deskId}::uuid)` : sql``}
              ${conditionOf(filter)} order by theirs.received_at desc, theirs.desk_id desc limit ${limit}`;
  const { rows } = await sql<DeskLine>`
    select ${deskColumns} from (${source}) desk_appeal order by received_at desc, desk_id desc limit ${limit}`.execute(
    db,
  );
  return rows;
}

/** Where the house of each appeal is by ФИАС; null where its author found no address. */
export async function selectFiasGuids(db: Db, keys: readonly AppealKey[]): Promise<Map<AppealId, string | null>> {
  const { rows } = await sql<{ appealId: AppealId; fiasGuid: string | null }>`
    select appeal.appeal_id as "appealId", fias_guid as "fiasGuid"
    from unnest(${keys.map(({ houseId }) => houseId)}::uuid[], ${keys.map(({ appealId }) => appealId)}::uuid[]) as wanted (house_id, appeal_id)
    join appeal on appeal.house_id = wanted.house_id and appeal.appeal_id = wanted.appeal_id`.execute(db);
  return new Map(rows.map(({ appealId, fiasGuid }) => [appealId, fiasGuid]));
}

export type AskedView = 'open' | 'answered';
/** What the pages of requests go by: the term of what waits, the time of what was answered. */
export type AskedKey = { at: string | null; deskId: string } | null;

/** What the inspectorate has asked of organisations: what waits by term, or what was answered, the newest first. */
export async function selectAsked(
  db: Db,
  organisationId: OrganisationId,
  { view, after, limit }: { view: AskedView; after: AskedKey; limit: number },
): Promise<DeskLine[]> {
  const isOpen = view === 'open';
  const next = !after
    ? sql``
    : isOpen
      ? sql`and (due_on, desk_id) > (${after.at}::date, ${after.deskId}::uuid)`
      : sql`and (closed_at, desk_id) < (${after.at}::timestamptz, ${after.deskId}::uuid)`;
  const { rows } = await sql<DeskLine>`
    select ${deskColumns} from desk_appeal where organisation_id = ${organisationId} and kind = 'asked'
      and ${isOpen ? sql`is_open` : sql`not is_open`} ${next}
    order by ${isOpen ? sql`due_on nulls last, desk_id` : sql`closed_at desc, desk_id desc`} limit ${limit}`.execute(
    db,
  );
  return rows;
}

export interface TerritoryCounts {
  open: number;
  overdue: number;
  /** Complaints on answers that wait for the inspectorate. */
  escalated: number;
  missingHouses: number;
  asked: number;
  askedOverdue: number;
  /** Appeals to the inspectorate itself that wait, and those whose term has passed. */
  own: number;
  ownOverdue: number;
}

/** Counting ends there: more are «1000+». */
export const COUNTED_AT_MOST = 1000;

/** What waits in a territory. */
export async function countTerritory(
  db: Db,
  organisationId: OrganisationId,
  { now, missingHouse }: { now: Date; missingHouse: string },
): Promise<TerritoryCounts> {
  const count = (kinds: readonly string[], more: RawBuilder<unknown>) => sql`
    (select count(*)::int from (select from desk_appeal where organisation_id = ${organisationId}
      and kind = any(${[...kinds]}::text[]) and is_open ${more} limit ${COUNTED_AT_MOST}) counted)`;
  const late = sql`and ${isLate(now)}`;
  const { rows } = await sql<TerritoryCounts>`
    select ${count(['territory'], sql``)} as open, ${count(OVERSEEN, sql`and overdue`)} as overdue,
      ${count(['appeal'], sql`and escalated`)} as escalated,
      ${count(OVERSEEN, sql`and topic_code = ${missingHouse}`)} as "missingHouses",
      ${count(['asked'], sql``)} as asked, ${count(['asked'], late)} as "askedOverdue",
      ${count(['appeal'], sql``)} as own, ${count(['appeal'], late)} as "ownOverdue"`.execute(db);
  return rows[0]!;
}

/**
 * Counts one month of a territory anew from the desk's rows, whole and by addressee. Does nothing for desks that oversee no territory.
 * The caller holds the lock of the desk's month.
 */
export async function recountTerritory(trx: Transaction, organisationId: OrganisationId, month: Month): Promise<void> {
  // First of all: who oversaw a territory until now has figures of it.
  await sql`delete from territory_statistics where organisation_id = ${organisationId} and month = ${month}`.execute(
    trx,
  );
  const [addressee] = await selectAddressees(trx, organisationId, 1);
  if (!addressee) return;
  const rows = sql`
    select *, state = 'executed' as done, (closed_at at time zone zone)::date <= due_on as kept from desk_appeal
    where organisation_id = ${organisationId} and kind = any(array['territory', 'appeal']) and state <> 'redirected'
      and received_at >= (${`${month}-01`}::date)::timestamp at time zone ${ZONE}
      and received_at < (${`${month}-01`}::date + interval '1 month')::timestamp at time zone ${ZONE}`;
  const sums = sql`count(*), count(*) filter (where is_open), count(*) filter (where done),
    count(*) filter (where done and due_on is not null), count(*) filter (where done and kept),
    count(*) filter (where overdue), count(*) filter (where assessment = 'none' or reopened)`;
  await sql`
    insert into territory_statistics (organisation_id, scope, addressee_id, month, topic_code, received, open, executed, termed, in_term,
      overdue, unsatisfied)
    select ${organisationId}::uuid, 'all', ${organisationId}::uuid, ${month}, topic_code, ${sums} from (${rows}) rows group by topic_code
    union all
    select ${organisationId}::uuid, 'addressee', addressee_id, ${month}, topic_code, ${sums}
    from (${rows}) rows join desk_addressee using (organisation_id, desk_id) group by addressee_id, topic_code`.execute(
    trx,
  );
}

export interface TerritoryFigures {
  received: number;
  open: number;
  executed: number;
  termed: number;
  inTerm: number;
  overdue: number;
  unsatisfied: number;
}

export interface TerritoryPeriod {
  /** First and last month, both inclusive. */
  from: Month;
  to: Month;
  /** Only appeals to this organisation. */
  addresseeId: OrganisationId | null;
}

/** The figures of a period by one of its sides. */
export async function selectTerritoryFigures(
  db: Db,
  organisationId: OrganisationId,
  by: 'month' | 'topic' | 'addressee',
  { from, to, addresseeId }: TerritoryPeriod,
): Promise<(TerritoryFigures & { key: string })[]> {
  const key = { month: sql`month`, topic: sql`topic_code`, addressee: sql`addressee_id::text` }[by];
  const isByAddressee = by === 'addressee' || addresseeId !== null;
  const { rows } = await sql<TerritoryFigures & { key: string }>`
    select ${key} as key, sum(received)::int as received, sum(open)::int as open, sum(executed)::int as executed,
      sum(termed)::int as termed, sum(in_term)::int as "inTerm", sum(overdue)::int as overdue, sum(unsatisfied)::int as unsatisfied
    from territory_statistics where organisation_id = ${organisationId} and scope = ${isByAddressee ? 'addressee' : 'all'}
      ${addresseeId ? sql`and addressee_id = ${addresseeId}` : sql``} and month between ${from} and ${to}
    group by 1 order by ${by === 'month' ? sql`1` : sql`sum(received) desc, 1`}`.execute(db);
  return rows;
}

/** Organisations that appeals of the territory went to: the choices of a filter. */
export async function selectAddressees(
  db: Db,
  organisationId: OrganisationId,
  limit = 2000,
): Promise<OrganisationId[]> {
  const { rows } = await sql<{ id: OrganisationId }>`
    with recursive known as (
      (select addressee_id as id from desk_addressee where organisation_id = ${organisationId} order by addressee_id limit 1)
      union all
      select (select addressee_id from desk_addressee where organisation_id = ${organisationId} and addressee_id > known.id
        order by addressee_id limit 1) from known where known.id is not null)
    select id from known where id is not null limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}
