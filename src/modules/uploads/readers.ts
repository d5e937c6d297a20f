import { isUuid } from '../../platform/ids.ts';
import { parseRubles } from '../../platform/money.ts';
import { type Day, type Month, parseDay, parseMonth } from '../../platform/month.ts';

/** A cell that cannot be taken: what to type instead. */
export class Wrong {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** Turns the text of a cell into a value. An empty cell never comes here. */
export type Reader<Value> = (text: string) => Value | Wrong;

const LOOSE_SPACE = /^\s|\s$|\s\s|[\t\n\r]/;

export const text =
  (most: number): Reader<string> =>
  (raw) => {
    const value = LOOSE_SPACE.test(raw) ? raw.replace(/\s+/g, ' ').trim() : raw;
    return value.length <= most ? value : new Wrong(`сократите до ${most} знаков`);
  };

/** What a numeric cell gives; everything else goes the longer way. */
const PLAIN_MONEY = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/;

/** Kopecks as a safe integer. Nothing is rounded: a formula with thousandths of a ruble is the clerk's to mend. */
export const money: Reader<number> = (raw) => {
  const plain = PLAIN_MONEY.exec(raw);
  if (plain) {
    const amount = Number(plain[2]) * 100 + Number((plain[3] ?? '').padEnd(2, '0'));
    return plain[1] && amount !== 0 ? -amount : amount;
  }
  const amount = parseRubles(raw);
  if (amount !== null && amount < 10n ** 15n && amount > -(10n ** 15n)) return Number(amount);
  return new Wrong(
    /^-?\d+[.,]\d{3,}$/.test(raw.trim())
      ? 'укажите сумму с копейками, округлённую до двух знаков'
      : 'укажите сумму в рублях, например 1234,56',
  );
};

/** The same where a sum below zero makes no sense. */
export const positiveMoney: Reader<number> = (raw) => {
  const amount = money(raw);
  return typeof amount === 'number' && amount < 0 ? new Wrong('укажите сумму без минуса') : amount;
};

/** What needs no change: no leading zero, none at the end. */
const PLAIN_DECIMAL = /^(?:0|[1-9]\d{0,14})(?:\.(\d*[1-9]))?$/;

/** Exact decimal text without needless zeros: «10,50» and 10.5 are the same. */
export const decimal =
  (scale: number, { negative = false, most }: { negative?: boolean; most?: number } = {}): Reader<string> =>
  (raw) => {
    const plain = PLAIN_DECIMAL.exec(raw);
    if (plain && (plain[1]?.length ?? 0) <= scale && (most === undefined || Number(raw) <= most)) return raw;
    const match = /^(-?)0*(\d{1,15}?)(?:[.,](\d+?)0*)?$/.exec(raw.replace(/[\s\u00a0\u202f]/g, ''));
    const fraction = match?.[3]?.replace(/0+$/, '') ?? '';
    if (!match || (match[1] && !negative)) return new Wrong('укажите число, например 45,6');
    if (fraction.length > scale) return new Wrong(`оставьте после запятой не больше ${scale} знаков`);
    const value = `${match[1]}${match[2] || '0'}${fraction && `.${fraction}`}`;
    return most !== undefined && Number(value) > most ? new Wrong(`укажите число не больше ${most}`) : value;
  };

export const whole =
  (least: number, most: number): Reader<number> =>
  (raw) => {
    const value = /^\d{1,9}(?:[.,]0+)?$/.test(raw.trim()) ? Number(raw.trim().replace(',', '.')) : Number.NaN;
    return value >= least && value <= most ? value : new Wrong(`укажите целое число от ${least} до ${most}`);
  };

export const day: Reader<Day> = (raw) => parseDay(raw) ?? new Wrong('укажите дату: ДД.ММ.ГГГГ');

export const month: Reader<Month> = (raw) =>
  parseMonth(raw) ?? new Wrong('укажите месяц: ММ.ГГГГ, например 10.2026 (ячейка должна быть текстовой)');

export const guid: Reader<string> = (raw) => {
  const value = raw.replace(/[{}\s]/g, '').toLowerCase();
  return isUuid(value) ? value : new Wrong('укажите GUID вида 8c0fe0e2-5a3c-4d7c-9d3e-2a1b4c5d6e7f');
};

/** Digits whose count is one of the given ones; spaces and hyphens between them are passed over. */
export const digits =
  (...counts: number[]): Reader<string> =>
  (raw) => {
    const value = raw.replace(/[\s\u00a0-]/g, '');
    return /^\d+$/.test(value) && counts.includes(value.length)
      ? value
      : new Wrong(`укажите ${counts.join(' или ')} цифр (сейчас «${raw}»)`);
  };

const bareForms = new Map<string, string>();
const MOST_FORMS = 5000;

/** Few different values fill such columns, a hundred thousand times. */
function bare(raw: string): string {
  const known = bareForms.get(raw);
  if (known !== undefined) return known;
  const form = raw
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}\p{N}+]+/gu, ' ')
    .trim();
  if (bareForms.size < MOST_FORMS) bareForms.set(raw, form);
  return form;
}

const YES = new Set(['да', 'true', '1', '+', 'yes', 'есть', 'имеется']);
const NO = new Set(['нет', 'false', '0', '', 'no', 'не имеется', 'отсутствует']);

export const yesNo: Reader<boolean> = (raw) => {
  const value = bare(raw);
  if (YES.has(value)) return true;
  return NO.has(value) || raw.trim() === '-' ? false : new Wrong('укажите «Да» или «Нет»');
};

/** One of a few values, each under its names; the first name is the one shown. */
export function oneOf<const Value extends string>(names: Readonly<Record<Value, readonly string[]>>): Reader<Value> {
  const byName = new Map<string, Value>();
  for (const [value, all] of Object.entries(names) as [Value, readonly string[]][])
    for (const name of all) byName.set(bare(name), value);
  const shown = Object.values<readonly string[]>(names)
    .map(([first]) => `«${first}»`)
    .join(', ');
  return (raw) => byName.get(bare(raw)) ?? new Wrong(`укажите одно из: ${shown}`);
}

export const firstNames = (names: Readonly<Record<string, readonly string[]>>): string[] =>
  Object.values(names).map(([first]) => first!);

/** A classifier's rows by name and by code. */
export type NameList = ReadonlyMap<string, string>;

export const nameList = (items: readonly { code: string; name: string }[]): NameList =>
  new Map([...items].reverse().flatMap(({ code, name }) => [[bare(name), code] as const, [bare(code), code] as const]));

export function findName(list: NameList, raw: string, shown: readonly string[]): string | Wrong {
  const code = list.get(bare(raw));
  if (code) return code;
  const examples = shown.slice(0, 5).map((name) => `«${name}»`);
  return new Wrong(`укажите значение из списка: ${examples.join(', ')}${shown.length > 5 ? ' и другие' : ''}`);
}
