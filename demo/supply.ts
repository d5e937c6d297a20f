import type { Month } from '../src/platform/month.ts';
import { formatMonth, formatNumericDate } from '../src/ui/index.ts';
import type { Reading } from './bills.ts';
import type { Charged, Correction, Device } from './device.ts';

/** What one who is billed has of a device: the whole, or a part of what it measured. */
export interface Part {
  device: Device;
  times: number;
  over: number;
  /** Its values stand in the bill. */
  printed: boolean;
}

/** A month of a resource as a bill charges it. Volumes by tariff, in ten-thousandths. */
export interface Metered {
  volumes: readonly number[];
  /** How it was estimated, in words; null when by readings. */
  estimate: string | null;
  corrections: readonly Correction[];
  readings: readonly Reading[];
}

export type Supply = (month: Month) => Metered;

interface Named {
  /** Names of the service by tariff, as the bill's section of readings has them. */
  services: readonly string[];
  code: string;
  unit: string;
}

export const whole = (device: Device): Part => ({ device, times: 1, over: 1, printed: true });

/** Bills of one dwelling and resource, from the parts that it has of devices. */
export function supplyOf(parts: readonly Part[], named: Named): Supply {
  return (month) => {
    const volumes = named.services.map(() => 0);
    let estimate: string | null = null;
    const corrections: Correction[] = [];
    for (const { device, times, over } of parts) {
      const charged = device.charged.get(month);
      if (!charged) continue;
      charged.volumes.forEach((volume, tariff) => {
        volumes[tariff]! += (volume * times) / over;
      });
      if (charged.isEstimate) estimate = explain(charged, device);
      corrections.push(...charged.corrections);
    }
    return {
      volumes,
      estimate,
      corrections,
      readings: parts.filter(({ printed }) => printed).flatMap(({ device }) => printedOf(device, month, named)),
    };
  };
}

function printedOf(device: Device, month: Month, { services, code, unit }: Named): Reading[] {
  const section = device.sections.get(month);
  if (!section) return [];
  return services.map((service, tariff) => ({
    serial: device.serial,
    service,
    code,
    unit,
    previous: section.previous[tariff]!,
    current: section.current[tariff]!,
    takenOn: section.takenOn,
  }));
}

const CAUSES = {
  verification: ({ verifyBy }: Device) => `поверка счётчика закончилась ${formatNumericDate(verifyBy)}`,
  failed: ({ brokenOn }: Device) => `счётчик неисправен с ${formatNumericDate(brokenOn!)}`,
  not_sent: () => 'показания не переданы',
  no_access: () => 'к счётчику не допустили',
} as const;

function explain({ basis }: Charged, device: Device): string {
  const months = basis.months ?? [];
  return `По среднему за ${formatMonth(months[0]!)} – ${formatMonth(months.at(-1)!)}: ${CAUSES[basis.cause!](device)} (Правила 354, п. 59).`;
}

/** «за июнь 2026 – август 2026» */
export const corrected = (corrections: readonly { month: Month }[]): string =>
  `Показания переданы: начисления по среднему за ${formatMonth(corrections[0]!.month)} – ${formatMonth(corrections.at(-1)!.month)} заменены расходом по счётчику`;
