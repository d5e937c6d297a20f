import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { HouseId, PremisesId, RoomId } from '../../../platform/ids.ts';
import { type Address, findAddress } from '../../addresses/index.ts';
import {
  ensurePremises,
  findHouseByFias,
  type HouseCard,
  placeKey,
  readHouses,
  readWholeHouse,
  upsertRooms,
} from '../../houses/index.ts';
import type { ReadPlace } from './account-places.ts';

/** The house of a batch: there already, or only in the register of addresses. */
export interface House {
  card: HouseCard | null;
  address: Address | null;
}

export async function houseOf(db: Db, place: HouseId | null): Promise<House> {
  if (place === null) return { card: null, address: null };
  const [card] = await readHouses(db, [place]);
  if (card) return { card, address: null };
  const made = await findHouseByFias(db, place);
  const [fresh] = made ? await readHouses(db, [made]) : [];
  return fresh ? { card: fresh, address: null } : { card: null, address: await findAddress(db, place) };
}

/** A house that nobody manages here yet: its card comes from the register alone. */
export const inputOf = (address: Address) => ({
  fiasGuid: address.guid,
  regionCode: address.regionCode,
  zone: address.zone,
  address: address.full,
  shortAddress: address.short,
  postalIndex: address.postalIndex,
  oktmo: address.oktmo,
  cadastralNumber: address.cadastralNumber,
});

/** Premises and rooms that accounts name are made when nobody has described them yet. */
export async function ensurePlaces(trx: Transaction, houseId: HouseId, places: readonly ReadPlace[], at: Date) {
  const premises = await ensurePremises(trx, houseId, places, at);
  const wanted = places.flatMap((place) =>
    place.roomNumber === null ? [] : [{ premisesId: premises.get(placeKey(place))!, number: place.roomNumber }],
  );
  const rooms = new Map<string, RoomId>();
  if (wanted.length > 0) {
    const nameOf = (room: { premisesId: PremisesId; number: string }) => `${room.premisesId} ${room.number}`;
    for (const room of (await readWholeHouse(trx, houseId)).rooms) rooms.set(nameOf(room), room.roomId);
    const missing = wanted.filter((room) => !rooms.has(nameOf(room)));
    for (const [name, roomId] of await upsertRooms(trx, houseId, missing, at)) rooms.set(name, roomId);
  }
  return (place: ReadPlace) => {
    const premisesId = premises.get(placeKey(place))!;
    return { premisesId, roomId: place.roomNumber === null ? null : rooms.get(`${premisesId} ${place.roomNumber}`)! };
  };
}
