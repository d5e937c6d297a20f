import { z } from 'zod';
import type { FieldError } from '../../../platform/errors.ts';
import { dayField, emptyAsAbsent, optionalText, requiredText, type Typed } from '../../../platform/http/forms.ts';
import { formatNumericDate } from '../../../ui/index.ts';
import type { MeterCard } from '../check-meter.ts';
import { type Meter, parseReading, type Resource, type Values } from '../meter.ts';
import { markField } from '../record-marks.ts';
import { TARIFFS } from './frame.tsx';

const text = (most: number) => optionalText(most).transform((value) => value ?? '');
const whole = (message: string) =>
  emptyAsAbsent(
    z
      .string()
      .trim()
      .regex(/^\d{1,2}$/, message),
  ).transform((value) => (value ? Number(value) : null));
const day = emptyAsAbsent(dayField()).transform((value) => value ?? null);
const flag = z
  .string()
  .optional()
  .transform((value) => value === '1');
const ratio = emptyAsAbsent(
  z
    .string()
    .trim()
    .transform((value) => value.replace(',', '.')),
).transform((value) => value ?? '1');

/** The dial of a device and its passport: what a replacement brings too. */
export const dialShape = {
  serial: requiredText('Укажите заводской номер прибора', 50),
  brand: text(100),
  model: text(100),
  digits: whole('Укажите число цифр, например 5'),
  tariffs: z.enum(['1', '2', '3'], { error: 'Выберите число тарифов' }).transform(Number),
  ratio,
  verifiedOn: day,
  verificationInterval: whole('Укажите целое число лет'),
} as const;

export const cardShape = {
  ...dialShape,
  place: text(100),
  installedOn: day,
  usedFrom: day,
  factorySealedOn: day,
  sealedOn: day,
  remote: flag,
  remoteNote: optionalText(2000),
  temperatureSensor: flag,
  temperatureNote: optionalText(2000),
  pressureSensor: flag,
  pressureNote: optionalText(2000),
} as const;

const dateText = (value: string | null) => (value ? formatNumericDate(value) : '');
const numberText = (value: number | null) => (value === null ? '' : String(value));

/** What the form of a card shows before anything is typed. */
export const typedOf = (meter: MeterCard): Typed => ({
  serial: meter.serial,
  brand: meter.brand,
  model: meter.model,
  place: meter.place,
  digits: numberText(meter.digits),
  tariffs: String(meter.tariffs),
  ratio: meter.ratio
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
    .replace('.', ','),
  verifiedOn: dateText(meter.verifiedOn),
  verificationInterval: numberText(meter.verificationInterval),
  installedOn: dateText(meter.installedOn),
  usedFrom: dateText(meter.usedFrom),
  factorySealedOn: dateText(meter.factorySealedOn),
  sealedOn: dateText(meter.sealedOn),
  remote: meter.remote ? '1' : '',
  remoteNote: meter.remoteNote ?? '',
  temperatureSensor: meter.temperatureSensor ? '1' : '',
  temperatureNote: meter.temperatureNote ?? '',
  pressureSensor: meter.pressureSensor ? '1' : '',
  pressureNote: meter.pressureNote ?? '',
});

/** Values of a mark from its fields. A resource without any is left out; what is no number is an error of its field. */
export function readMark(
  body: Typed,
  prefix: string,
  resources: Meter['resources'],
): { values: ReadonlyMap<Resource, Values>; errors: FieldError[] } {
  const values = new Map<Resource, Values>();
  const errors: FieldError[] = [];
  for (const { resource } of resources) {
    const given = TARIFFS.map((tariff) => {
      const field = markField(prefix, resource, tariff);
      const typed = body[field]?.trim() ?? '';
      const value = typed ? parseReading(typed) : null;
      if (typed && value === null) errors.push({ field, message: 'Укажите показание числом, например 123,4' });
      return value;
    });
    const [t1 = null, t2 = null, t3 = null] = given;
    if (t1 !== null) values.set(resource, { t1, t2, t3 });
  }
  return { values, errors };
}
