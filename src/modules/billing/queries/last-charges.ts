import { sql } from 'kysely';
import '../tables.ts';
import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, HouseId } from '../../../platform/ids.ts';
import { type Day, type Month, monthOf } from '../../../platform/month.ts';

/** What the latest document of an account says of the price and the norm of communal services. Exact decimal text. */
export interface LastCharges {
  accountId: AccountId;
  period: Month;
  /** Lines of communal services that have a tariff. */
  lines: {
    service: string;
    /** НСИ 3. */
    serviceCode: string | null;
    unit: string | null;
    /** Rubles a unit. */
    tariff: string;
    /** What the account itself used, without the house's common part. */
    volume: string | null;
  }[];
  /** Of a person and month, from the reference section. */
  reference: { service: string; unit: string | null; normIndividual: string }[];
}

/** The latest exposed document of each account of one house. */
export async function selectLastCharges(
  db: Db,
  houseId: HouseId,
  accounts: readonly AccountId[],
): Promise<LastCharges[]> {
  if (accounts.length === 0) return [];
  const { rows } = await sql<Omit<LastCharges, 'period'> & { period: Day }>`
    select own.account_id as "accountId", latest.period,
      (select coalesce(json_agg(json_build_object('service', line->>'service', 'serviceCode', line->>'serviceCode',
          'unit', line->>'unit', 'tariff', line->>'tariff', 'volume', line->'individual'->>'amount') order by place), '[]')
        from jsonb_array_elements(latest.body->'lines') with ordinality as lines (line, place)
        where line->>'group' = 'communal' and line->>'tariff' is not null) as lines,
      (select coalesce(json_agg(json_build_object('service', norm->>'service', 'unit', norm->>'unit',
          'normIndividual', norm->>'normIndividual')), '[]')
        from jsonb_array_elements(latest.body->'reference') as norms (norm)
        where norm->>'normIndividual' is not null) as reference
    from unnest(${accounts}::uuid[]) as own (account_id)
    cross join lateral (
      select period, body from payment_document
      where house_id = ${houseId} and account_id = own.account_id and state = 'exposed' and kind = 'current'
      order by period desc, issued_at desc, document_id desc limit 1) latest`.execute(db);
  return rows.map((row) => ({ ...row, period: monthOf(row.period) }));
}
