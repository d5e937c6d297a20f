import { z } from 'zod';
import { EMPLOYEE_ROLES } from '../../../platform/access.ts';
import { emptyAsAbsent, requiredText } from '../../../platform/http/forms.ts';
import { isOneAddress } from '../../../platform/mail/mail.ts';
import { parseDay } from '../../../platform/month.ts';

const until = emptyAsAbsent(
  z.string().transform((text, issues) => {
    const read = parseDay(text);
    if (read) return read;
    issues.addIssue({ code: 'custom', message: 'Последний день работы: ДД.ММ.ГГГГ' });
    return z.NEVER;
  }),
).transform((day) => day ?? null);

const work = {
  role: z.enum(EMPLOYEE_ROLES, { error: 'Выберите роль' }),
  until,
  houses: z.enum(['all', 'some'], { error: 'Выберите, какие дома открыть' }).default('all'),
};

/** What the head gives an employee. */
export const workForm = z.object(work);
export type WorkForm = z.output<typeof workForm>;

/** The same, offered to somebody by a letter. The name is what the account of whoever accepts must say. */
export const invitationForm = z.object({
  email: z
    .string({ error: 'Укажите почту' })
    .trim()
    .max(255, 'Не больше 255 знаков')
    .refine(isOneAddress, 'Адрес почты выглядит так: anna@example.ru'),
  familyName: requiredText('Укажите фамилию', 256),
  givenName: requiredText('Укажите имя', 256),
  ...work,
});
export type InvitationForm = z.output<typeof invitationForm>;

export const dismissalForm = z.object({
  reason: requiredText('Напишите причину: её прочтут в письме', 500).refine(
    (text) => text.length >= 3,
    'Напишите причину: её прочтут в письме',
  ),
});
