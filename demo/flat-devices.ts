import type { AccountId, HouseId, OrganisationId, PersonId, PremisesId, RoomId } from '../src/platform/ids.ts';
import type { Month } from '../src/platform/month.ts';
import { times } from './amounts.ts';
import type { Dwelling } from './bills.ts';
import { isHeatingSeason } from './calendar.ts';
import { type Device, MODELS } from './device.ts';
import { deviceStory, type Span } from './device-stories.ts';
import type { Flat } from './flats.ts';
import { type Random, randomOf } from './random.ts';
import { type Running, runDevice } from './run-device.ts';
import { type Part, type Supply, supplyOf, whole } from './supply.ts';
import { NORMS } from './tariffs.ts';

/** A device where it stands, with those whom it charges. */
export interface Placed {
  device: Device;
  premisesId: PremisesId | null;
  roomId: RoomId | null;
  /** In the order of opening; a closed one was charged, and is not any more. */
  accounts: { accountId: AccountId; providerId: OrganisationId; closed: boolean }[];
  /** Who sends its readings, where that is a person of the demonstration. */
  resident: PersonId | null;
}

/** The devices of a house, as they come. */
export interface Metering {
  houseId: HouseId;
  /** Number of the house in the district; null: a house of the bulk, without stories. */
  house: number | null;
  span: Span;
  nextSerial: () => string;
  placed: Placed[];
}

/** Serial numbers of a house: all different, in no visible order. */
export function serialsOf(houseId: HouseId): () => string {
  const random = randomOf('serials', houseId);
  const start = random.below(900_000);
  let made = 0;
  // 4567 and 900 000 have no common divisor: no number comes twice.
  return () => `${random.between(10, 29)}-${100_000 + ((start + made++ * 4567) % 900_000)}`;
}

export interface WaterSupply {
  cold: Supply;
  hot: Supply;
}

/** What one who is billed for a flat has there. */
export interface Supplies {
  water: WaterSupply | null;
  light: Supply;
  /** Ties devices to the account that they charge. */
  tie: (service: 'water' | 'light', account: Placed['accounts'][number]) => void;
}

const WATER = {
  cold: { services: ['Холодное водоснабжение'], code: '1', unit: 'м³' },
  hot: { services: ['Горячее водоснабжение'], code: '2', unit: 'м³' },
} as const;
const LIGHT = {
  services: ['Электроснабжение (день)', 'Электроснабжение (ночь)'],
  code: '4',
  unit: 'кВт·ч',
} as const;

/** Days on which readings are taken: those of water, and those of electricity, by the windows of their suppliers. */
export const WATER_DAYS = [15, 25] as const;
export const LIGHT_DAYS = [20, 26] as const;

/** The least step of volumes: of usual devices, and of those whose volumes are shared or averaged without a rest. */
const WATER_STEP = { usual: 10, even: 60 } as const;
const LIGHT_STEP = { usual: 10_000, even: 30_000 } as const;

const down = (volume: number, step: number): number => Math.floor(volume / step) * step;

/** Of a metered dwelling a bit less than the norm, now more, now less. */
export const waterUse = (random: Random, residents: number, norm: number, step: number) => (): number[] => [
  down(times(residents * norm, random.between(4500, 11_500)), step),
];

/** Day and night; more in winter. */
export const lightUse =
  (random: Random, residents: number, step: number) =>
  (month: Month): number[] => {
    const winter = isHeatingSeason(month) ? 12_000 : 9000;
    const used = times(residents * NORMS.electricity, times(winter, random.between(7000, 14_000)));
    return [down(times(used, 7000), step), down(times(used, 3000), step)];
  };

interface Household {
  metering: Metering;
  random: Random;
  flat: string;
  sends: boolean;
}

interface Wanted {
  kind: Running['kind'];
  residents: number;
  even: boolean;
}

function addWater({ metering, random, flat, sends }: Household, which: 'cold' | 'hot', wanted: Wanted): Device[] {
  const model = MODELS[which];
  const { house, span, nextSerial } = metering;
  const story = house === null ? {} : deviceStory(house, flat, model.resource, span);
  const isEven = wanted.even || Object.keys(story).length > 0;
  return runDevice({
    model,
    kind: wanted.kind,
    span,
    random,
    nextSerial,
    use: waterUse(random, wanted.residents, NORMS[which], isEven ? WATER_STEP.even : WATER_STEP.usual),
    startsBelow: which === 'cold' ? [9_000_000] : [6_000_000],
    days: WATER_DAYS,
    story,
    sends,
  });
}

