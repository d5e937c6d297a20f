import type { MeterId, OrganisationId } from '../../platform/ids.ts';
import type { Day, Month } from '../../platform/month.ts';
import type { RulesInForce } from '../../platform/rules/rules.ts';
import { isOpen } from './window.ts';
import { type HousePlace, takingsFor } from './windows.ts';

/** Devices of a home as a page counts them: by whom they are charged, and the newest month that has a current value. */
export interface DeviceTaken {
  meterId: MeterId;
  providerId: OrganisationId;
  takenFor: Month | null;
  /** The last day on which its values count; null when no term is known. */
  verifyBy: Day | null;
}

export interface Unsent {
  /** Devices without a value for the month that an open window takes. One whose verification has ended is not asked: it would not count. */
  wanted: number;
  /** All that were given. */
  devices: number;
  /** By when the first is needed, inclusive; null when none is wanted. */
  until: Day | null;
}

/** The number on «Передать показания» (S-ACT-4). A device of several accounts counts once. */
export function countUnsent(
  rules: RulesInForce,
  house: Pick<HousePlace, 'houseId' | 'regionCode' | 'oktmo'>,
  devices: readonly DeviceTaken[],
  today: Day,
): Unsent {
  const byMeter = Map.groupBy(devices, ({ meterId }) => meterId);
  const takings = new Map(
    [...new Set(devices.map(({ providerId }) => providerId))].map((providerId) => [
      providerId,
      takingsFor(rules, house, [providerId], today)[0]!,
    ]),
  );
  let wanted = 0;
  let until: Day | null = null;
  for (const own of byMeter.values()) {
    if (own.some(({ verifyBy }) => verifyBy !== null && verifyBy < today)) continue;
    const ofDevice = own.map(({ providerId }) => takings.get(providerId)!);
    const period = ofDevice.map((taking) => taking.period).sort()[0]!;
    const open = ofDevice.filter((taking) => isOpen(taking, today));
    if (open.length === 0 || own.some(({ takenFor }) => takenFor !== null && takenFor >= period)) continue;
    wanted += 1;
    for (const { to } of open) if (until === null || to < until) until = to;
  }
  return { wanted, devices: byMeter.size, until };
}
