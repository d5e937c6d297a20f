import { z } from 'zod';
import { type FieldError, Invalid, NotFound } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { parseRubles } from '../money.ts';
import { type Day, type Month, parseDay, parseMonth } from '../month.ts';

/** What a browser sends of a form, for showing again what was typed. */
export type Typed = Record<string, string>;

/**
 * Parses what came from outside; all field errors at once.
 * @throws Invalid with an error for each field
 */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const read = schema.safeParse(input ?? {});
  if (read.success) return read.data;
  const seen = new Set<string>();
  const fields: FieldError[] = [];
  for (const issue of read.error.issues) {
    const field = issue.path.join('.');
    if (seen.has(field)) continue;
    seen.add(field);
    fields.push({ field, message: issue.message });
  }
  throw new Invalid(fields);
}

/** A path parameter that must be one of our ids. @throws NotFound otherwise */
export function idParam<T extends string>(params: unknown, name: string): T {
  const value = (params as Record<string, string | undefined>)[name] ?? '';
  if (!isUuid(value)) throw new NotFound();
  return value as T;
}

/** Text values of a submitted form, for filling it again. */
export function typed(body: unknown): Typed {
  return Object.fromEntries(
    Object.entries((body ?? {}) as Record<string, unknown>).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

export const requiredText = (message: string, most = 255) =>
  z.string({ error: message }).trim().min(1, message).max(most, `Не больше ${most} знаков`);

export const optionalText = (most = 255) =>
  z
    .string()
    .trim()
    .max(most, `Не больше ${most} знаков`)
    .optional()
    .transform((text) => text || null);

/** A sum in rubles typed by a person, as kopecks. */
export const moneyField = (message = 'Укажите сумму, например 1234,56') =>
  z.string({ error: message }).transform((text, context) => {
    const amount = parseRubles(text);
    if (amount !== null) return amount;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

export const dayField = (message = 'Укажите дату: ДД.ММ.ГГГГ') =>
  z.string({ error: message }).transform((text, context): Day => {
    const read = parseDay(text);
    if (read) return read;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

export const monthField = (message = 'Укажите месяц: ММ.ГГГГ') =>
  z.string({ error: message }).transform((text, context): Month => {
    const read = parseMonth(text);
    if (read) return read;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** An empty field counts as absent. */
export const emptyAsAbsent = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() === '' ? undefined : value), schema.optional());
