import { z } from 'zod';
import { DELEGATED_WORKS, type DelegatedWork } from '../../../platform/access.ts';
import { dayField, requiredText, type Typed } from '../../../platform/http/forms.ts';

export const WORK_NAMES: Readonly<Record<DelegatedWork, string>> = {
  accounts: 'Лицевые счета',
  bills: 'Квитанции',
  readings: 'Показания приборов',
  claims: 'Заявки на подключение',
};
export const WORK_HINTS: Readonly<Record<DelegatedWork, string>> = {
  accounts: 'Загрузка файлов с лицевыми счетами',
  bills: 'Загрузка файлов с начислениями',
  readings: 'Загрузка файлов с показаниями',
  claims: 'Решения по заявкам жителей на подключение счёта',
};

export const workField = (work: DelegatedWork): string => `work_${work}`;

/** Works are boxes of a name each: of equal names a form brings the first alone. */
export const delegationForm = z
  .looseObject({
    number: z
      .string({ error: 'Укажите ИНН или ОГРН расчётного центра' })
      .transform((text) => text.replace(/[\s\u00a0-]/g, ''))
      .refine((text) => /^(\d{10}|\d{12}|\d{13}|\d{15})$/.test(text), 'ИНН — 10 или 12 цифр, ОГРН — 13 или 15'),
    from: dayField('Укажите первый день: ДД.ММ.ГГГГ'),
    to: dayField('Укажите последний день: ДД.ММ.ГГГГ'),
  })
  .transform(({ number, from, to, ...rest }, issues) => {
    const works = DELEGATED_WORKS.filter((work) => (rest as Typed)[workField(work)] === '1');
    if (works.length === 0) issues.addIssue({ code: 'custom', path: ['works'], message: 'Отметьте, что поручаете' });
    if (to < from) issues.addIssue({ code: 'custom', path: ['to'], message: 'Последний день раньше первого' });
    return { number, from, to, works };
  });
export type DelegationForm = z.output<typeof delegationForm>;

export const revocationForm = z.object({
  reason: requiredText('Напишите причину: её прочтёт расчётный центр', 500),
});
