import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { FileId, HouseId, PersonId, ReadingId } from '../../../platform/ids.ts';
import '../../accounts/tables.ts';
import '../tables.ts';

/** Houses where the person has, or once had, an account: readings are given nowhere else. */
export async function selectHousesOfPerson(db: Db, personId: PersonId): Promise<HouseId[]> {
  const rows = await db
    .selectFrom('account_link')
    .select('house_id')
    .distinct()
    .where('person_id', '=', personId)
    .orderBy('house_id')
    .execute();
  return rows.map((row) => row.house_id);
}

export interface GivenReading {
  readingId: ReadingId;
  meter: string;
  serial: string;
  resource: string;
  period: string;
  takenOn: string;
  t1: string;
  t2: string | null;
  t3: string | null;
  enteredAt: Date;
  state: string;
  photoId: FileId | null;
}

/** Values that the person gave at one house, in the order of giving. */
export async function selectReadingsOfPerson(
  db: Db,
  houseId: HouseId,
  personId: PersonId,
  after: ReadingId | null,
  limit: number,
): Promise<GivenReading[]> {
  const { rows } = await sql<GivenReading>`
    select reading.reading_id as "readingId", meter.number as meter, meter.serial, reading.resource,
      to_char(reading.period, 'YYYY-MM') as period, reading.taken_on as "takenOn", trim_scale(reading.t1)::text as t1,
      trim_scale(reading.t2)::text as t2, trim_scale(reading.t3)::text as t3, reading.entered_at as "enteredAt", reading.state,
      reading.photo_id as "photoId"
    from reading join meter on meter.house_id = reading.house_id and meter.meter_id = reading.meter_id
    where reading.house_id = ${houseId} and reading.person_id = ${personId} and reading.source = 'resident'
      and (${after}::uuid is null or reading.reading_id > ${after}::uuid)
    order by reading.reading_id limit ${limit}`.execute(db);
  return rows;
}
