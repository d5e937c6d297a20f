import { type Actor, authorise, personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import { NotFound } from '../../platform/errors.ts';
import { recordFile, type StoredBytes } from '../../platform/files/files.ts';
import { once } from '../../platform/idempotency/idempotency.ts';
import type { HouseId } from '../../platform/ids.ts';
import { connectedAccounts } from '../accounts/index.ts';
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
  const links = await connectedAccounts(context.db, personId);
  const houses = new Map<HouseId, HouseCard>();
  for (const [houseId, own] of byHouse) {
    const accounts = links.filter((link) => link.houseId === houseId).map(({ accountId }) => accountId);
    const meters = await selectMeterIdsOfAccounts(context.db, houseId, accounts);
    const house = accounts.length > 0 ? await readHouse(context.db, houseId) : null;
    if (!house || own.some(({ item }) => !meters.has(item.meterId)))
      throw new NotFound('Такого прибора нет среди ваших.');
    houses.set(houseId, house);
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
        const answers = await recordReadings(trx, houses.get(houseId)!, readings, author, at);
        for (const [place, { item }] of own.entries()) await keepPhoto(trx, item, answers[place]!, at);
        return { recorded: answers };
      }),
    );
    for (const [place, { index }] of own.entries()) results[index] = recorded[place]!;
  }
  return results;
}

/** The row of a picture, once it belongs to a reading. A value that stood already gets the picture it had not. */
async function keepPhoto(trx: Transaction, { houseId, photo }: OwnReading, answer: Recorded, at: Date): Promise<void> {
  if (!photo || (answer.state !== 'saved' && answer.state !== 'same')) return;
  const { readingId, state } = answer;
  if (state === 'same' && !(await attachPhoto(trx, houseId, readingId, photo.fileId))) return;
  await recordFile(trx, photo, { name: 'photo.jpg', mediaType: 'image/jpeg' }, at);
}
