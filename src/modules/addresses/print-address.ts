/** How an address is printed: the type, the name, the house with its parts. */
import type { HouseRow, ObjectRow } from './queries/read.ts';

/** Types that stand after the name: «Московская обл.», «Пресненский р-н». */
const AFTER = new Set('обл обл. область край р-н район м.р-н а.окр. а.обл. АО Аобл округ у. с/с с/о с/а'.split(' '));

/** Short names that people do not say are printed as words. */
const SPOKEN: Readonly<Record<string, string>> = { 'пр-д': 'проезд' };

/** «ул. Милашенкова», «Московская обл.», «Удмуртская респ.»; «Чувашская Республика», whose name says its type, stays alone. */
export function printObject({ typeName, name, level }: Pick<ObjectRow, 'typeName' | 'name' | 'level'>): string {
  const type = SPOKEN[typeName.trim()] ?? typeName.trim();
  if (type === '' || (level === 1 && SAYS_ITS_TYPE.test(name))) return name;
  const adjective = /^респ/i.test(type) && name.endsWith('ая');
  return AFTER.has(type) || adjective ? `${name} ${type}` : `${type} ${name}`;
}
const SAYS_ITS_TYPE = /республика|область|округ|край/i;

type HouseParts = Pick<HouseRow, 'number' | 'addition1' | 'addition2' | 'type' | 'type1' | 'type2'>;

/** «д. 3, к. 2, стр. 1». */
export function printHouse(house: HouseParts): string {
  const parts: [string | null, string | null][] = [
    [house.type ?? 'д.', house.number],
    [house.type1 ?? 'к.', house.addition1],
    [house.type2 ?? 'стр.', house.addition2],
  ];
  return parts.flatMap(([type, number]) => (number ? [`${type} ${number}`] : [])).join(', ');
}

export const printIndex = (index: number | null): string | null =>
  index === null ? null : index.toString().padStart(6, '0');

/** Levels that a short address names: the planning element and the street, else the settlement. */
export function printShort(path: readonly ObjectRow[], house: HouseParts | null): string {
  const near = path.filter(({ level }) => level === 7 || level === 8);
  const places = near.length > 0 ? near : path.slice(-1);
  return [...places.map(printObject), ...(house ? [printHouse(house)] : [])].join(', ');
}

export function printFull(index: string | null, path: readonly ObjectRow[], house: HouseParts | null): string {
  return [...(index ? [index] : []), ...path.map(printObject), ...(house ? [printHouse(house)] : [])].join(', ');
}

/** «кв. 5» after an address: «помещ.» and other kinds as the register has them. */
export const withFlat = (address: string, flat: string, type = 'кв.'): string => `${address}, ${type} ${flat}`;
