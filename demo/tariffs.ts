import type { Month } from '../src/platform/month.ts';

/** Kopecks for a unit, by the month since when. Made up, of the usual size. */
const TARIFFS = {
  upkeep: [
    ['2024-01', 3127],
    ['2025-01', 3389],
    ['2026-01', 3612],
  ],
  hire: [
    ['2024-01', 2690],
    ['2026-01', 2845],
  ],
  intercom: [['2024-01', 6500]],
  antenna: [
    ['2024-01', 12500],
    ['2026-01', 13900],
  ],
  insurance: [['2024-01', 231]],
  cold: [
    ['2024-07', 5980],
    ['2025-07', 6596],
    ['2026-10', 7044],
  ],
  drain: [
    ['2024-07', 4561],
    ['2025-07', 5101],
    ['2026-10', 5462],
  ],
  heat: [
    ['2024-07', 280_145],
    ['2025-07', 313_752],
    ['2026-10', 336_981],
  ],
  day: [
    ['2024-07', 728],
    ['2025-07', 811],
    ['2026-10', 874],
  ],
  night: [
    ['2024-07', 315],
    ['2025-07', 372],
    ['2026-10', 402],
  ],
  waste: [
    ['2024-01', 17_288],
    ['2025-07', 19_312],
  ],
  capital: [
    ['2024-01', 2496],
    ['2025-01', 2697],
    ['2026-01', 2886],
  ],
} as const satisfies Record<string, readonly (readonly [string, number])[]>;

export type Tariff = keyof typeof TARIFFS;

/** Kopecks for a unit of the service in a month. */
export function tariffOf(service: Tariff, month: Month): number {
  const steps: readonly (readonly [string, number])[] = TARIFFS[service];
  return (steps.findLast(([since]) => since <= month) ?? steps[0]!)[1];
}

/** Norms a month. Volumes are whole ten-thousandths of the unit everywhere in the demonstration. */
export const NORMS = {
  /** m³ a person. */
  cold: 47_450,
  hot: 31_740,
  /** kWh a person. */
  electricity: 750_000,
  /** Gcal a m² in a month of the heating season. */
  heat: 233,
  /** Gcal to heat a m³ of water. */
  hotHeat: 502,
  /** Common property, a m² of the dwelling. */
  commonCold: 34,
  commonHot: 34,
  commonDrain: 68,
  commonElectricity: 5100,
} as const;

/** The excess for a dwelling without a meter where one could stand: one and a half of the norm. */
export const MULTIPLIER = '1.5';
