import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, HouseId } from '../../../platform/ids.ts';
import { type Day, firstDay, type Month, monthOf } from '../../../platform/month.ts';
import '../tables.ts';

/** What accounts were charged for a communal service (НСИ 3) in a month. */
export interface MonthCharge {
  period: Month;
  serviceCode: string;
  unit: string | null;
  /** Individual consumption as the lines say it, exact decimal text. */
  volume: string;
  /** «К оплате» of the lines, with recalculations and benefits, in kopecks. */
  payable: bigint;
}

/** Charges by month, service and unit from the exposed documents of some accounts of one house, from a month on. */
export async function selectMonthCharges(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
  from: Month,
): Promise<MonthCharge[]> {
  if (accountIds.length === 0) return [];
  const { rows } = await sql<{
    period: Day;
    serviceCode: string;
    unit: string | null;
    volume: string;
    payable: bigint;
  }>`
    select document.period, line->>'serviceCode' as "serviceCode", line->>'unit' as unit,
      sum(coalesce((line->'individual'->>'amount')::numeric, 0)) as volume,
      sum((line->>'payable')::bigint)::bigint as payable
    from payment_document document cross join jsonb_array_elements(document.body->'lines') line
    where document.house_id = ${houseId} and document.account_id = any(${accountIds}::uuid[]) and document.state = 'exposed'
      and document.period >= ${firstDay(from)}::date and line->>'group' = 'communal' and line->>'serviceCode' is not null
    group by 1, 2, 3 order by 1, 2, 3`.execute(db);
  return rows.map((row) => ({ ...row, period: monthOf(row.period) }));
}
