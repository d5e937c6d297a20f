import { z } from 'zod';
import { emptyAsAbsent, optionalText, requiredText, type Typed } from '../../platform/http/forms.ts';
import { parseDay } from '../../platform/month.ts';
import { isBankAccount, isCorrespondentAccount, isInn, isKpp, isOgrn } from './checksums.ts';
import type { OrganisationCard } from './organisation.ts';
import type { OrganisationTable } from './tables.ts';

const orNull = <T>(value: T | undefined): T | null => value ?? null;
const digits = (text: string) => text.replace(/[\s\u00a0-]/g, '');

const phone = emptyAsAbsent(
  z
    .string()
    .trim()
    .max(100)
    .regex(/^[\d\s\u00a0+(),;.доб-]{5,100}$/i, 'Телефон — цифрами, например +7 495 123-45-67'),
).transform(orNull);

const email = emptyAsAbsent(
  z.string().trim().max(255).pipe(z.email('Адрес почты выглядит так: dom@example.ru')),
).transform(orNull);

/** «www.dom.ru» is understood; only web addresses are kept, so that a card never leads to a script. */
const site = emptyAsAbsent(
  z
    .string()
    .trim()
    .max(255)
    .transform((text) => (/^[a-z][a-z\d+.-]*:/i.test(text) ? text : `https://${text}`))
    .refine((text) => /^https?:\/\/[^\s/?#]+\.[^\s/?#]+/i.test(text), 'Адрес сайта выглядит так: https://example.ru'),
).transform(orNull);

const registeredOn = emptyAsAbsent(
  z.string().transform((text, issues) => {
    const read = parseDay(text);
    if (read) return read as string;
    issues.addIssue({ code: 'custom', message: 'Дата регистрации: ДД.ММ.ГГГГ' });
    return z.NEVER;
  }),
).transform(orNull);

const inn = z
  .string({ error: 'Укажите ИНН' })
  .transform(digits)
  .refine((text) => text !== '', { error: 'Укажите ИНН', abort: true })
  .refine(isInn, 'ИНН не проходит проверку: в нём 10 цифр (у предпринимателя — 12), последние — контрольные');

/** What an organisation says of itself. */
const own = {
  full_name: requiredText('Укажите полное наименование', 1000),
  short_name: requiredText('Укажите краткое наименование', 300),
  inn,
  registered_on: registeredOn,
  legal_address: optionalText(500),
  actual_address: optionalText(500),
  postal_address: optionalText(500),
  phone,
  fax: phone,
  email,
  site,
  dispatcher_phone: phone,
  dispatcher_hours: optionalText(255),
  reception_hours: optionalText(500),
};

export const ownCardForm = z.object(own);
export type OwnCardForm = z.output<typeof ownCardForm>;

/** The administrator's form: also what names the organisation in the state's registers. */
export const organisationForm = z
  .object({
    ...own,
    kind: z.enum(['legal', 'entrepreneur', 'branch', 'foreign_branch'], { error: 'Выберите вид' }),
    ogrn: z
      .string({ error: 'Укажите ОГРН' })
      .transform(digits)
      .refine(isOgrn, 'ОГРН не проходит проверку: в нём 13 цифр (ОГРНИП — 15), последняя — контрольная'),
    kpp: z
      .string()
      .default('')
      .transform((text) => digits(text).toUpperCase())
      .refine((text) => text === '' || isKpp(text), 'КПП — девять знаков, например 770201001'),
    region_code: emptyAsAbsent(z.string().regex(/^\d{2}$/)).transform(orNull),
  })
  .superRefine((form, issues) => {
    const wrong = (field: string, message: string) => issues.addIssue({ code: 'custom', path: [field], message });
    const isPerson = form.kind === 'entrepreneur';
    if (form.ogrn.length !== (isPerson ? 15 : 13))
      wrong('ogrn', isPerson ? 'У предпринимателя ОГРНИП из 15 цифр' : 'У организации ОГРН из 13 цифр');
    if (form.inn.length !== (isPerson ? 12 : 10))
      wrong('inn', isPerson ? 'У предпринимателя ИНН из 12 цифр' : 'У организации ИНН из 10 цифр');
    if (isPerson && form.kpp) wrong('kpp', 'У предпринимателя КПП не бывает: оставьте поле пустым');
    if (!isPerson && !form.kpp) wrong('kpp', 'Укажите КПП: девять знаков, например 770201001');
  });
export type OrganisationForm = z.output<typeof organisationForm>;

/** A set of bank requisites. The account is checked against the БИК of its bank. */
export const requisiteForm = z
  .object({
    bankAccount: z
      .string({ error: 'Укажите номер счёта' })
      .transform(digits)
      .refine((text) => /^\d{20}$/.test(text), 'В номере счёта 20 цифр'),
    bik: z
      .string({ error: 'Укажите БИК' })
      .transform(digits)
      .refine((text) => /^\d{9}$/.test(text), 'БИК — девять цифр'),
    bankName: requiredText('Укажите название банка', 255),
    correspondentAccount: emptyAsAbsent(
      z
        .string()
        .transform(digits)
        .refine((text) => /^\d{20}$/.test(text), 'В номере корреспондентского счёта 20 цифр'),
    ).transform(orNull),
  })
  .superRefine((form, issues) => {
    const wrong = (field: string, message: string) => issues.addIssue({ code: 'custom', path: [field], message });
    if (!isBankAccount(form.bankAccount, form.bik))
      wrong('bankAccount', 'Номер счёта не подходит к этому БИК: контрольная цифра не сходится. Проверьте оба номера');
    if (form.correspondentAccount && !isCorrespondentAccount(form.correspondentAccount, form.bik))
      wrong('correspondentAccount', 'Корреспондентский счёт не подходит к этому БИК. Проверьте оба номера');
  });

const FIELDS = [
  'kind',
  'ogrn',
  'kpp',
  'region_code',
  ...(Object.keys(own) as (keyof typeof own)[]),
] as const satisfies readonly (keyof OrganisationCard)[];

/** What the form shows before anything is typed. */
export function typedOf(card: { [Field in (typeof FIELDS)[number]]: OrganisationTable[Field] | string }): Typed {
  const values: Typed = {};
  for (const field of FIELDS) values[field] = (card[field] as string | null) ?? '';
  if (values.registered_on) values.registered_on = values.registered_on.split('-').reverse().join('.');
  return values;
}
