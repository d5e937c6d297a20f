import type { Db } from '../../../platform/database/database.ts';
import type { Image } from '../../../platform/database/image.ts';
import type { HouseId, MeterId } from '../../../platform/ids.ts';
import { counted, formatDate } from '../../../ui/format.ts';
import { readHouse } from '../../houses/index.ts';
import { foreignReadings, lockCards, lockMeters, readMeterImages, restoreMeters } from '../../meters/index.ts';
import { selectChangedHouses, selectChanges, type TracedChange } from '../queries/changes.ts';
import type { Upload } from '../upload.ts';
import { laterChanges } from './later-changes.ts';
import type { Reversal } from './reversal.ts';
import type { Dependent, Found } from './undo.ts';

/** Devices that the file made are archived as a mistake; the cards of the others get back what they said. */
export const meters: Reversal = {
  houses: selectChangedHouses,
  async look(_context, db, upload, houseId) {
    return (await lookAtMeters(db, upload, houseId!)).found;
  },
  async undo({ clock }, trx, upload, { by }, houseId) {
    // As every change of a card does: cards before devices.
    await lockCards(trx, houseId!);
    const ids = (await selectChanges(trx, upload, houseId)).map(({ id }) => id as MeterId);
    await lockMeters(trx, houseId!, ids);
    const { found, made, changed } = await lookAtMeters(trx, upload, houseId!);
    if (found.dependents.length > 0) return found;
    const { uploadId, organisationId } = upload;
    const order = {
      ...{ uploadId, organisationId, by },
      made: made.map(({ id }) => id as MeterId),
      changed: changed.map(({ id, before }) => ({ meterId: id as MeterId, fields: before! })),
    };
    await restoreMeters(trx, (await readHouse(trx, houseId!))!, order, clock());
    return found;
  },
};

interface Looked {
  found: Found;
  made: TracedChange[];
  changed: TracedChange[];
}

async function lookAtMeters(db: Db, upload: Upload, houseId: HouseId): Promise<Looked> {
  const own = await selectChanges(db, upload, houseId);
  const [made, changed] = [own.filter(({ before }) => !before), own.filter(({ before }) => before)];
  const now = (await readMeterImages(
    db,
    houseId,
    own.map(({ id }) => id as MeterId),
  )) as ReadonlyMap<string, Image>;
  const { shortAddress } = (await readHouse(db, houseId))!;
  const nameOf = ({ id, after }: TracedChange) => `Прибор № ${now.get(id)?.serial ?? after.serial}, ${shortAddress}`;
  const byId = new Map(made.map((one) => [one.id, one]));
  const readings = await foreignReadings(db, houseId, [...byId.keys()] as MeterId[], upload.uploadId);
  return {
    made,
    changed,
    found: {
      figures: { meters: BigInt(own.length), archived: BigInt(made.length) },
      dependents: [
        ...(await laterChanges(db, upload, own, now, nameOf)),
        ...readings.map(
          ({ meterId, count, first }): Dependent => ({
            ...{ kind: 'reading', houseId, title: nameOf(byId.get(meterId)!) },
            what: `По прибору передано ${counted(count, ['показание', 'показания', 'показаний'])}, первое снято ${formatDate(first)}`,
          }),
        ),
      ],
    },
  };
}
