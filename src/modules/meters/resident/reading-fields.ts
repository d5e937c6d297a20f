import type { FieldError } from '../../../platform/errors.ts';
import type { StoredBytes } from '../../../platform/files/files.ts';
import type { Typed } from '../../../platform/http/forms.ts';
import { isUuid, type MeterId } from '../../../platform/ids.ts';
import { parseReading, type Resource, type Values } from '../meter.ts';
import type { OwnMeter, OwnResource } from '../present-meter.ts';
import type { Question, QuestionKind } from '../questions.ts';
import type { OwnMeters } from '../read-own-meters.ts';
import type { OwnReading } from '../submit-readings.ts';

export const TARIFFS = ['t1', 't2', 't3'] as const;
export type Tariff = (typeof TARIFFS)[number];

/** One dial: a device and one of its resources. The ids are in the names of its fields. */
export interface Dial {
  meterId: MeterId;
  resource: Resource;
}

export const dialKey = ({ meterId, resource }: Dial): string => `${meterId}.${resource}`;
export const valueField = (tariff: Tariff, dial: Dial): string => `${tariff}.${dialKey(dial)}`;
export const photoField = (dial: Dial): string => `photo.${dialKey(dial)}`;
/** A picture that is in the store already while its value is being mended. */
export const keptField = (dial: Dial): string => `kept.${dialKey(dial)}`;
export const sureField = (dial: Dial): string => `sure.${dialKey(dial)}`;

/** «Да, всё верно» is said of these values alone: once they are changed, the questions are asked anew. */
export const sureValue = (questions: readonly Question[], { t1, t2, t3 }: Values): string =>
  [questions.map(({ kind }) => kind).join(','), t1, t2 ?? '', t3 ?? ''].join('~');

function confirmedBy(text: string | undefined, { t1, t2, t3 }: Values): QuestionKind[] {
  const [kinds = '', ...values] = (text ?? '').split('~');
  return values.join('~') === [t1, t2 ?? '', t3 ?? ''].join('~') ? (kinds.split(',') as QuestionKind[]) : [];
}

export interface SentDial {
  dial: Dial;
  item: OwnReading;
}

const NAME = /^(t[123]|photo|kept|sure)\.([0-9a-f-]{36})\.([1-8])$/;

/**
 * The values of a form by dial; dials without a value are passed over. A value of a device that is not the person's, or is not any more, is an
 * error without a field: the others are taken.
 * @param photoOf the picture of a dial, newly sent or kept
 */
export function readDials(
  view: OwnMeters,
  fields: Typed,
  photoOf: (dial: Dial) => StoredBytes | null,
): { sent: SentDial[]; errors: FieldError[] } {
  const own = new Map(
    view.homes.flatMap(({ meters }) =>
      meters.flatMap((meter) => meter.resources.map((one) => [dialKey(dialOf(meter, one)), { meter, one }] as const)),
    ),
  );
  const sent: SentDial[] = [];
  const errors: FieldError[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const match = NAME.exec(name);
    if (match && value.trim() !== '' && isUuid(match[2]!) && !own.has(`${match[2]}.${match[3]}`))
      errors.push({
        field: '',
        message: `Показание «${value.trim()}» не передано: этого прибора нет среди ваших. Возможно, доступ к счёту закрыли или счёт отключён.`,
      });
  }
  for (const { meter, one } of own.values()) {
    const read = readDial(meter, one, fields, photoOf);
    if (read && 'item' in read) sent.push(read);
    else if (read) errors.push(...read.errors);
  }
  return { sent, errors };
}

export const dialOf = ({ meter }: Pick<OwnMeter, 'meter'>, { resource }: Pick<OwnResource, 'resource'>): Dial => ({
  meterId: meter.meterId,
  resource,
});

function readDial(
  { meter, houseId }: OwnMeter,
  { resource }: OwnResource,
  fields: Typed,
  photoOf: (dial: Dial) => StoredBytes | null,
): SentDial | { errors: FieldError[] } | null {
  const dial = { meterId: meter.meterId, resource };
  const typed = TARIFFS.map((tariff) => fields[valueField(tariff, dial)]?.trim() ?? '');
  const photo = photoOf(dial);
  if (typed.every((text) => text === ''))
    return photo && { errors: [{ field: valueField('t1', dial), message: 'К фото впишите показание' }] };
  const values = typed.map((text) => (text === '' ? null : parseReading(text)));
  const errors = TARIFFS.flatMap((tariff, index): FieldError[] => {
    const field = valueField(tariff, dial);
    if (typed[index] !== '' && values[index] === null)
      return [{ field, message: 'Впишите цифры с прибора, например 123,456' }];
    if (typed[index] === '' && index < meter.tariffs) return [{ field, message: `Укажите показание Т${index + 1}` }];
    return [];
  });
  if (errors.length > 0) return { errors };
  const [t1, t2, t3] = [values[0]!, values[1] ?? null, values[2] ?? null];
  const confirmed = confirmedBy(fields[sureField(dial)], { t1, t2, t3 });
  return { dial, item: { ...dial, houseId, t1, t2, t3, confirmed, photo } };
}
