import { type Selectable, sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { HouseId, MeterId, PremisesId } from '../../../platform/ids.ts';
import { type Day, firstDay, type Month, monthOf } from '../../../platform/month.ts';
import type { Consumption } from '../consumption.ts';
import type { Resource } from '../meter.ts';
import type { ConsumptionTable } from '../tables.ts';
import '../tables.ts';

export interface MonthOfMeter extends Consumption {
  meterId: MeterId;
  resource: Resource;
}

/** Months of some devices from `from` on, in order. */
export async function selectConsumption(
  db: Db,
  houseId: HouseId,
  meterIds: readonly MeterId[],
  from: Month,
): Promise<MonthOfMeter[]> {
  if (meterIds.length === 0) return [];
  const { rows } = await sql<Selectable<ConsumptionTable>>`
    select * from consumption where house_id = ${houseId} and meter_id = any(${meterIds}::uuid[])
      and period >= ${firstDay(from)}::date
    order by meter_id, resource, period`.execute(db);
  return rows.map((row) => ({
    meterId: row.meter_id,
    resource: row.resource,
    period: monthOf(row.period as Day),
    volume: row.volume,
    t1: row.t1,
    t2: row.t2,
    t3: row.t3,
    method: row.method,
    estimate: row.estimate,
    basis: row.basis as Consumption['basis'],
    readingId: row.reading_id,
  }));
}

/** Writes months anew, many at once. */
export async function upsertConsumption(
  trx: Transaction,
  houseId: HouseId,
  months: readonly (MonthOfMeter & { premisesId: PremisesId | null })[],
  at: Date,
): Promise<void> {
  if (months.length === 0) return;
  const rows = months.map((one) => ({
    house_id: houseId,
    meter_id: one.meterId,
    resource: one.resource,
    period: firstDay(one.period),
    premises_id: one.premisesId,
    volume: one.volume,
    t1: one.t1,
    t2: one.t2,
    t3: one.t3,
    method: one.method,
    estimate: one.estimate,
    basis: one.basis,
    reading_id: one.readingId,
    updated_at: at,
  }));
  await sql`
    insert into consumption select * from json_populate_recordset(null::consumption, ${JSON.stringify(rows)}::json)
    on conflict on constraint consumption_pk do update set premises_id = excluded.premises_id, volume = excluded.volume,
      t1 = excluded.t1, t2 = excluded.t2, t3 = excluded.t3, method = excluded.method, estimate = excluded.estimate,
      basis = excluded.basis, reading_id = excluded.reading_id, updated_at = excluded.updated_at`.execute(trx);
}

/** Months that no reading and no rule of estimation gives any more. */
export async function deleteConsumption(
  trx: Transaction,
  houseId: HouseId,
  months: readonly Pick<MonthOfMeter, 'meterId' | 'resource' | 'period'>[],
): Promise<void> {
  if (months.length === 0) return;
  await sql`
    delete from consumption using unnest(${months.map((one) => one.meterId)}::uuid[], ${months.map((one) => one.resource)}::text[],
      ${months.map((one) => firstDay(one.period))}::date[]) gone (meter_id, resource, period)
    where consumption.house_id = ${houseId} and consumption.meter_id = gone.meter_id
      and consumption.resource = gone.resource and consumption.period = gone.period`.execute(trx);
}
