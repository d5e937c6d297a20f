import type { Group } from '../src/modules/billing/index.ts';
import type { Month } from '../src/platform/month.ts';
import { charge, decimal, halfOf, spoken, tariffText } from './amounts.ts';
import type { Provider } from './organisations.ts';
import { MULTIPLIER, type Tariff, tariffOf } from './tariffs.ts';

/** A charge before the document knows the debt at the start of the month. Volumes in ten-thousandths, sums in kopecks. */
export interface Charge {
  group: Group;
  service: string;
  code: string;
  unit: string;
  tariff: number;
  volume: number;
  /** The volume is of the common property (ОДН). */
  common: boolean;
  method: 'N' | 'M' | 'O' | null;
  accrued: number;
  /** Above the norm for want of a meter, apart from `accrued`. */
  excess: number;
  recalculation: number;
  reason: string | null;
  benefit: number;
  explanation: string | null;
  voluntary: boolean;
  payee: Provider;
}

export const payable = ({ accrued, excess, recalculation, benefit }: Charge): number =>
  accrued + excess + recalculation - benefit;

interface Wanted {
  group: Group;
  service: string;
  code: string;
  unit: string;
  tariff: Tariff;
  volume: number;
  method?: 'N' | 'M' | 'O';
  common?: boolean;
  /** A multiplier applies: the dwelling has no meter though it could. */
  raised?: boolean;
  /** How the volume came about, where that is no reading and no norm. */
  estimate?: string | null;
  benefit?: boolean;
  voluntary?: boolean;
}

/** One line: volume × tariff, with what raises and lowers it. */
export function chargeFor(payee: Provider, month: Month, wanted: Wanted): Charge {
  const tariff = tariffOf(wanted.tariff, month);
  const accrued = charge(wanted.volume, tariff);
  const excess = wanted.raised ? halfOf(accrued) : 0;
  return {
    group: wanted.group,
    service: wanted.service,
    code: wanted.code,
    unit: wanted.unit,
    tariff,
    volume: wanted.volume,
    common: wanted.common ?? false,
    method: wanted.method ?? null,
    accrued,
    excess,
    recalculation: 0,
    reason: null,
    benefit: wanted.benefit ? halfOf(accrued + excess) : 0,
    explanation: wanted.raised
      ? `Прибора учёта нет, хотя его можно поставить: к норме применён коэффициент ${spoken(MULTIPLIER)}. ${formula(wanted, tariff)}`
      : (wanted.estimate ?? null),
    voluntary: wanted.voluntary ?? false,
    payee,
  };
}

const formula = ({ volume, unit }: Wanted, tariff: number) =>
  `${spoken(decimal(volume))} ${unit} × ${spoken(tariffText(tariff))} ₽.`;

/** Takes a part of a line back or adds to it, with the reason that section 6 prints. */
export function recalculate(line: Charge, amount: number, reason: string): void {
  line.recalculation += amount;
  line.reason = reason;
}
