import type { Day, Month } from '../src/platform/month.ts';
import { decimal } from './amounts.ts';
import type { Charge } from './charges.ts';

/** A dwelling as its bills see it. Areas in ten-thousandths of a m². */
export interface Dwelling {
  totalArea: number;
  livingArea: number;
  residents: number;
  /** Water meters stand. Without them the norm is charged with a multiplier. */
  metered: boolean;
  /** A federal category that pays half of the communal services. */
  benefit: boolean;
}

export interface Reading {
  serial: string;
  service: string;
  code: string;
  unit: string;
  previous: number;
  current: number;
  takenOn: Day;
}

export interface Norm {
  service: string;
  unit: string;
  individual: number | null;
  common: number | null;
  housePremises: number | null;
  houseCommon: number | null;
}

/** What a provider bills for a month, before debts and penalties. */
export interface Draft {
  charges: Charge[];
  readings: Reading[];
  norms: Norm[];
}

/** Bills month after month, in order: meters go on from where they stood. */
export type Biller = (month: Month) => Draft;

/** Charges without meters or norms. */
export const plain = (charges: Charge[]): Draft => ({ charges, readings: [], norms: [] });

/** The consumption that a reading shows, as text. */
export const consumptionOf = ({ previous, current }: Reading): string => decimal(current - previous);
