import { z } from 'zod';
import { type FieldError, Invalid, TooLarge } from '../errors.ts';

/** Rows of one call, whatever they are. */
export const MOST_ITEMS = 1_000;

const { localeError } = z.locales.ru();
const TYPES: Readonly<Record<string, string>> = {
  string: 'текст',
  number: 'число',
  int: 'целое число',
  boolean: 'true или false',
  array: 'список',
  object: 'объект JSON',
};

/** What is wrong, for people who know JSON and not our library; what is not named here is said by the library. */
const errorWords: typeof localeError = (issue) => {
  const missing = issue.input === undefined;
  if (issue.code === 'invalid_type' && TYPES[issue.expected])
    return `${missing ? 'Обязательное поле' : 'Ожидается'}: ${TYPES[issue.expected]}`;
  if (issue.code === 'invalid_value')
    return `${missing ? 'Обязательное поле, одно из' : 'Ожидается одно из'}: ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small' && issue.origin === 'string')
    return issue.minimum === 1 ? 'Пустое значение' : `Слишком коротко: нужно знаков не меньше ${issue.minimum}`;
  if (issue.code === 'too_big' && issue.origin === 'string')
    return `Слишком длинно: нужно знаков не больше ${issue.maximum}`;
  return localeError(issue);
};

/** Names come from outside, and the answer may be kept in the database. */
const unknownFields = (keys: readonly string[]) =>
  `Таких полей нет: ${keys
    .slice(0, 5)
    .map((key) => key.slice(0, 40).replace(/[\p{Cc}\p{Cs}]/gu, '?'))
    .join(', ')}`;

/** An object without other fields than the named: a slip in a name is an error, not a value that is silently lost. */
export const exactly = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownFields(issue.keys) : 'Здесь нужен объект JSON'),
  });

/** Text of one line; control characters and halves of letters are refused: PostgreSQL holds neither NUL nor them. */
export const line = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Управляющие знаки не принимаются');

/**
 * A list whose items are judged one by one by `readItem`, so that a wrong one holds up no other. The description of the API still names
 * the schema of an item.
 */
export const listOf = (item: z.ZodType) =>
  z
    .array(z.unknown().meta(jsonSchemaOf(item, 'input')))
    .min(1, 'Список пуст')
    .max(MOST_ITEMS);

export type ReadItem<Item> = { ok: true; item: Item } | { ok: false; errors: FieldError[] };

export function readItem<Schema extends z.ZodType>(schema: Schema, raw: unknown): ReadItem<z.output<Schema>> {
  const read = schema.safeParse(raw, { error: errorWords });
  return read.success ? { ok: true, item: read.data } : { ok: false, errors: errorsOf(read.error) };
}

/** @throws TooLarge when a list is too long; Invalid with an error for each field */
export function readInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const read = schema.safeParse(input, { error: errorWords });
  if (read.success) return read.data;
  if (read.error.issues.some((issue) => issue.code === 'too_big' && issue.origin === 'array'))
    throw new TooLarge('В одном запросе не больше 1000 записей: разделите их на несколько запросов.');
  throw new Invalid(errorsOf(read.error));
}

/** The first error of each field, at most twenty: a wrong file has the same error everywhere. */
function errorsOf(error: z.ZodError): FieldError[] {
  const first = new Map<string, string>();
  for (const { path, message } of error.issues) {
    const field = path.join('.');
    if (!first.has(field)) first.set(field, message);
  }
  return Array.from(first, ([field, message]) => ({ field, message })).slice(0, 20);
}

/** The schema as OpenAPI 3.1 takes it. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io });
  return json;
}
