import { type RawBuilder, sql } from 'kysely';
import type { Desk } from '../../../platform/access.ts';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import { inScope } from '../../../platform/database/scope.ts';
import type { HouseId, OrganisationId } from '../../../platform/ids.ts';
import type { Month } from '../../../platform/month.ts';
import type { DeskKind } from '../tables.ts';
import '../tables.ts';

/** Months are of the country's calendar; terms and days of answers of the place's. */
const ZONE = 'Europe/Moscow';

/**
 * Counts one month of a desk anew, by month of receipt, from the desk's rows. Two counts of one month follow one another: the later one
 * sees what the earlier has written.
 */
export async function recountMonth(trx: Transaction, organisationId: OrganisationId, month: Month): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`desk_statistics ${organisationId} ${month}`}, 0))`.execute(
    trx,
  );
  await sql`delete from desk_statistics where organisation_id = ${organisationId} and month = ${month}`.execute(trx);
  await sql`
    insert into desk_statistics (organisation_id, kind, month, topic_code, house_id, address, received, open, executed, overdue, late,
      satisfied, partly, unsatisfied, days, spent)
    select ${organisationId}, kind, ${month}, topic_code, house_id, max(address), count(*), count(*) filter (where is_open),
      count(*) filter (where executed), count(*) filter (where is_open and overdue),
      count(*) filter (where executed and closed_on > due_on), count(*) filter (where assessment = 'full'),
      count(*) filter (where assessment = 'partial'), count(*) filter (where assessment = 'none'),
      coalesce(sum(spent) filter (where executed), 0), coalesce(array_agg(spent order by spent) filter (where executed), '{}')
    from (
      select *, (closed_at at time zone zone)::date as closed_on, state = 'executed' as executed,
        (closed_at at time zone zone)::date - (received_at at time zone zone)::date as spent
      from desk_appeal where organisation_id = ${organisationId} and kind = any(array['appeal', 'request', 'territory'])
        and received_at >= (${`${month}-01`}::date)::timestamp at time zone ${ZONE}
        and received_at < (${`${month}-01`}::date + interval '1 month')::timestamp at time zone ${ZONE}
    ) rows
    group by kind, topic_code, house_id`.execute(trx);
}

export interface Figures {
  received: number;
  open: number;
  executed: number;
  /** Open with the term passed. */
  overdue: number;
  /** Answered after the term. */
  late: number;
  satisfied: number;
  partly: number;
  unsatisfied: number;
  /** Days from receipt to the answer; null when nothing is answered. */
  mean: number | null;
  median: number | null;
}

export interface StatisticsOf extends Desk {
  kind: DeskKind;
  /** First and last month, both inclusive. */
  from: Month;
  to: Month;
}

const cells = ({ organisationId, houses, kind, from, to }: StatisticsOf) => sql`
  select * from desk_statistics where organisation_id = ${organisationId} and kind = ${kind} and month between ${from} and ${to}
    and ${inScope('house_id', houses)}`;

const figures = sql`
  sum(received)::int as received, sum(open)::int as open, sum(executed)::int as executed, sum(overdue)::int as overdue,
  sum(late)::int as late, sum(satisfied)::int as satisfied, sum(partly)::int as partly, sum(unsatisfied)::int as unsatisfied,
  sum(days)::float8 / nullif(sum(executed), 0) as mean`;

/** Sums of a period by a key of its cells, each with the median of all its answers. */
async function selectBy<Row>(
  db: Db,
  of: StatisticsOf,
  {
    key,
    more = sql``,
    order,
    limit,
  }: { key: RawBuilder<unknown>; more?: RawBuilder<unknown>; order: RawBuilder<unknown>; limit: number },
): Promise<(Figures & Row)[]> {
  const { rows } = await sql<Figures & Row>`
    with cells as (${cells(of)}),
    sums as (select ${key} as key, ${figures} ${more} from cells group by 1 order by ${order} limit ${limit}),
    medians as (select ${key} as key, percentile_cont(0.5) within group (order by day) as median
      from cells cross join lateral unnest(spent) as day group by 1)
    select sums.*, medians.median from sums left join medians on medians.key = sums.key order by ${order}`.execute(db);
  return rows;
}

const ALL = 10_000;

export async function selectTotals(db: Db, of: StatisticsOf): Promise<Figures | null> {
  const [row] = await selectBy<object>(db, of, { key: sql`1`, order: sql`1`, limit: 1 });
  return row ?? null;
}

export const selectByMonth = (db: Db, of: StatisticsOf) =>
  selectBy<{ key: Month }>(db, of, { key: sql`month`, order: sql`1`, limit: ALL });

export const selectByTopic = (db: Db, of: StatisticsOf) =>
  selectBy<{ key: string }>(db, of, { key: sql`topic_code`, order: sql`received desc, 1`, limit: ALL });

/** Houses with the most appeals. */
export const selectByHouse = (db: Db, of: StatisticsOf, limit: number) =>
  selectBy<{ key: HouseId; address: string }>(db, of, {
    key: sql`house_id`,
    more: sql`, max(address) as address`,
    order: sql`received desc, 1`,
    limit,
  });

export type Cell = Omit<Figures, 'mean' | 'median'> & {
  month: Month;
  topicCode: string;
  address: string;
  days: number;
};

/** The cells themselves, for a file; after the last one given. */
export async function selectCells(
  db: Db,
  of: StatisticsOf,
  after: (Cell & { houseId: HouseId }) | null,
  limit: number,
) {
  const { rows } = await sql<Cell & { houseId: HouseId }>`
    select month, topic_code as "topicCode", house_id as "houseId", address, received, open, executed, overdue, late, satisfied,
      partly, unsatisfied, days
    from (${cells(of)}) cells
    ${after ? sql`where (month, topic_code, house_id) > (${after.month}, ${after.topicCode}, ${after.houseId}::uuid)` : sql``}
    order by month, topic_code, house_id limit ${limit}`.execute(db);
  return rows;
}
