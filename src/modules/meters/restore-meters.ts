import type { Transaction } from '../../platform/database/database.ts';
import type { Image } from '../../platform/database/image.ts';
import {
  type MeterId,
  newId,
  type OrganisationId,
  type PersonId,
  type UploadId,
  type VersionId,
} from '../../platform/ids.ts';
import { dayIn, monthOf } from '../../platform/month.ts';
import type { Meter } from './meter.ts';
import { cardOf, resourcesOf } from './meter-rows.ts';
import { declineBases, forgetMeters, restoreMeterRows, restoreMeterSet } from './queries/images.ts';
import { lockMeters } from './queries/meters.ts';
import { insertVersions } from './queries/write-meters.ts';
import { recountMany } from './recount-months.ts';
import { addSummary } from './summarise-house.ts';
import type { HousePlace } from './windows.ts';
import { isCountedAnew } from './write-meters.ts';

/** НСИ 21: «Ошибка». */
const MISTAKE = '4';

export interface MetersToRestore {
  uploadId: UploadId;
  organisationId: OrganisationId;
  by: PersonId;
  /** Devices that the upload made. */
  made: readonly MeterId[];
  /** Columns by name, and `resources`, `accounts`, `links` as rows, as `selectMeterImages` reads them. */
  changed: readonly { meterId: MeterId; fields: Image }[];
}

/**
 * Takes back what an upload made of devices of one house, in the caller's transaction that holds the cards and the devices: its own are
 * archived as a mistake, the others get back what stood in their cards. Each change is a version more; first values that came with the
 * file count no more.
 */
export async function restoreMeters(
  trx: Transaction,
  house: HousePlace,
  order: MetersToRestore,
  at: Date,
): Promise<void> {
  const { houseId } = house;
  const { made, changed } = order;
  const today = dayIn(house.zone, at);
  const ids = [...made, ...changed.map(({ meterId }) => meterId)];
  const before = new Map((await lockMeters(trx, houseId, ids)).map((meter) => [meter.meterId, meter]));
  const versions = new Map(ids.map((meterId) => [meterId, newId<VersionId>()]));
  await declineBases(trx, houseId, order.uploadId);
  await forgetMeters(trx, houseId, made);
  const archived = { state: 'archived', archived_on: today, archive_reason: MISTAKE };
  const rows = [...made.map((meterId) => ({ meterId, fields: archived as Image })), ...changed];
  await restoreMeterRows(
    trx,
    houseId,
    rows.map((one) => ({ ...one, versionId: versions.get(one.meterId)! })),
    at,
  );
  for (const set of ['resources', 'accounts', 'links'] as const)
    await restoreMeterSet(
      trx,
      houseId,
      set,
      changed.flatMap(({ meterId, fields }) => (set in fields ? [{ meterId, rows: fields[set] as object[] }] : [])),
    );
  const after = await lockMeters(trx, houseId, ids);
  const isMade = new Set(made);
  await insertVersions(
    trx,
    after.map((meter) => ({
      house_id: houseId,
      version_id: versions.get(meter.meterId)!,
      meter_id: meter.meterId,
      change: isMade.has(meter.meterId) ? 'archived' : 'corrected',
      on_day: today,
      organisation_id: order.organisationId,
      person_id: order.by,
      at,
      card: { ...cardOf(meter), resources: resourcesOf(meter.resources), accounts: meter.accounts },
    })),
  );
  const counted = (meter: Meter) => !isMade.has(meter.meterId) && isCountedAnew(before.get(meter.meterId)!, meter);
  await recountMany(
    trx,
    house,
    after.filter(counted).map((meter) => ({ meter, from: monthOf(today) })),
    at,
  );
  await addSummary(trx, houseId, at);
}
