import { authorise, type System } from '../../platform/access.ts';
import type { ReadItem } from '../../platform/api/read.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { FieldError } from '../../platform/errors.ts';
import { onceInParts } from '../../platform/idempotency/once-in-parts.ts';
import type { HouseId, PremisesId, RoomId } from '../../platform/ids.ts';
import { monthOf } from '../../platform/month.ts';
import { findOwnAccounts, type Place, readAccounts } from '../accounts/index.ts';
import { type HouseCard, readHouses } from '../houses/index.ts';
import { findOwnHouses } from '../organisations/index.ts';
import { access } from './access.ts';
import type { MeterWrite } from './check-meter.ts';
import { type Device, findDevices } from './find-devices.ts';
import type { Meter } from './meter.ts';
import { isKeptBy, KEPT_BY_OTHERS, sourcesPresent } from './own-meters.ts';
import { selectMeters } from './queries/meters.ts';
import { lockCards } from './queries/write-meters.ts';
import { recountMonths } from './recount-months.ts';
import { addSummary } from './summarise-house.ts';
import { todayAt } from './windows.ts';
import { compareMeter, isCountedAnew, writeMeters } from './write-meters.ts';

/** A device as a system of an organisation describes it: the whole card. */
export type SystemMeter = Omit<MeterWrite, 'meterId' | 'accounts' | 'change' | 'onDay' | 'premisesId' | 'roomId'> & {
  /** Of a device that is known: the card is corrected. */
  number: string | null;
  /** Numbers of the organisation's own accounts that it charges; none for a device of the whole house. */
  accounts: readonly string[];
  houseId: HouseId | null;
  premisesId: PremisesId | null;
  roomId: RoomId | null;
};

export type Exchanged =
  | { state: 'new' | 'changed' | 'same'; number: string; houseId: HouseId }
  | { state: 'wrong'; errors: FieldError[] };

interface Placed {
  index: number;
  item: SystemMeter;
  device: Device | null;
  houseId: HouseId;
  accounts: Meter['accounts'];
  premisesId: PremisesId | null;
  roomId: RoomId | null;
}
interface Part {
  written: [index: number, result: Exchanged][];
}

/**
 * Registers devices and corrects known ones for a system of an organisation. A house is one transaction, and each call happens once for
 * its key.
 * @returns an answer for each item, in their order
 * @throws Conflict when the key was used for another request
 */
export async function exchangeMeters(
  context: Context,
  system: System,
  call: { items: readonly ReadItem<SystemMeter>[]; key: string; request: unknown },
): Promise<Exchanged[]> {
  authorise(system, access.exchangeMeters);
  const at = context.clock();
  const { items } = call;
  const errors = new Map<number, FieldError>();
  const placed = await place(context, system, items, errors);
  const byHouse = Map.groupBy(placed, ({ houseId }) => houseId);
  const houses = await readHouses(context.db, [...byHouse.keys()]);
  const parts = houses
    .sort((a, b) => (a.houseId < b.houseId ? -1 : 1))
    .map((house) => ({
      name: house.houseId as string,
      work: (trx: Transaction) => writeOfHouse(trx, system, house, byHouse.get(house.houseId)!, at),
    }));
  const key = `api:meters:${system.organisationId}:${call.key}`;
  const { results } = await onceInParts(context.db, { key, request: call.request, at }, parts, (done) => {
    const written = new Map(done.flatMap((part: Part) => part.written));
    return { results: items.map((item, index) => written.get(index) ?? wrong(item, errors.get(index))) };
  });
  return results;
}

function wrong(item: ReadItem<SystemMeter>, error: FieldError | undefined): Exchanged {
  if (!item.ok) return { state: 'wrong', errors: item.errors };
  return {
    state: 'wrong',
    errors: [error ?? { field: 'number', message: 'Передайте прибор с новым Idempotency-Key' }],
  };
}