function addLight({ metering, random, flat, sends }: Household, wanted: Wanted): Device[] {
  const { house, span, nextSerial } = metering;
  return runDevice({
    model: MODELS.light,
    kind: wanted.kind,
    span,
    random,
    nextSerial,
    use: lightUse(random, wanted.residents, wanted.even ? LIGHT_STEP.even : LIGHT_STEP.usual),
    startsBelow: [90_000_000, 40_000_000],
    days: LIGHT_DAYS,
    story: house === null || wanted.kind === 'room' ? {} : deviceStory(house, flat, MODELS.light.resource, span),
    sends,
  });
}

/** Some have sent the open month before its window ends; nearly all, once it has. */
const sendsBy = ({ span: { today } }: Metering, random: Random): boolean =>
  random.chance(Number(today.slice(8)) > WATER_DAYS[1] ? 92 : 45);

const householdOf = (metering: Metering, flat: string): Household => {
  const random = randomOf('devices', metering.houseId, flat);
  return { metering, random, flat, sends: sendsBy(metering, random) };
};

/** The water devices of a dwelling that is billed alone: the whole of them. */
export function waterOf(
  metering: Metering,
  flat: string,
  { residents }: Dwelling,
): WaterSupply & { devices: Device[] } {
  const household = householdOf(metering, flat);
  const wanted = { kind: 'individual', residents, even: false } as const;
  const [cold, hot] = [addWater(household, 'cold', wanted), addWater(household, 'hot', wanted)];
  return {
    cold: supplyOf(cold.map(whole), WATER.cold),
    hot: supplyOf(hot.map(whole), WATER.hot),
    devices: [...cold, ...hot],
  };
}

/**
 * Devices of a flat. Owners of shares have one set of devices, and parts of it by people; in a communal flat each room has an own
 * device for electricity, and what the common one shows above them is shared; one who buys a flat takes over its devices.
 */
export function flatDevices(
  metering: Metering,
  flat: Flat,
  place: { premisesId: PremisesId; rooms: ReadonlyMap<string, RoomId> },
  residentOf: (snils: string) => PersonId | null,
): Supplies[] {
  const { holders, sale, communal } = flat;
  if (holders.length === 0) return [];
  const billed = sale ? [holders[sale.sold]!] : holders;
  const residents = billed.reduce((sum, { dwelling }) => sum + dwelling.residents, 0);
  const wanted = { kind: communal ? 'common_flat' : 'individual', residents, even: billed.length > 1 } as const;
  const household = householdOf(metering, flat.number);
  const put = (device: Device, roomId: RoomId | null, holder: Flat['holders'][number]): Placed => {
    const resident = residentOf(holder.payer.resident?.snils ?? '');
    const placed = { device, premisesId: place.premisesId, roomId, accounts: [], resident };
    metering.placed.push(placed);
    return placed;
  };
  const putAll = (devices: Device[]) => devices.map((device) => put(device, null, billed[0]!));
  const isMetered = billed[0]!.dwelling.metered;
  const cold = isMetered ? putAll(addWater(household, 'cold', wanted)) : [];
  const hot = isMetered ? putAll(addWater(household, 'hot', wanted)) : [];
  const light = putAll(addLight(household, wanted));
  const rooms = communal
    ? billed.map((holder) => {
        // The rest of what the common device shows is of the kitchen and the corridor: it never falls below zero.
        const third = { kind: 'room', residents: holder.dwelling.residents / 3, even: true } as const;
        return put(addLight(household, third)[0]!, place.rooms.get(holder.room!) ?? null, holder);
      })
    : [];
  return holders.map((holder, index) => {
    const part = (placed: Placed): Part =>
      billed.length === 1
        ? whole(placed.device)
        : { device: placed.device, times: holder.dwelling.residents, over: residents, printed: true };
    const own = (room: Placed, at: number): Part => ({
      device: room.device,
      times: (at === index ? residents : 0) - holder.dwelling.residents,
      over: residents,
      printed: at === index,
    });
    return {
      water: isMetered ? { cold: supplyOf(cold.map(part), WATER.cold), hot: supplyOf(hot.map(part), WATER.hot) } : null,
      light: supplyOf([...light.map(part), ...rooms.map(own)], LIGHT),
      tie: (service, account) => {
        const charging = service === 'water' ? [...cold, ...hot] : [...light, ...rooms.slice(index, index + 1)];
        for (const placed of charging) placed.accounts.push(account);
      },
    };
  });
}
