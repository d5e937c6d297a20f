import { authorise, type System } from '../../platform/access.ts';
import type { ReadItem } from '../../platform/api/read.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { FieldError } from '../../platform/errors.ts';
import { onceInParts } from '../../platform/idempotency/once-in-parts.ts';
import type { HouseId } from '../../platform/ids.ts';
import type { Day, Month } from '../../platform/month.ts';
import { type HouseCard, readHouses } from '../houses/index.ts';
import { access } from './access.ts';
import { type Device, type DeviceName, findDevices } from './find-devices.ts';
import type { Resource, Values } from './meter.ts';
import type { Question, QuestionKind } from './questions.ts';
import { formatReadingKey } from './reading-key.ts';
import { type NewReading, type Recorded, recordReadings } from './record-readings.ts';

/** A value as a system of an organisation brings it. */
export interface SystemReading extends Values {
  meter: DeviceName;
  resource: Resource;
  takenOn: Day;
  period?: Month | undefined;
  kind: NewReading['kind'];
  confirm: readonly QuestionKind[];
}

export type Taken =
  | { state: 'saved' | 'same'; id: string; meter: string; period: Month; volume: string | null }
  | { state: 'asks'; questions: Question[] }
  | { state: 'wrong'; errors: FieldError[] };

/** An item whose device is found, with its place in the call. */
interface Found {
  index: number;
  item: SystemReading;
  device: Device;
}
/** What became of a house's items. Places are kept: repeated, the call may find more devices than at first. */
interface Part {
  taken: [index: number, result: Taken][];
}

/**
 * Values from a system of an organisation. A house is one transaction, houses go in the order of their ids, and each call happens once
 * for its key. What is unusual is asked and not written, as of a person: behind a program somebody looks at the dial too.
 * @param call `request` is what the call said, whole: with the same key another one is refused
 * @returns an answer for each item, in their order
 * @throws Conflict when the key was used for another request
 */
export async function takeReadings(
  context: Context,
  system: System,
  call: { items: readonly ReadItem<SystemReading>[]; key: string; request: unknown },
): Promise<Taken[]> {
  authorise(system, access.exchangeReadings);
  const { organisationId } = system;
  const { items } = call;
  const at = context.clock();
  const good = items.flatMap((item, index) => (item.ok ? [{ index, item: item.item }] : []));
  const devices = await findDevices(
    context.db,
    organisationId,
    good.map(({ item }) => ({ name: item.meter, resource: item.resource })),
  );
  const found = good.flatMap(({ index, item }, place): Found[] => {
    const device = devices[place]!;
    return typeof device === 'string' ? [] : [{ index, item, device }];
  });
  const unknown = new Map(good.map(({ index }, place) => [index, devices[place]!]));
  const byHouse = Map.groupBy(found, ({ device }) => device.houseId);
  const houses = await readHouses(context.db, [...byHouse.keys()]);
  const parts = houses
    .sort((a, b) => (a.houseId < b.houseId ? -1 : 1))
    .map((house) => ({
      name: house.houseId as string,
      work: (trx: Transaction) => takeOfHouse(trx, system, house, byHouse.get(house.houseId)!, at),
    }));
  const key = `api:readings:${organisationId}:${call.key}`;
  const { results } = await onceInParts(context.db, { key, request: call.request, at }, parts, (done) => {
    const taken = new Map(done.flatMap((part: Part) => part.taken));
    return { results: items.map((item, index) => taken.get(index) ?? wrong(item, unknown.get(index))) };
  });
  return results;
}

function wrong(item: ReadItem<SystemReading>, device: Device | string | undefined): Taken {
  if (!item.ok) return { state: 'wrong', errors: item.errors };
  const message =
    typeof device === 'string' ? device : 'Прибор появился уже после этого вызова: передайте с новым ключом';
  return { state: 'wrong', errors: [{ field: 'meter', message }] };
}

async function takeOfHouse(
  trx: Transaction,
  { organisationId, madeBy, keyId }: System,
  house: HouseCard,
  found: readonly Found[],
  at: Date,
): Promise<Part> {
  const { houseId } = house;
  const recorded = await recordReadings(
    trx,
    house,
    found.map(({ item, device }): NewReading => {
      const { resource, kind, takenOn, period = null, confirm, t1, t2, t3 } = item;
      return { meterId: device.meterId, resource, kind, takenOn, period, confirmed: confirm, t1, t2, t3 };
    }),
    { source: 'organisation', organisationId, personId: madeBy },
    at,
  );
  const saved = recorded.filter(({ state }) => state === 'saved').length;
  const details = { saved, keyId };
  if (saved > 0)
    await audit(trx, { actor: madeBy, action: 'meters.readings_entered', at, organisationId, houseId, details });
  return { taken: found.map(({ index, device }, place) => [index, told(houseId, device, recorded[place]!)]) };
}

function told(houseId: HouseId, { number }: Device, recorded: Recorded): Taken {
  if (recorded.state === 'asks' || recorded.state === 'wrong') return recorded;
  const { state, readingId, period, volume } = recorded;
  return { state, id: formatReadingKey(houseId, readingId), meter: number, period, volume };
}
