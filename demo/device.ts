import type { Consumption, MeterKind, ReadingKind, ReadingSource, Resource } from '../src/modules/meters/index.ts';
import type { Day, Month } from '../src/platform/month.ts';

/** Invented makes of devices; digits and intervals are of the usual size. */
export interface Model {
  resource: Resource;
  /** ОКЕИ. */
  unit: string;
  brand: string;
  model: string;
  place: string;
  tariffs: 1 | 2;
  digits: number;
  ratio: string;
  /** Years between verifications. */
  interval: number;
}

const water = {
  unit: '113',
  brand: 'Капелька',
  place: 'санузел',
  tariffs: 1,
  digits: 5,
  ratio: '1',
  interval: 6,
} as const;
const power = { resource: '3', unit: '245', brand: 'Огонёк', digits: 6, interval: 16 } as const;

export const MODELS = {
  cold: { ...water, resource: '1', model: 'К-15' },
  hot: { ...water, resource: '2', model: 'К-15Г' },
  light: { ...power, model: 'О-2Т', place: 'прихожая', tariffs: 2, ratio: '1' },
  houseCold: { ...water, resource: '1', model: 'К-80', place: 'подвал, ввод водопровода', digits: 6 },
  houseLight: { ...power, model: 'О-3ТТ', place: 'щитовая', tariffs: 1, ratio: '30' },
  houseHeat: {
    ...water,
    resource: '5',
    unit: '246',
    brand: 'Теплушка',
    model: 'ТЧ-4',
    place: 'тепловой пункт',
    digits: 6,
    interval: 4,
  },
} as const satisfies Record<string, Model>;

/** A value that a device showed. Values by tariff, in ten-thousandths of its unit. */
export interface Shown {
  kind: ReadingKind;
  /** The month that takes it. */
  period: Month;
  takenOn: Day;
  enteredAt: Date;
  values: readonly number[];
  source: ReadingSource;
  /** Why the provider did not take it. */
  declined: string | null;
}

/** What a bill prints of a device for a month. */
export interface Section {
  previous: readonly number[];
  current: readonly number[];
  takenOn: Day;
}

export interface Correction {
  month: Month;
  /** What was charged by estimate, and what it became when the reading came. Ten-thousandths. */
  from: number;
  to: number;
}

/** A month as it was charged when its bill was made: later readings do not change it, but the next bill corrects it. */
export interface Charged {
  /** By tariff, in ten-thousandths. */
  volumes: readonly number[];
  basis: Consumption['basis'];
  isEstimate: boolean;
  corrections: readonly Correction[];
}

/** A month as it stands at the end; `reading` is the place of its reading in the list of the device. */
export type Used = Omit<Consumption, 'readingId'> & { reading: number | null };

/** A device with its whole life in the demonstration. */
export interface Device {
  model: Model;
  kind: MeterKind;
  serial: string;
  remote: boolean;
  installedOn: Day;
  verifiedOn: Day;
  verifyBy: Day;
  state: 'working' | 'broken' | 'archived';
  brokenOn: Day | null;
  archivedOn: Day | null;
  replacedBy: Device | null;
  /** In the order in which they were taken. */
  readings: Shown[];
  sections: Map<Month, Section>;
  charged: Map<Month, Charged>;
  used: Used[];
}
