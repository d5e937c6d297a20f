import type { Db } from '../../../platform/database/database.ts';
import type { Image } from '../../../platform/database/image.ts';
import type { HouseId } from '../../../platform/ids.ts';
import {
  deleteParts,
  type HousePart,
  lockHouse,
  type PremisesCategory,
  premisesLabel,
  readHouse,
  readHouseImages,
  refreshHouseCounts,
  restoreHouse,
  restoreParts,
  usedPlaces,
} from '../../houses/index.ts';
import { selectChangedHouses, selectChanges, type TracedChange } from '../queries/changes.ts';
import type { Upload } from '../upload.ts';
import { laterChanges } from './later-changes.ts';
import type { Reversal } from './reversal.ts';
import type { Dependent, Found } from './undo.ts';

/** What stands on another part comes first when parts are taken away. */
const PARTS = ['room', 'premises', 'entrance', 'lift'] as const satisfies readonly HousePart[];

/** Cards of houses and their parts get back what they said; parts that the file made and nobody has used go. */
export const houses: Reversal = {
  houses: selectChangedHouses,
  async look(_context, db, upload, houseId) {
    return (await lookAtHouse(db, upload, houseId!)).found;
  },
  async undo({ clock }, trx, upload, { by }, houseId) {
    await lockHouse(trx, houseId!);
    const { found, changes } = await lookAtHouse(trx, upload, houseId!);
    if (found.dependents.length > 0) return found;
    const at = clock();
    for (const part of PARTS) {
      const own = changes.filter(({ entity }) => entity === part);
      const made = own.flatMap(({ id, before }) => (before ? [] : [id]));
      await deleteParts(trx, houseId!, part, made);
      const changed = own.flatMap(({ id, before }) => (before ? [{ id, fields: before }] : []));
      await restoreParts(trx, houseId!, part, changed, at);
    }
    const card = changes.find(({ entity }) => entity === 'house');
    if (card) await restoreHouse(trx, houseId!, card.before, by, at);
    await refreshHouseCounts(trx, houseId!, upload.organisationId);
    return found;
  },
};

async function lookAtHouse(
  db: Db,
  upload: Upload,
  houseId: HouseId,
): Promise<{ found: Found; changes: TracedChange[] }> {
  const changes = await selectChanges(db, upload, houseId);
  const now = new Map((await readHouseImages(db, houseId)).map(({ id, fields }) => [id, fields]));
  const { shortAddress } = (await readHouse(db, houseId))!;
  const nameOf = (change: TracedChange) =>
    [shortAddress, partName(change, now.get(change.id))].filter(Boolean).join(', ');
  const made = changes.filter(({ entity, before }) => !before && (entity === 'premises' || entity === 'room'));
  const used = await usedPlaces(
    db,
    houseId,
    made.map(({ id }) => id),
    [],
  );
  const byId = new Map(made.map((one) => [one.id, one]));
  const uses = used.map(
    (id): Dependent => ({
      ...{ kind: 'used', houseId, title: nameOf(byId.get(id)!) },
      what: 'К помещению уже относятся счета, приборы или права собственности',
    }),
  );
  const removed = changes.filter(({ entity, before }) => !before && entity !== 'house').length;
  return {
    changes,
    found: {
      figures: { houses: 1n, removed: BigInt(removed) },
      dependents: [...(await laterChanges(db, upload, changes, now, nameOf)), ...uses],
    },
  };
}

function partName({ entity, after }: TracedChange, now: Image = after): string {
  const number = String(now.number ?? '');
  if (entity === 'premises') return premisesLabel({ category: now.category as PremisesCategory, number });
  if (entity === 'room') return `комната ${number}`;
  if (entity === 'entrance') return `подъезд ${number}`;
  return entity === 'lift' ? `лифт № ${now.factory_number}` : '';
}