/** Where each device hangs: by its accounts, or in the house that is named. What cannot be placed is said in `errors`. */
async function place(
  { db }: Context,
  { organisationId }: System,
  items: readonly ReadItem<SystemMeter>[],
  errors: Map<number, FieldError>,
): Promise<Placed[]> {
  const good = items.flatMap((item, index) => (item.ok ? [{ index, item: item.item }] : []));
  const numbered = good.filter(({ item }) => item.number !== null);
  const devices = await findDevices(
    db,
    organisationId,
    numbered.map(({ item }) => ({ name: item.number!, resource: null })),
  );
  const deviceOf = new Map(numbered.map(({ index }, position) => [index, devices[position]!]));
  const known = await findOwnAccounts(db, organisationId, [...new Set(good.flatMap(({ item }) => item.accounts))]);
  const places = new Map<string, readonly Place[]>();
  for (const [houseId, own] of Map.groupBy(known.values(), (account) => account.houseId))
    for (const card of await readAccounts(
      db,
      houseId,
      own.map(({ accountId }) => accountId),
    ))
      places.set(card.accountId, card.places);
  const houses = await findOwnHouses(db, organisationId, [...new Set(good.flatMap(({ item }) => item.houseId ?? []))]);
  return good.flatMap(({ index, item }): Placed[] => {
    const device = deviceOf.get(index) ?? null;
    const found = typeof device === 'string' ? { field: 'number', message: device } : placeOf(item, device);
    if ('field' in found) errors.set(index, found);
    return 'field' in found ? [] : [{ index, item, ...found }];
  });

  function placeOf(item: SystemMeter, device: Device | null): FieldError | Omit<Placed, 'index' | 'item'> {
    const missing = item.accounts.find((number) => !known.has(number));
    if (missing !== undefined)
      return { field: 'accounts', message: `Лицевого счёта ${missing} у вашей организации нет` };
    const accounts = [...new Set(item.accounts)].map((number) => known.get(number)!);
    const houseId = item.houseId ?? accounts[0]?.houseId ?? device?.houseId ?? null;
    if (item.houseId && !houses.has(item.houseId))
      return { field: 'houseId', message: 'Такого дома у вашей организации нет' };
    if (!houseId) return { field: 'accounts', message: 'Назовите лицевые счета прибора, а для общедомового — houseId' };
    if (accounts.some((account) => account.houseId !== houseId))
      return { field: 'accounts', message: 'Лицевые счета прибора — в разных домах' };
    if (device && device.houseId !== houseId) return { field: 'number', message: 'Этот прибор в другом доме' };
    const own = accounts.map(({ accountId }) => ({ accountId, providerId: organisationId }));
    if (item.kind === 'house')
      return { device, houseId, accounts: own, premisesId: item.premisesId, roomId: item.roomId };
    if (own.length === 0)
      return { field: 'accounts', message: 'Назовите лицевые счета, по которым начисляют по прибору' };
    const flats = own.flatMap(({ accountId }) => places.get(accountId) ?? []);
    const here = flats.filter(
      ({ premisesId, roomId }) =>
        (!item.premisesId || premisesId === item.premisesId) && (!item.roomId || roomId === item.roomId),
    );
    const [first] = here;
    if (!first) return { field: 'premisesId', message: 'У лицевых счетов прибора нет такого помещения' };
    if (here.some(({ premisesId }) => premisesId !== first.premisesId))
      return { field: 'premisesId', message: 'У лицевых счетов прибора несколько помещений: назовите нужное' };
    const roomId = item.kind === 'room' ? (item.roomId ?? first.roomId) : item.roomId;
    return { device, houseId, accounts: own, premisesId: first.premisesId, roomId };
  }
}

async function writeOfHouse(
  trx: Transaction,
  { organisationId, madeBy, keyId }: System,
  house: HouseCard,
  placed: readonly Placed[],
  at: Date,
): Promise<Part> {
  const { houseId, regionCode } = house;
  const today = todayAt(house, at);
  await lockCards(trx, houseId);
  const ids = placed.flatMap(({ device }) => device?.meterId ?? []);
  const known = new Map((await selectMeters(trx, houseId, ids)).map((meter) => [meter.meterId, meter]));
  const own = { organisationId, manages: house.managerId === organisationId };
  const present = await sourcesPresent(trx, houseId, [...known.values()]);
  const kept = placed.flatMap((one) => {
    const { item, device, accounts, premisesId, roomId } = one;
    const { number: _, houseId: __, ...card } = item;
    const onDay = device ? today : (card.installedOn ?? card.usedFrom ?? today);
    const change = device ? 'corrected' : 'installed';
    const write: MeterWrite = {
      ...card,
      meterId: device?.meterId ?? null,
      accounts,
      premisesId,
      roomId,
      change,
      onDay,
    };
    const before = device && known.get(device.meterId)!;
    // To a device of others an organisation ties its own accounts, and leaves the card alone.
    const may = !before || isKeptBy(before, own, present) || !compareMeter(before, write, organisationId).isCardChanged;
    return may ? [{ one, write }] : [];
  });
  const writes = kept.map(({ write }) => write);
  const written = await writeMeters(trx, { houseId, regionCode, organisationId, personId: madeBy, at }, writes);
  const anew = writes.flatMap((write, index) => {
    const before = write.meterId && known.get(write.meterId);
    return before && written[index]!.state === 'written' && isCountedAnew(before, write) ? before.meterId : [];
  });
  for (const meter of await selectMeters(trx, houseId, anew))
    await recountMonths(trx, house, meter, monthOf(today), at);
  const of = (wanted: string) => written.filter((one) => one.state === 'written' && one.change === wanted).length;
  const details = { installed: of('new'), corrected: of('changed'), keyId };
  if (details.installed + details.corrected > 0) {
    await addSummary(trx, houseId, at);
    await audit(trx, { actor: madeBy, action: 'meters.exchanged', at, organisationId, houseId, details });
  }
  return {
    written: placed.map((one) => {
      const result = written[kept.findIndex((each) => each.one === one)];
      if (!result) return [one.index, { state: 'wrong', errors: [{ field: 'number', message: KEPT_BY_OTHERS }] }];
      return [one.index, result.state === 'wrong' ? result : { state: result.change, number: result.number, houseId }];
    }),
  };
}
