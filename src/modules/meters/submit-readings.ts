import { type Actor, authorise, personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import { NotFound } from '../../platform/errors.ts';
import { recordFile, type StoredBytes } from '../../platform/files/files.ts';
import { once } from '../../platform/idempotency/idempotency.ts';
import type { HouseId, MeterId } from '../../platform/ids.ts';
import { type HeldShare, recordShareUse, type UsableAccount, usableAccounts } from '../accounts/index.ts';
import { type HouseCard, readHouse } from '../houses/index.ts';
import { access } from './access.ts';
import { selectMeterIdsOfAccounts } from './queries/meters.ts';
import { attachPhoto } from './queries/photos.ts';
import { type NewReading, type Recorded, recordReadings } from './record-readings.ts';

export type OwnReading = Omit<NewReading, 'kind' | 'takenOn' | 'period' | 'photoId'> & {
  houseId: HouseId;
  /** The cleaned picture of the dial, which is in the store already; its row is written with the reading. */
  photo?: StoredBytes | null;
};

/**
 * A resident's readings of all homes. Each house is one transaction and one idempotent effect: what of a form that was sent twice, or
 * cut off in the middle, has been done already is answered again and not done again.
 * @param key of the form or the draft; with the same key other values are refused
 * @returns an answer for each item, in their order
 * @throws NotFound for a device of no connected account, before anything is written
 * @throws Conflict when the key was used for other values
 */
export async function submitReadings(
  context: Context,
  actor: Actor,
  items: readonly OwnReading[],
  key: string,
): Promise<Recorded[]> {
  authorise(actor, access.submitReadings);
  const { personId } = personOf(actor);
  const at = context.clock();
  const byHouse = Map.groupBy(
    items.map((item, index) => ({ item, index })),
    ({ item }) => item.houseId,
  );
  const links = await usableAccounts(context.db, personId, 'readings', at);
  const houses = new Map<HouseId, HouseCard>();
  const shares = new Map<HouseId, SharesOfMeters>();
  for (const [houseId, own] of byHouse) {
    const accounts = links.filter((link) => link.houseId === houseId).map(({ accountId }) => accountId);
    const meters = await selectMeterIdsOfAccounts(context.db, houseId, accounts);
    const house = accounts.length > 0 ? await readHouse(context.db, houseId) : null;
    if (!house || own.some(({ item }) => !meters.has(item.meterId)))
      throw new NotFound('Такого прибора нет среди ваших.');
    houses.set(houseId, house);
    shares.set(houseId, await sharesOfMeters(context, houseId, links));
  }
  const results: Recorded[] = [];
  for (const [houseId, own] of byHouse) {
    const readings = own.map(
      ({ item: { photo, ...item } }): NewReading => ({
        ...item,
        kind: 'current',
        takenOn: null,
        photoId: photo?.fileId ?? null,
      }),
    );
    // The same picture sent twice is kept under two ids: what it shows tells whether the request is the same.
    const request = own.map(({ item: { photo, ...item } }) => ({ ...item, photo: photo?.sha256.toString('hex') }));
    const { recorded } = await transaction(context.db, (trx) =>
      once(trx, { key: `readings:${personId}:${houseId}:${key}`, request, at }, async () => {
        const author = { source: 'resident' as const, organisationId: null, personId };
        await recordUses(trx, shares.get(houseId)!, readings, at);
        const answers = await recordReadings(trx, houses.get(houseId)!, readings, author, at);
        for (const [place, { item }] of own.entries()) await keepPhoto(trx, item, answers[place]!, at);
        return { recorded: answers };
      }),
    );
    for (const [place, { index }] of own.entries()) results[index] = recorded[place]!;
  }
  return results;
}

/** By which share somebody else's device is used; a device of an account of one's own is by none. */
type SharesOfMeters = ReadonlyMap<MeterId, HeldShare>;

async function sharesOfMeters(
  { db }: Context,
  houseId: HouseId,
  links: readonly UsableAccount[],
): Promise<SharesOfMeters> {
  const here = links.filter((link) => link.houseId === houseId);
  if (here.every(({ share }) => share === null)) return new Map();
  const idsOf = (of: readonly UsableAccount[]) =>
    selectMeterIdsOfAccounts(
      db,
      houseId,
      of.map(({ accountId }) => accountId),
    );
  const own = await idsOf(here.filter(({ share }) => share === null));
  const found = new Map<MeterId, HeldShare>();
  for (const link of here)
    if (link.share) for (const meterId of await idsOf([link])) if (!own.has(meterId)) found.set(meterId, link.share);
  return found;
}

/** Before the values: a share that was revoked meanwhile sends nothing. */
async function recordUses(trx: Transaction, shares: SharesOfMeters, readings: readonly NewReading[], at: Date) {
  for (const meterId of new Set(readings.map((reading) => reading.meterId))) {
    const share = shares.get(meterId);
    if (!share) continue;
    const values = readings.filter((reading) => reading.meterId === meterId);
    const what = values
      .map(({ t1, t2, t3 }) => [t1, t2, t3].filter(Boolean).join(' / ').replaceAll('.', ','))
      .join('; ');
    await recordShareUse(trx, share, { kind: 'reading', thingId: meterId, what }, at);
  }
}

/** The row of a picture, once it belongs to a reading. A value that stood already gets the picture it had not. */
async function keepPhoto(trx: Transaction, { houseId, photo }: OwnReading, answer: Recorded, at: Date): Promise<void> {
  if (!photo || (answer.state !== 'saved' && answer.state !== 'same')) return;
  const { readingId, state } = answer;
  if (state === 'same' && !(await attachPhoto(trx, houseId, readingId, photo.fileId))) return;
  await recordFile(trx, photo, { name: 'photo.jpg', mediaType: 'image/jpeg' }, at);
}
