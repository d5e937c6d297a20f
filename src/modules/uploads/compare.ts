import type { Change } from './work.ts';

/** Text of an exact decimal without the zeros that the database pads it with. */
export const trimZeros = (value: string | null): string | null =>
  value === null || !/^-?\d+\.\d+$/.test(value) ? value : value.replace(/\.?0+$/, '');

export type Shown = string | number | boolean | null | undefined;

/** Stands for a value that there is not. */
export const NOTHING = 'не указано';

const show = (value: Shown): string =>
  value === null || value === undefined || value === ''
    ? NOTHING
    : value === true
      ? 'да'
      : value === false
        ? 'нет'
        : /^\d{4}-\d{2}-\d{2}$/.test(String(value))
          ? String(value).split('-').reverse().join('.')
          : String(value);

const same = (before: Shown, after: Shown): boolean =>
  (before ?? null) === (after ?? null) ||
  (typeof before === 'string' && typeof after === 'string' && trimZeros(before) === trimZeros(after));

/** What a new description changes, in words. */
export function changesBetween<Of extends object>(
  before: Of,
  after: Of,
  names: Readonly<Partial<Record<keyof Of, string>>>,
  inWords: (key: keyof Of, value: Shown) => Shown = (_key, value) => value,
): Change[] {
  return (Object.entries(names) as [keyof Of, string][]).flatMap(([key, what]) => {
    const [old, fresh] = [before[key] as Shown, after[key] as Shown];
    if (fresh === undefined || same(old, fresh)) return [];
    const words = (value: Shown) =>
      show(typeof value === 'string' ? trimZeros(inWords(key, value) as string) : inWords(key, value));
    return [{ what, before: words(old), after: words(fresh) }];
  });
}
