import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import type { DeviceId } from '../identity.ts';
import '../tables.ts';

export interface Seen {
  userAgent: string;
  network: string;
  at: Date;
}

/** The device of the person that shows this secret, if they have been there before. */
export async function touchDevice(
  db: Db,
  personId: PersonId,
  secretHash: Buffer,
  { userAgent, network, at }: Seen,
): Promise<DeviceId | null> {
  const row = await db
    .updateTable('device')
    .set({ last_at: at, user_agent: userAgent, network })
    .where('person_id', '=', personId)
    .where('secret_hash', '=', secretHash)
    .returning('device_id')
    .executeTakeFirst();
  return row?.device_id ?? null;
}

export async function hasDevices(db: Db, personId: PersonId): Promise<boolean> {
  const row = await db.selectFrom('device').select('device_id').where('person_id', '=', personId).executeTakeFirst();
  return row !== undefined;
}

export async function insertDevice(
  db: Db,
  device: { personId: PersonId; deviceId: DeviceId; secretHash: Buffer; alarm: { hash: Buffer; until: Date } | null },
  { userAgent, network, at }: Seen,
): Promise<void> {
  await db
    .insertInto('device')
    .values({
      person_id: device.personId,
      device_id: device.deviceId,
      secret_hash: device.secretHash,
      user_agent: userAgent,
      network,
      first_at: at,
      last_at: at,
      alarm_hash: device.alarm?.hash ?? null,
      alarm_until: device.alarm?.until ?? null,
    })
    .execute();
}

/** The device of a letter's link while the link is good. */
export async function selectAlarm(
  db: Db,
  { personId, deviceId, hash }: { personId: PersonId; deviceId: DeviceId; hash: Buffer },
  now: Date,
): Promise<{ userAgent: string; network: string; firstAt: Date } | undefined> {
  return db
    .selectFrom('device')
    .select(['user_agent as userAgent', 'network', 'first_at as firstAt'])
    .where('person_id', '=', personId)
    .where('device_id', '=', deviceId)
    .where('alarm_hash', '=', hash)
    .where('alarm_until', '>', now)
    .executeTakeFirst();
}

/** Forgets the device, its link with it. @returns false when the link was used already, or is no good */
export async function deleteDeviceByAlarm(
  db: Db,
  { personId, deviceId, hash }: { personId: PersonId; deviceId: DeviceId; hash: Buffer },
  now: Date,
): Promise<boolean> {
  const removed = await db
    .deleteFrom('device')
    .where('person_id', '=', personId)
    .where('device_id', '=', deviceId)
    .where('alarm_hash', '=', hash)
    .where('alarm_until', '>', now)
    .executeTakeFirst();
  return removed.numDeletedRows > 0n;
}

export async function deleteDevicesOf(db: Db, personId: PersonId): Promise<void> {
  await db.deleteFrom('device').where('person_id', '=', personId).execute();
}

export async function deleteDevicesUnseenSince(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    delete from device where (person_id, device_id) in (
      select person_id, device_id from device where last_at < ${moment} order by last_at limit ${limit})`.execute(db);
  return Number(removed.numAffectedRows ?? 0);
}

export async function selectDevices(db: Db, personId: PersonId) {
  return db
    .selectFrom('device')
    .select(['user_agent as userAgent', 'network', 'first_at as firstAt', 'last_at as lastAt'])
    .where('person_id', '=', personId)
    .orderBy('last_at', 'desc')
    .limit(200)
    .execute();
}
