import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { HouseId, MeterId } from '../../../platform/ids.ts';
import type { Meter } from '../meter.ts';
import { selectMeters } from './meters.ts';
import '../tables.ts';

/** Devices by the numbers that Domovoy issued; unknown numbers are absent. */
export async function selectMetersByNumbers(
  db: Db,
  numbers: readonly string[],
): Promise<Map<string, { houseId: HouseId; meterId: MeterId }>> {
  if (numbers.length === 0) return new Map();
  const { rows } = await sql<{ number: string; houseId: HouseId; meterId: MeterId }>`
    select number, house_id as "houseId", meter_id as "meterId" from meter_number
    where number = any(${numbers}::text[])`.execute(db);
  return new Map(rows.map(({ number, ...meter }) => [number, meter]));
}

/** A serial number as files and spreadsheets agree about it: they lose the zeros in front. */
export const bareSerial = (serial: string): string => serial.trim().replace(/^0+/, '');

/** Devices in use of one house by their serial numbers; zeros in front do not matter. */
export async function selectMetersBySerials(db: Db, houseId: HouseId, serials: readonly string[]): Promise<Meter[]> {
  if (serials.length === 0) return [];
  const { rows } = await sql<{ meterId: MeterId }>`
    select meter_id as "meterId" from meter where house_id = ${houseId} and state <> 'archived'
      and ltrim(serial, '0') = any(${serials.map(bareSerial)}::text[])`.execute(db);
  return selectMeters(
    db,
    houseId,
    rows.map(({ meterId }) => meterId),
  );
}
