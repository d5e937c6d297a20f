import { type Day, dayIn, daysBetween } from '../../../platform/month.ts';
import { counted, formatDayMonth, formatTime, Status } from '../../../ui/index.ts';
import type { AppealState, PartState } from '../appeal.ts';
import { AUTHOR_STATES, PART_STATES } from '../appeal.ts';
import type { DeskLine } from '../queries/desk.ts';

const DAYS = ['день', 'дня', 'дней'] as const;
/** From so many days on a term is near. */
const NEAR = 2;

/** How much of the term is left, in words; the colour only repeats them. */
export function TermStatus({ dueOn, today }: { dueOn: Day | null; today: Day }) {
  if (!dueOn) return <Status tone="neutral">Срок не установлен</Status>;
  const left = daysBetween(today, dueOn);
  if (left < 0) return <Status tone="danger">Просрочено на {counted(-left, DAYS)}</Status>;
  if (left === 0) return <Status tone="warn">Сегодня последний день</Status>;
  return (
    <Status tone={left <= NEAR ? 'warn' : 'waiting'}>
      до {formatDayMonth(dueOn)}, {counted(left, DAYS)}
    </Status>
  );
}

export const stateWord = (state: PartState | AppealState): string =>
  PART_STATES[state as PartState] ?? AUTHOR_STATES[state as AppealState];

function emergencyWords({ firstDueAt, zone }: DeskLine, now: Date): string {
  if (!firstDueAt) return 'Авария';
  return firstDueAt <= now ? 'Авария: первые меры просрочены' : `Авария: до ${formatTime(firstDueAt, zone)}`;
}

/** What a row stands out by, in words. */
export function Marks({ line, now }: { line: DeskLine; now: Date }) {
  return (
    <>
      {line.emergency && line.isOpen && <Status tone="danger">{emergencyWords(line, now)}</Status>}
      {line.kind === 'request' && <Status tone="info">Запрос инспекции</Status>}
      {line.escalated && <Status tone="warn">Жалоба по прежнему обращению</Status>}
      {line.reopened && <Status tone="warn">Автор не согласен с ответом</Status>}
      {line.joined > 0 && (
        <Status tone="info" icon="users">
          Совместное: ещё {line.joined}
        </Status>
      )}
    </>
  );
}

/** The term of a row by the clock of its place. */
export function LineStatus({ line, now }: { line: DeskLine; now: Date }) {
  if (line.isOpen) return <TermStatus dueOn={line.dueOn} today={dayIn(line.zone, now)} />;
  return <Status tone={line.state === 'executed' ? 'good' : 'neutral'}>{stateWord(line.state)}</Status>;
}
