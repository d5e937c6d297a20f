/** Ten-thousandths of a unit: volumes and areas are whole numbers, so nothing is lost on the way to kopecks. */
export const SCALE = 10_000;

/** Volume × tariff in whole kopecks, half up. Exact: both factors together stay far below 2^53. */
export const charge = (volume: number, tariff: number): number =>
  Math.floor((2 * volume * tariff + SCALE) / (2 * SCALE));

/** A share of ten-thousandths, half up, as a volume of four decimals. */
export const times = (volume: number, factor: number): number => charge(volume, factor);

/** Exact decimal text of ten-thousandths, without zeros at the end: 523000 -> "52.3". */
export function decimal(value: number): string {
  const whole = Math.floor(value / SCALE);
  const rest = value % SCALE;
  return rest === 0 ? String(whole) : `${whole}.${String(rest).padStart(4, '0').replace(/0+$/, '')}`;
}

/** A tariff of kopecks as rubles: 7044 -> "70.44". */
export const tariffText = (tariff: number): string => decimal(tariff * 100);

/** «70,44», as an explanation in a bill writes it. */
export const spoken = (text: string): string => text.replace('.', ',');

/** Half of an amount of kopecks, half up. */
export const halfOf = (amount: number): number => Math.floor((amount + 1) / 2);
