import type { Id } from '../src/platform/ids.ts';

/** A stream of numbers that is the same for the same key on every machine (sfc32). Not for secrets. */
export interface Random {
  /** A whole number below `limit`. */
  below(limit: number): number;
  /** A whole number, both ends inclusive. */
  between(least: number, most: number): number;
  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean;
  pick<T>(list: readonly T[]): T;
}

export function randomOf(...key: readonly (string | number)[]): Random {
  let [a, b, c, counter] = seedOf(key.join('/'));
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  const below = (limit: number) => Math.floor((next() / 4_294_967_296) * limit);
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (percent) => below(100) < percent,
    pick: (list) => list[below(list.length)]!,
  };
}

/** Four 32-bit words of a text (FNV-1a with four different beginnings). */
function seedOf(text: string): [number, number, number, number] {
  const words = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35].map((word) => {
    let hash = word;
    for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    return hash | 0;
  });
  return words as [number, number, number, number];
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

export type MakeId = <T extends Id<string>>(at: Date) => T;

/**
 * Ids in the shape of UUID version 7: the time of the simulated clock first, then a counter, so that they sort in the order in
 * which they were made, then chance. The same key makes the same ids.
 */
export function idsOf(...key: readonly (string | number)[]): MakeId {
  const random = randomOf('ids', ...key);
  let made = 0;
  return <T extends Id<string>>(at: Date): T => {
    const time = hex(at.getTime(), 12);
    const counter = hex(made++ & 0xffffff, 6);
    const chance = hex(random.below(0x1000000), 6) + hex(random.below(0x1000000), 6);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.slice(0, 3)}-8${counter.slice(3)}-${chance}` as T;
  };
}

/** A GUID of version 8 (RFC 9562: made by a rule of its own): a state GUID that no state has given out. */
export function guidOf(...key: readonly (string | number)[]): string {
  const random = randomOf('guid', ...key);
  const word = (digits: number) => hex(random.below(16 ** digits), digits);
  return `${word(4)}${word(4)}-${word(4)}-8${word(3)}-8${word(3)}-${word(6)}${word(6)}`;
}
