import Big from 'big.js';
import type { Month } from '../src/platform/month.ts';
import { SCALE } from './amounts.ts';
import { isHeatingSeason } from './calendar.ts';
import { MODELS, type Model } from './device.ts';
import type { Metering } from './flat-devices.ts';
import { type Random, randomOf } from './random.ts';
import { runDevice } from './run-device.ts';

/** Of a hundred units that come into the house, its homes show so many: even, lost on the way, more than came in. */
const SHOWN_BY_HOMES = [99, 88, 106] as const;

/** Gcal a m² in a month, in ten-thousandths: the same for each home, by the house's device; zero without heating. */
export function heatRates(houseId: string): (month: Month) => number {
  const rates = new Map<Month, number>();
  return (month) => {
    if (!isHeatingSeason(month)) return 0;
    const known = rates.get(month) ?? randomOf('heat', houseId, month).between(170, 260);
    rates.set(month, known);
    return known;
  };
}

/** What the homes of a house used by month, in ten-thousandths; a room's device measures a part of its flat's. */
function usedByHomes({ placed }: Metering, resource: string): Map<Month, number> {
  const used = new Map<Month, number>();
  for (const { device } of placed)
    if (device.model.resource === resource && device.kind !== 'room')
      for (const { period, volume } of device.used)
        used.set(period, (used.get(period) ?? 0) + Math.round(Number(volume) * SCALE));
  return used;
}

/** Devices on the way into a house: cold water, electricity through transformers, heat. */
export function addHouseDevices(metering: Metering, heatedArea: number, heatRate: (month: Month) => number): void {
  const { houseId, house, span, nextSerial } = metering;
  const random = randomOf('house devices', houseId);
  const shown = SHOWN_BY_HOMES[house ?? 0]!;
  const add = (model: Model, volumeOf: (month: Month) => number, [factor, step]: readonly [string, number]) => {
    const [device] = runDevice({
      model,
      kind: 'house',
      span,
      random,
      nextSerial,
      use: (month) => [dialOf(volumeOf(month), factor, step)],
      startsBelow: [400_000_000],
      days: [25, 25],
      story: {},
      // The open month is read at its end.
      sends: false,
      source: 'organisation',
    });
    metering.placed.push({ device: device!, premisesId: null, roomId: null, accounts: [], resident: null });
  };
  const cameIn = (resource: string, spread: Random) => {
    const homes = usedByHomes(metering, resource);
    return (month: Month) => Math.round((((homes.get(month) ?? 0) * 100) / shown) * (1 + spread.between(-5, 5) / 1000));
  };
  add(MODELS.houseCold, cameIn('1', random), ['1', 1000]);
  add(MODELS.houseLight, cameIn('3', random), [MODELS.houseLight.ratio, 100]);
  add(MODELS.houseHeat, (month) => Math.round((heatedArea * heatRate(month)) / SCALE), ['0.86', 10]);
}

/** How far the dial goes for a volume: by the ratio or the factor of the unit, in whole steps. */
const dialOf = (volume: number, factor: string, step: number): number =>
  Number(new Big(volume).div(factor).div(step).round(0, Big.roundHalfUp).times(step));
