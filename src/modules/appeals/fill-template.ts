import { dayIn } from '../../platform/month.ts';
import { formatDate } from '../../ui/format.ts';
import type { Appeal, Part } from './appeal.ts';
import type { AnswerTemplate } from './queries/templates.ts';

/** What may stand in braces in a template, and what it becomes. */
export const PLACEHOLDERS = {
  'имя отчество': 'имя и отчество автора',
  'фамилия имя отчество': 'автор полностью',
  номер: 'номер обращения',
  дата: 'сегодняшнее число',
  'дата обращения': 'день, когда обращение отправлено',
  адрес: 'дом или территория, о которых пишут',
  квартира: 'квартира автора',
  тема: 'тема обращения',
  'входящий номер': 'номер регистрации у вас',
  срок: 'последний день ответа',
  организация: 'название вашей организации',
  исполнитель: 'имя того, кто отвечает',
} as const;
type Placeholder = keyof typeof PLACEHOLDERS;

const IN_BRACES = /\{([^{}\n]{1,60})\}/g;
const nameOf = (inside: string): string => inside.trim().toLowerCase().replace(/\s+/g, ' ');
const isPlaceholder = (name: string): name is Placeholder => Object.hasOwn(PLACEHOLDERS, name);

/** Words in braces that mean nothing: the author would read them as they are. */
export const unknownPlaceholders = (text: string): string[] =>
  [
    ...new Set(
      Array.from(text.matchAll(IN_BRACES), ([whole, inside]) => (isPlaceholder(nameOf(inside!)) ? '' : whole)),
    ),
  ].filter(Boolean);

export interface TemplateFacts {
  appeal: Appeal;
  part: Part;
  organisation: string;
  performer: string;
  at: Date;
}

/** A template's text for one appeal. What an author wrote is put in as it is: braces in it are not looked at again. */
export function fillTemplate(text: string, facts: TemplateFacts): string {
  const values = valuesOf(facts);
  return text.replace(IN_BRACES, (whole, inside: string, at: number) => {
    const name = nameOf(inside);
    if (!isPlaceholder(name)) return whole;
    // A date ends with «г.»: the full stop of the sentence would be a second one.
    return text[at + whole.length] === '.' ? values[name].replace(/\.$/, '') : values[name];
  });
}

function valuesOf({ appeal, part, organisation, performer, at }: TemplateFacts): Record<Placeholder, string> {
  const plain = (day: string) => formatDate(day).replaceAll('\u00a0', ' ');
  return {
    'имя отчество': [appeal.givenName, appeal.middleName].filter(Boolean).join(' '),
    'фамилия имя отчество': [appeal.familyName, appeal.givenName, appeal.middleName].filter(Boolean).join(' '),
    номер: appeal.number,
    дата: plain(dayIn(appeal.zone, at)),
    'дата обращения': plain(dayIn(appeal.zone, appeal.sentAt)),
    адрес: appeal.address,
    квартира: appeal.flat,
    тема: appeal.ownTopic || appeal.topicName,
    'входящий номер': part.registrationNumber ?? '',
    срок: part.dueOn ? plain(part.dueOn) : '',
    организация: organisation,
    исполнитель: performer,
  };
}

/** Templates that suit a topic: of the very topic first, then of its group, then those for all. */
export function templatesFor(templates: readonly AnswerTemplate[], topicCode: string): AnswerTemplate[] {
  const rank = ({ topicCode: own }: AnswerTemplate) =>
    own === topicCode ? 0 : own === '' ? 2 : topicCode.startsWith(`${own}.`) ? 1 : 3;
  return templates.filter((one) => rank(one) < 3).sort((a, b) => rank(a) - rank(b));
}
