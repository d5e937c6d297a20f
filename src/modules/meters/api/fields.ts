import { z } from 'zod';
import { MOST_ITEMS } from '../../../platform/api/read.ts';
import { isUuid } from '../../../platform/ids.ts';
import type { Day, Month } from '../../../platform/month.ts';
import { parseReading, RESOURCE_NAMES, RESOURCES } from '../meter.ts';

/** Fields that requests and answers share. PostgreSQL knows no year 0; a wrong century is a slip. */

const listed = (names: Readonly<Record<string, string>>) =>
  Object.entries(names)
    .map(([code, name]) => `${code} ${name}`)
    .join(', ');

export const uuid = <Id extends string>() =>
  z
    .string()
    .refine(isUuid, 'Нужен идентификатор вида 019ab000-0000-7000-8000-000000000000')
    .transform((text) => text as Id)
    .meta({ format: 'uuid' });

export const day = z.iso
  .date('Нужна дата вида 2026-11-20')
  .regex(/^(19|20)/, 'Проверьте год')
  .transform((text) => text as Day);

export const month = z
  .string()
  .regex(/^(19|20)\d{2}-(0[1-9]|1[0-2])$/, 'Нужен месяц вида 2026-11')
  .transform((text) => text as Month)
  .meta({ example: '2026-11' });

export const resource = z.enum(RESOURCES).meta({ description: `НСИ 2: ${listed(RESOURCE_NAMES)}` });

/** Text, as the state's schema has it: a JSON number would lose digits on its way. */
export const value = z
  .string('Показание передаётся строкой, например "123.456"')
  .max(40)
  .transform((text, issues) => {
    const read = parseReading(text);
    if (read !== null) return read;
    issues.addIssue({ code: 'custom', message: 'Показание: до 15 цифр и до 7 знаков после точки' });
    return z.NEVER;
  })
  .meta({ example: '123.456' });

export const readingId = z.string().meta({ description: 'Номер показания, как его дал Домовой' });

export const limit = z.coerce
  .number('Сколько строк: от 1 до 1000')
  .int()
  .min(1)
  .max(MOST_ITEMS)
  .default(200)
  .meta({ description: 'Строк на странице' });

export const after = z
  .string()
  .max(200)
  .optional()
  .meta({ description: 'Значение next прошлой страницы: без него — с начала' });

export const next = z
  .string()
  .nullable()
  .meta({ description: 'Передайте его в after, чтобы получить следующую страницу; null — дальше ничего нет' });

export const callKey = z.object({
  'idempotency-key': z
    .string('Нужен заголовок Idempotency-Key')
    .regex(/^[\x21-\x7e]{8,200}$/, 'Idempotency-Key: от 8 до 200 латинских знаков без пробелов')
    .meta({ description: 'Свой для каждого вызова, например UUID. Повтор с тем же ключом и телом дают тот же ответ.' }),
});
