import { assessAnswer } from '../../src/modules/appeals/index.ts';
import { addDays, type Day, dayIn, daysBetween } from '../../src/platform/month.ts';
import { nextWorkingDay } from '../../src/platform/rules/rules.ts';
import { at, ZONE } from '../calendar.ts';
import type { PlannedAppeal } from './desk-plan.ts';
import type { Life } from './lives.ts';
import { contextAt, officeDay, type Past } from './past.ts';
import { type Author, addressee, asEmployee } from './people.ts';
import { answer, send, take } from './steps.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** When the job that watches terms finds that the day is past. */
export const dayAfter = (due: Day): Date => at(addDays(due, 1), 0, 10);

/** An appeal of the queue of the managing organisation, as far as it has come by now. */
export async function* deskLife(past: Past, plan: PlannedAppeal, author: Author): Life {
  const { fate, reply } = plan;
  const sentAt = at(plan.sentOn, plan.hour, plan.minute);
  const text = plan.text.replaceAll('{кв}', author.flat);
  const manager = addressee('dubravushka');
  const part = await send(past, author, sentAt, { topicCode: plan.topicCode, text, addressee: manager });
  if (fate === 'new') return;
  const due = part.dueOn!;
  const clerk = asEmployee(plan.byHead ? 'upravlyaev' : 'zayavkina');
  const takenAt = takenAfter(past, sentAt, due);
  if (takenAt > past.now) return;
  if (plan.isAssigned) await take(past, clerk, takenAt, part);
  if (fate === 'overdue' || fate === 'late') yield dayAfter(due);
  if (fate === 'overdue' || fate === 'in work') return;
  const answeredAt = fate === 'late' ? answeredLate(past, due, plan) : answeredInTerm(past, takenAt, due, plan);
  if (answeredAt > past.now) return;
  await answer(past, clerk, answeredAt, part, { outcome: reply[0], text: reply[1] });
  const { assessment } = plan;
  const assessedAt = new Date(answeredAt.getTime() + (plan.pace + 3) * HOUR);
  if (!assessment || assessedAt > past.now) return;
  const comment = assessment === 'full' ? '' : COMMENTS[assessment];
  const { houseId, appealId } = part;
  await assessAnswer(contextAt(past, assessedAt), author.actor, { houseId, appealId, assessment, comment });
}

const COMMENTS = {
  partial: 'Сделали не всё, о чём просили.',
  none: 'Ответили, а на деле ничего не изменилось.',
} as const;

/** Within the hour when the office is open or the term ends today, else next morning. */
function takenAfter(past: Past, sentAt: Date, due: Day): Date {
  const sentOn = dayIn(ZONE, sentAt);
  const closes = at(sentOn, 17).getTime();
  const isOpen = past.calendar.isWorking(sentOn) && sentAt.getTime() < closes;
  const opensOn = isOpen && sentAt >= at(sentOn, 9) ? null : nextOpening(past, sentOn, isOpen);
  if (!opensOn || opensOn > due) return new Date(sentAt.getTime() + 35 * MINUTE);
  return at(opensOn, 9, 20);
}

const nextOpening = (past: Past, sentOn: Day, isOpen: boolean): Day =>
  isOpen ? sentOn : nextWorkingDay(past.calendar, addDays(sentOn, 1));

function answeredInTerm(past: Past, takenAt: Date, due: Day, { pace, minute }: PlannedAppeal): Date {
  const takenOn = dayIn(ZONE, takenAt);
  const on = officeDay(past, addDays(takenOn, Math.floor((daysBetween(takenOn, due) * pace) / 100)));
  if (on > takenOn) return at(on, 10 + (pace % 7), minute);
  const last = at(addDays(takenOn, 1), 0).getTime() - MINUTE;
  return new Date(Math.min(takenAt.getTime() + 2 * HOUR, last));
}

const answeredLate = ({ calendar }: Past, due: Day, { pace, minute }: PlannedAppeal): Date =>
  at(nextWorkingDay(calendar, addDays(due, pace)), 10 + (pace % 7), minute);
