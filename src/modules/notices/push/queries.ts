import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { HouseId, PersonId } from '../../../platform/ids.ts';
import type { NoticeKindName } from '../kinds.ts';
import type { DeviceId, NoticeId, PushId } from '../notice.ts';
import '../tables.ts';

export interface Device {
  deviceId: DeviceId;
  endpoint: string;
  p256dh: string;
  auth: string;
  /** The installation's public key that the browser knows. */
  serverKey: string;
  label: string;
  createdAt: Date;
  reachedAt: Date | null;
}

export interface Push {
  personId: PersonId;
  pushId: PushId;
  noticeId: NoticeId;
  deviceId: DeviceId;
  kind: NoticeKindName;
  title: string;
  body: string;
  path: string;
}

/** The devices on which a person turned notices on, the oldest first. */
export async function selectDevices(db: Db, personId: PersonId): Promise<Device[]> {
  const { rows } = await sql<Device>`
    select device_id as "deviceId", endpoint, p256dh, auth, server_key as "serverKey", label,
      created_at as "createdAt", reached_at as "reachedAt"
    from push_device where person_id = ${personId} order by device_id`.execute(db);
  return rows;
}

export async function insertDevice(db: Db, personId: PersonId, device: Omit<Device, 'reachedAt'>): Promise<void> {
  await db
    .insertInto('push_device')
    .values({
      person_id: personId,
      device_id: device.deviceId,
      endpoint: device.endpoint,
      p256dh: device.p256dh,
      auth: device.auth,
      server_key: device.serverKey,
      label: device.label,
      created_at: device.createdAt,
      reached_at: null,
    })
    .execute();
}

/** Whose a subscription is; the row is locked until the end of the transaction. */
export async function lockEndpoint(
  db: Db,
  hash: Buffer,
): Promise<{ personId: PersonId; deviceId: DeviceId } | undefined> {
  return db
    .selectFrom('push_endpoint')
    .select(['person_id as personId', 'device_id as deviceId'])
    .where('endpoint_hash', '=', hash)
    .forUpdate()
    .executeTakeFirst();
}

export async function upsertEndpoint(db: Db, hash: Buffer, personId: PersonId, deviceId: DeviceId): Promise<void> {
  await sql`insert into push_endpoint (endpoint_hash, person_id, device_id) values (${hash}, ${personId}, ${deviceId})
    on conflict on constraint push_endpoint_pk do update set person_id = excluded.person_id, device_id = excluded.device_id`.execute(
    db,
  );
}

/** Takes a device off the list, with what waits for it. @returns its endpoint; null when it was not there */
export async function deleteDevice(db: Db, personId: PersonId, deviceId: DeviceId, at: Date): Promise<string | null> {
  await sql`update push_message set refused_at = ${at}::timestamptz, refusal = 'device removed'
    where person_id = ${personId} and device_id = ${deviceId} and sent_at is null and refused_at is null`.execute(db);
  const removed = await db
    .deleteFrom('push_device')
    .where('person_id', '=', personId)
    .where('device_id', '=', deviceId)
    .returning('endpoint')
    .executeTakeFirst();
  return removed?.endpoint ?? null;
}

export async function deleteEndpoint(db: Db, hash: Buffer, deviceId: DeviceId): Promise<void> {
  await db.deleteFrom('push_endpoint').where('endpoint_hash', '=', hash).where('device_id', '=', deviceId).execute();
}

export async function insertPush(db: Db, push: Push, at: Date): Promise<void> {
  await db
    .insertInto('push_message')
    .values({
      person_id: push.personId,
      push_id: push.pushId,
      notice_id: push.noticeId,
      device_id: push.deviceId,
      kind: push.kind,
      title: push.title,
      body: push.body,
      path: push.path,
      created_at: at,
    })
    .onConflict((conflict) => conflict.constraint('push_message_once').doNothing())
    .execute();
}

