import { z } from 'zod';
import type { FieldError } from '../errors.ts';
import { Invalid } from '../errors.ts';

/** For what personal data may be opened, by code: the words are shown to whoever opens, and to the person whose data it is. */
export type Purposes = Readonly<Record<string, string>>;

/** Of the employees of an organisation, for its own accounts, premises and files. */
export const STAFF_PURPOSES = {
  request: 'Обращение жителя',
  charges: 'Проверка начислений',
  payment: 'Поиск или проверка платежа',
  meter: 'Проверка прибора или показаний',
  register: 'Сверка реестра собственников и лицевых счетов',
  debt: 'Работа с долгом',
  court: 'Запрос суда, прокуратуры или полиции',
  other: 'Другое',
} as const satisfies Purposes;

/** Says nothing by itself: the person must write. */
const OTHER = 'other';
const LONGEST_NOTE = 200;

const form = z.object({
  purpose: z.string().max(40).optional(),
  note: z
    .string()
    .trim()
    .max(LONGEST_NOTE, `Не больше ${LONGEST_NOTE} знаков`)
    .optional()
    .transform((text) => (text ?? '').replace(/\s+/g, ' ')),
});

export const isPurpose = (purposes: Purposes, code: string | undefined): code is string =>
  code !== undefined && Object.hasOwn(purposes, code);

/**
 * Reads the form that asks for the purpose. @returns the purpose in words: «Проверка начислений: звонок от 12 ноября»
 * @throws Invalid when none of the list is chosen, or «Другое» is not explained
 */
export function readPurpose(purposes: Purposes, body: unknown): string {
  const read = form.safeParse(body ?? {});
  const { purpose, note = '' } = read.success ? read.data : {};
  const errors: FieldError[] = [];
  if (!read.success && read.error.issues.some(({ path }) => path[0] === 'note'))
    errors.push({ field: 'note', message: `Не больше ${LONGEST_NOTE} знаков` });
  else if (!isPurpose(purposes, purpose)) errors.push({ field: 'purpose', message: 'Выберите, для чего' });
  else if (purpose === OTHER && note.length < 5)
    errors.push({ field: 'note', message: 'Напишите, для чего: житель это прочтёт' });
  if (errors.length > 0 || !isPurpose(purposes, purpose)) throw new Invalid(errors);
  const words = purposes[purpose]!;
  if (purpose === OTHER) return note;
  return note ? `${words}: ${note}` : words;
}
