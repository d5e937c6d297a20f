import type { OrganisationId } from '../../../../platform/ids.ts';
import { formatDate } from '../../../../ui/index.ts';
import { type AppealEvent, ASSESSMENTS, EVENT_KINDS, OUTCOMES } from '../../appeal.ts';

/** What one reads under «Раскрыть информацию»: terms with their words. */
export type Told = readonly (readonly [term: string, words: string])[];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const dayWords = (value: unknown): string => (/^\d{4}-\d{2}-\d{2}$/.test(text(value)) ? formatDate(text(value)) : '');
const oneOf = (words: Readonly<Record<string, string>>, value: unknown): string =>
  Object.hasOwn(words, text(value)) ? words[text(value)]! : '';

/** Receivers of a redirect stand with their ids, the addressee of a new appeal by its name alone. */
function receivers(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  const names = value.map((one: unknown) =>
    typeof one === 'string' ? one : text((one as { name?: unknown } | null)?.name),
  );
  return names.filter(Boolean).join(', ');
}

/** What the author or a neighbour did. The addressee stands at some of them, and has done none. */
const BY_RESIDENTS: ReadonlySet<AppealEvent['kind']> = new Set([
  'sent',
  'joined',
  'withdrawn',
  'assessed',
  'reopened',
  'escalated',
  'fixed',
]);

/** The organisation that did it; null for what residents did. */
export const doerOf = ({ kind, organisationId }: AppealEvent): OrganisationId | null =>
  BY_RESIDENTS.has(kind) ? null : organisationId;

export function titleOf({ kind, details }: AppealEvent): string {
  if (kind === 'fixed') return details.fixed === true ? 'Автор сообщил: исправлено' : 'Автор сообщил: не исправлено';
  if (kind === 'answered' && details.interim === true) return 'Дан промежуточный ответ';
  return EVENT_KINDS[kind];
}

/** The details of an event in words. What an event does not have is left out. */
export function tellEvent(event: AppealEvent): Told {
  const { details, kind, personName } = event;
  const told: [string, string][] = [
    // Who of the organisation did it. What residents did tells no name: neighbours read it too.
    ['Исполнитель', doerOf(event) ? personName : ''],
    ['Номер', kind === 'escalated' || kind === 'sent' ? '' : text(details.number)],
    ['Продолжает обращение', kind === 'sent' && text(details.parentNumber) ? `№ ${text(details.parentNumber)}` : ''],
    ['Новое обращение', kind === 'escalated' && text(details.number) ? `№ ${text(details.number)}` : ''],
    ['Дата регистрации', dayWords(details.on)],
    ['Итог', oneOf(OUTCOMES, details.outcome)],
    ['Кому', receivers(details.to)],
    ['Вне системы', text(details.outside)],
    ['Прежний срок', dayWords(details.from)],
    ['Новый срок', dayWords(details.until)],
    ['Срок ответа', dayWords(details.dueOn)],
    ['Причина', text(details.words)],
    ['Оценка', oneOf(ASSESSMENTS, details.assessment)],
    ['Комментарий', text(details.comment)],
  ];
  return told.filter(([, words]) => words !== '');
}