/** A message that is not sent yet, with its device; undefined when it is, or the device is gone. */
export async function selectUnsentPush(
  db: Db,
  personId: PersonId,
  pushId: PushId,
): Promise<(Push & Device & { createdAt: Date }) | undefined> {
  const { rows } = await sql<Push & Device & { createdAt: Date }>`
    select message.person_id as "personId", message.push_id as "pushId", message.notice_id as "noticeId", message.kind,
      message.title, message.body, message.path, message.created_at as "createdAt", device.device_id as "deviceId",
      device.endpoint, device.p256dh, device.auth, device.server_key as "serverKey"
    from push_message message
    join push_device device on device.person_id = message.person_id and device.device_id = message.device_id
    where message.person_id = ${personId} and message.push_id = ${pushId}
      and message.sent_at is null and message.refused_at is null`.execute(db);
  return rows[0];
}

export async function markPushSent(db: Db, { personId, pushId, deviceId }: Push, at: Date): Promise<void> {
  await sql`update push_message set sent_at = ${at}::timestamptz, refusal = null, attempts = attempts + 1
    where person_id = ${personId} and push_id = ${pushId}`.execute(db);
  await sql`update push_device set reached_at = ${at}::timestamptz
    where person_id = ${personId} and device_id = ${deviceId}`.execute(db);
}

/** Notes a try in vain. @returns how many there were by now */
export async function notePushTrouble(
  db: Db,
  { personId, pushId }: Push,
  { refusal, refusedAt }: { refusal: string; refusedAt: Date | null },
): Promise<number> {
  const { rows } = await sql<{ attempts: number }>`
    update push_message set refusal = ${refusal.slice(0, 1000)}, refused_at = ${refusedAt}::timestamptz, attempts = attempts + 1
    where person_id = ${personId} and push_id = ${pushId} returning attempts`.execute(db);
  return rows[0]?.attempts ?? 0;
}

/** Houses in which a person has connected accounts, the first connected first. */
export async function selectHousesOfPerson(db: Db, personId: PersonId): Promise<HouseId[]> {
  const { rows } = await sql<{ houseId: HouseId }>`
    select house_id as "houseId" from account_link where person_id = ${personId} and state = 'connected'
    order by link_id limit 1`.execute(db);
  return rows.map(({ houseId }) => houseId);
}

export async function selectZone(db: Db, houseId: HouseId): Promise<string | null> {
  const { rows } = await sql<{ zone: string }>`select zone from house where house_id = ${houseId}`.execute(db);
  return rows[0]?.zone ?? null;
}

/** The installation's pair of keys; undefined before it was first needed. */
export async function selectPushKey(db: Db): Promise<{ publicKey: string; sealedPrivate: Buffer } | undefined> {
  return db
    .selectFrom('push_key')
    .select(['public_key as publicKey', 'sealed_private as sealedPrivate'])
    .where('name', '=', 'vapid')
    .executeTakeFirst();
}

/** Keeps the pair unless another process was faster. */
export async function insertPushKey(
  db: Db,
  key: { publicKey: string; sealedPrivate: Buffer; at: Date },
): Promise<void> {
  await db
    .insertInto('push_key')
    .values({ name: 'vapid', public_key: key.publicKey, sealed_private: key.sealedPrivate, created_at: key.at })
    .onConflict((conflict) => conflict.constraint('push_key_pk').doNothing())
    .execute();
}

export async function deletePushesBefore(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    delete from push_message where (person_id, push_id) in (
      select person_id, push_id from push_message where created_at < ${moment} order by created_at limit ${limit})`.execute(
    db,
  );
  return Number(removed.numAffectedRows ?? 0);
}

/** Devices of everybody, and what became of their messages since a moment. For the operator alone. */
export async function countPushes(
  db: Db,
  since: Date,
): Promise<{ devices: number; sent: number; waiting: number; refused: number }> {
  const { rows } = await sql<{ devices: number; sent: number; waiting: number; refused: number }>`
    select (select count(*) from push_device)::int as devices, count(sent_at)::int as sent,
      count(*) filter (where sent_at is null and refused_at is null)::int as waiting, count(refused_at)::int as refused
    from push_message where created_at >= ${since}::timestamptz`.execute(db);
  return rows[0]!;
}
