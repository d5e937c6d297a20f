import type { FieldError } from '../../../platform/errors.ts';
import type { Typed } from '../../../platform/http/forms.ts';
import { isUuid, type MeterId } from '../../../platform/ids.ts';
import { type Month, parseDay } from '../../../platform/month.ts';
import { parseReading, RESOURCES, type Resource } from '../meter.ts';
import type { Question, QuestionKind } from '../questions.ts';
import type { NewReading, Recorded } from '../record-readings.ts';
import { TARIFFS, type Tariff } from './frame.tsx';

/** The name of a field of one value: `v.<meter>.<resource>.t1`. */
export const valueField = (meterId: MeterId, resource: Resource, tariff: Tariff): string =>
  `v.${meterId}.${resource}.${tariff}`;
/** The name of the box that answers what is unusual about a device's value. */
export const confirmField = (meterId: MeterId, resource: Resource): string => `confirm.${meterId}.${resource}`;

/** What a form of the register did: what is left of it to mend, and how much was saved. */
export interface Entered {
  errors: FieldError[];
  /** Questions by the name of the box that answers them. */
  questions: ReadonlyMap<string, readonly Question[]>;
  saved: number;
  /** What was typed and not saved. */
  left: Typed;
}

export const NOTHING_ENTERED: Entered = { errors: [], questions: new Map(), saved: 0, left: {} };

interface Entry {
  meterId: MeterId;
  resource: Resource;
  reading: NewReading;
}

const COMMON = ['kind', 'takenOn', 'period'] as const;

/**
 * Reads the values of the form: a device whose fields are empty is left alone. Values that are no numbers are answered without being
 * sent on.
 * @param months that the form may name; the first is meant when it names none
 */
export function readEntries(
  body: Typed,
  months: readonly Month[],
): { items: Entry[]; answer: (recorded: readonly Recorded[]) => Entered } {
  const errors: FieldError[] = [];
  const kind = body.kind === 'control' ? 'control' : 'current';
  const takenOn = body.takenOn?.trim() ? parseDay(body.takenOn) : null;
  if (body.takenOn?.trim() && !takenOn) errors.push({ field: 'takenOn', message: 'Укажите дату: ДД.ММ.ГГГГ' });
  const period = months.find((month) => month === body.period) ?? months[0]!;
  const items: Entry[] = [];
  for (const [meterId, resource] of devicesOf(body)) {
    const values = Object.fromEntries(
      TARIFFS.map((tariff) => [tariff, body[valueField(meterId, resource, tariff)]?.trim() ?? '']),
    );
    const wrong = TARIFFS.filter((tariff) => values[tariff] && parseReading(values[tariff]) === null);
    for (const tariff of wrong)
      errors.push({
        field: valueField(meterId, resource, tariff),
        message: 'Укажите показание числом, например 123,4',
      });
    if (wrong.length > 0 || errors.some(({ field }) => field === 'takenOn')) continue;
    const [t1, t2, t3] = TARIFFS.map((tariff) => (values[tariff] ? parseReading(values[tariff]) : null));
    const confirmed = (body[confirmField(meterId, resource)]?.split(' ') ?? []) as QuestionKind[];
    items.push({
      meterId,
      resource,
      reading: { meterId, resource, kind, takenOn, period, t1: t1 ?? '', t2: t2 ?? null, t3: t3 ?? null, confirmed },
    });
  }
  // A value without its first tariff goes no further: T1 is in every device.
  const missing = items.filter(({ reading }) => reading.t1 === '');
  for (const { meterId, resource } of missing)
    errors.push({ field: valueField(meterId, resource, 't1'), message: 'Укажите показание Т1' });
  const sent = items.filter(({ reading }) => reading.t1 !== '');
  return { items: sent, answer: (recorded) => answerOf(body, sent, recorded, errors) };
}

/** Devices with something typed in their fields. */
function devicesOf(body: Typed): [MeterId, Resource][] {
  const found = new Map<string, [MeterId, Resource]>();
  for (const [name, value] of Object.entries(body)) {
    const [prefix, meterId = '', resource = ''] = name.split('.');
    const known = RESOURCES.find((one) => one === resource);
    if (prefix === 'v' && value.trim() && isUuid(meterId) && known)
      found.set(`${meterId} ${known}`, [meterId as MeterId, known]);
  }
  return [...found.values()];
}

function answerOf(
  body: Typed,
  items: readonly Entry[],
  recorded: readonly Recorded[],
  errors: readonly FieldError[],
): Entered {
  const all = [...errors];
  const questions = new Map<string, readonly Question[]>();
  const done = new Set<string>();
  let saved = 0;
  for (const [index, { meterId, resource }] of items.entries()) {
    const result = recorded[index]!;
    if (result.state === 'wrong')
      for (const { field, message } of result.errors)
        all.push({
          field:
            field === 'takenOn' || field === 'period'
              ? field
              : valueField(meterId, resource, field === 'meter' ? 't1' : field),
          message,
        });
    else if (result.state === 'asks') {
      const box = confirmField(meterId, resource);
      questions.set(box, result.questions);
      all.push({ field: box, message: result.questions.map(({ text }) => text).join(' ') });
    } else {
      saved += 1;
      for (const tariff of TARIFFS) done.add(valueField(meterId, resource, tariff));
    }
  }
  const left = Object.fromEntries(
    Object.entries(body).filter(
      ([name]) => COMMON.includes(name as never) || (name.startsWith('v.') && !done.has(name)),
    ),
  );
  return { errors: unique(all), questions, saved, left };
}

const unique = (errors: readonly FieldError[]): FieldError[] => [
  ...new Map(errors.map((error) => [error.field, error])).values(),
];
