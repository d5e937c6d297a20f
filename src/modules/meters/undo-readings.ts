import type { Db, Transaction } from '../../platform/database/database.ts';
import type { MeterId, OrganisationId, PersonId, UploadId } from '../../platform/ids.ts';
import type { Month } from '../../platform/month.ts';
import { lockMeters } from './queries/meters.ts';
import {
  declineReadings,
  reviveCorrected,
  reviveDeliveries,
  selectUploadedReadings,
  settleBases,
  type UploadedReading,
} from './queries/undo.ts';
import { recountMany } from './recount-months.ts';
import { addDeclined } from './reminders/tell-declined.ts';
import { addSummary } from './summarise-house.ts';
import type { HousePlace } from './windows.ts';

/** What counts of an upload of readings in one house, and what has corrected it since. */
export interface UploadedReadings {
  readings: UploadedReading[];
  corrected: UploadedReading[];
}

export async function lookAtUploadedReadings(
  db: Db,
  houseId: HousePlace['houseId'],
  uploadId: UploadId,
): Promise<UploadedReadings> {
  const all = await selectUploadedReadings(db, houseId, uploadId);
  return { readings: all.filter(({ isActive }) => isActive), corrected: all.filter(({ isCorrected }) => isCorrected) };
}

/** The months from which each device of some values is to be counted anew. */
function firstMonths(readings: readonly UploadedReading[]): Map<MeterId, Month> {
  const first = new Map<MeterId, Month>();
  for (const { meterId, period } of readings) {
    const known = first.get(meterId);
    if (!known || period < known) first.set(meterId, period);
  }
  return first;
}

/**
 * Takes back the values that an upload brought to one house, in the caller's transaction: they are declined with the reason, those that
 * they had corrected count again, deliveries follow, and the months are counted anew, by estimate where no value is left. The devices are
 * held. When something has corrected them since, nothing is written and the answer says what.
 */
export async function undoUploadedReadings(
  trx: Transaction,
  house: HousePlace,
  order: { uploadId: UploadId; organisationId: OrganisationId; reason: string; by: PersonId },
  at: Date,
): Promise<UploadedReadings> {
  const { houseId } = house;
  const before = await selectUploadedReadings(trx, houseId, order.uploadId);
  await lockMeters(trx, houseId, [...new Set(before.map(({ meterId }) => meterId))]);
  const look = await lookAtUploadedReadings(trx, houseId, order.uploadId);
  if (look.readings.length === 0 || look.corrected.length > 0) return look;
  const ids = look.readings.map(({ readingId }) => readingId);
  const first = firstMonths(look.readings);
  const meterIds = [...first.keys()];
  await declineReadings(trx, houseId, ids, { ...order, at });
  await reviveCorrected(trx, houseId, ids);
  await reviveDeliveries(trx, houseId, ids, at);
  await settleBases(trx, houseId, meterIds);
  const meters = await lockMeters(trx, houseId, meterIds);
  await recountMany(
    trx,
    house,
    meters.map((meter) => ({ meter, from: first.get(meter.meterId)! })),
    at,
  );
  await addSummary(trx, houseId, at);
  await addDeclined(trx, houseId, order.organisationId, at);
  return look;
}
