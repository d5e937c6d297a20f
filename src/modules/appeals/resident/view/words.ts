import { type Day, daysBetween } from '../../../../platform/month.ts';
import { counted, type StatusTone } from '../../../../ui/index.ts';
import type { AppealState, PartState } from '../../appeal.ts';
import type { Escalation } from '../../find-escalation.ts';
import { INSPECTORATE } from '../../topics.ts';

export const STATE_TONES: Readonly<Record<AppealState | PartState | 'draft', StatusTone>> = {
  draft: 'neutral',
  sent: 'info',
  received: 'info',
  in_work: 'waiting',
  executed: 'good',
  withdrawn: 'neutral',
  redirected: 'neutral',
  outside: 'neutral',
};

const DAYS = ['день', 'дня', 'дней'] as const;

export const isPast = (dueOn: Day | null, today: Day): boolean => dueOn !== null && dueOn < today;

/** «осталось 5 дней», «сегодня последний день», «просрочено на 2 дня»: calendar days, whatever the term was counted in. */
export function daysLeft(dueOn: Day, today: Day): string {
  const days = daysBetween(today, dueOn);
  if (days < 0) return `просрочено на ${counted(-days, DAYS)}`;
  return days === 0 ? 'сегодня последний день' : `осталось ${counted(days, DAYS)}`;
}

/** Names of bodies cannot be declined by a program: after «в» stands what the body is. */
export const bodyWords = ({ body }: Pick<Escalation, 'body'>): string =>
  body.powerCode === INSPECTORATE ? 'жилищную инспекцию' : 'вышестоящий орган';
