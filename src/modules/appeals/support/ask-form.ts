import { z } from 'zod';
import { requiredText, type Typed } from '../../../platform/http/forms.ts';
import { cleanLine, cleanText } from '../clean-text.ts';
import { isMatter, MATTERS, type Matter } from './request.ts';

/** A field that people do not see: who fills it is a program. */
export const TRAP = 'website';

const PATH = /^\/(?!\/)[!-[\]-~]{0,299}$/;

/** The path alone: what stood after «?» may say more than the support has to know. */
export function pathFrom(text: string | undefined): string {
  const path = (text ?? '').split(/[?#]/)[0]!;
  return PATH.test(path) ? path : '';
}

/** Lines end alike wherever they were typed, and nothing unseen turns them round. */
const longText = (message: string) =>
  z
    .string({ error: message })
    .transform((text) => cleanText(text).trim())
    .pipe(z.string().min(1, message).max(10_000, 'Не больше 10 000 знаков'));

/** The same of one line. */
export const shortText = (message: string, most: number) =>
  z
    .string({ error: message })
    .transform(cleanLine)
    .pipe(z.string().min(1, message).max(most, `Не больше ${most} знаков`));

export const askForm = z.object({
  kind: requiredText('Выберите, о чём вопрос', 10),
  subject: shortText('Назовите вопрос в нескольких словах', 250),
  text: longText('Опишите, что случилось'),
  // Taken from the profile of those who have signed in.
  name: z.string().transform(cleanLine).pipe(z.string().max(300, 'Не больше 300 знаков')).optional(),
  email: z
    .string({ error: 'Укажите адрес почты: туда придёт ответ' })
    .trim()
    .min(1, 'Укажите адрес почты: туда придёт ответ')
    .max(254, 'Не больше 254 знаков')
    .pipe(z.email('Проверьте адрес почты: например, anna@mail.ru')),
  page: z.string().optional().transform(pathFrom),
  [TRAP]: z.literal('', { error: 'Оставьте это поле пустым' }).optional(),
});

export const messageForm = z.object({ text: longText('Напишите сообщение') });

/** What a link fills in: `/support?about=organisation&name=…&page=/appeals`. */
export function prefilled(query: Typed, referer: string | undefined, publicUrl: string): Typed & { about?: Matter } {
  const about = isMatter(query.about ?? '') ? (query.about as Matter) : undefined;
  const matter = about && MATTERS[about];
  const name = query.name?.trim().slice(0, 200) ?? '';
  const from = referer?.startsWith(`${publicUrl}/`) ? referer.slice(publicUrl.length) : '';
  const path = pathFrom(query.page) || pathFrom(from);
  return {
    ...(about && { about }),
    kind: matter?.kindCode ?? '',
    subject: [matter?.subject, name].filter(Boolean).join(': '),
    page: path === '/support' ? '' : path,
  };
}
