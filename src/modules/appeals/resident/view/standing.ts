import { type Day, dayIn } from '../../../../platform/month.ts';
import { formatDate, formatDateTime, formatDayMonth, type TimelineItem } from '../../../../ui/index.ts';
import { type Appeal, type AppealWhole, AUTHOR_STATES, isOpen, OUTCOMES, type Part } from '../../appeal.ts';
import { daysLeft, isPast } from './words.ts';

/** How an appeal stands today, in one sentence: what the person came for. */
export interface Standing {
  words: string;
  isLate: boolean;
}

export const isLate = (part: Part, today: Day): boolean =>
  isOpen(part.state) && (part.overdueAt !== null || isPast(part.dueOn, today));

export function standingOf(whole: AppealWhole, names: ReadonlyMap<string, string>, now: Date): Standing {
  const { appeal, parts } = whole;
  const today = dayIn(appeal.zone, now);
  const late = parts.some((part) => isLate(part, today));
  if (appeal.state === 'withdrawn') return { words: 'Обращение отозвано: отвечать на него не будут.', isLate: false };
  if (appeal.state === 'outside') return { words: outsideWords(whole), isLate: false };
  if (appeal.state === 'executed') return { words: endOf(whole), isLate: false };
  const open = parts.filter(({ state }) => isOpen(state));
  const next = open.filter(({ dueOn }) => dueOn !== null).sort((a, b) => a.dueOn!.localeCompare(b.dueOn!))[0];
  if (!next?.dueOn) {
    const who = open.map(({ organisationId }) => names.get(organisationId)).filter(Boolean);
    return {
      words: `Ждём ответа: ${who.join(', ')}. Срок ответа законом не установлен.`,
      isLate: late,
    };
  }
  const who = names.get(next.organisationId) ?? 'Адресат';
  const must = isPast(next.dueOn, today) ? 'должны были ответить' : 'должны ответить';
  return { words: `${who}: ${must} до ${formatDate(next.dueOn)}, ${daysLeft(next.dueOn, today)}.`, isLate: late };
}

/** Who has it now, and what to expect: nothing more happens here. */
export function outsideWords({ events }: Pick<AppealWhole, 'events'>): string {
  const outside = events.findLast(({ details }) => typeof details.outside === 'string')?.details.outside;
  return `Обращение передано вне системы${outside ? `: ${outside}` : ''}. Ответ придёт оттуда по почте или на e-mail, не в личный кабинет, и срок его здесь не виден.`;
}

function endOf({ appeal, answers, events }: AppealWhole): string {
  // Of several addressees the one who began to write last is not the one who answered last.
  const last = [...answers].sort((a, b) => a.sentAt!.getTime() - b.sentAt!.getTime()).at(-1);
  const waived = events.findLast(({ kind }) => kind === 'answer_not_required');
  if (!last || (waived?.partId === last.partId && waived.at >= last.sentAt!))
    return 'Обращение закрыто: ответ не требуется. Причина ниже.';
  const outcome = last.outcome ? `: ${OUTCOMES[last.outcome].toLowerCase()}` : '';
  return `Ответ получен ${formatDate(last.sentAt ?? appeal.changedAt, appeal.zone)}${outcome}`;
}

/** The line of states with their days (U-16). */
export function waysOf({ appeal, parts }: AppealWhole): TimelineItem[] {
  const registered = parts.flatMap(({ registeredOn }) => registeredOn ?? []).sort()[0];
  const sent: TimelineItem = {
    title: 'Отправлено',
    when: formatDateTime(appeal.sentAt, appeal.zone),
    state: appeal.state === 'sent' ? 'current' : 'done',
  };
  const inWork: TimelineItem = {
    title: 'В работе',
    when: registered ? `зарегистрировано ${formatDayMonth(registered)}` : 'зарегистрируют и назначат исполнителя',
    state: appeal.state === 'in_work' ? 'current' : registered ? 'done' : 'future',
  };
  if (appeal.state === 'withdrawn' || appeal.state === 'outside')
    return [
      sent,
      ...(registered ? [inWork] : []),
      {
        title: AUTHOR_STATES[appeal.state],
        when: endDay(appeal, parts),
        state: appeal.state === 'withdrawn' ? 'refused' : 'done',
      },
    ];
  const done = appeal.state === 'executed';
  return [
    sent,
    inWork,
    {
      title: 'Исполнено',
      when: done && appeal.executedAt ? formatDate(appeal.executedAt, appeal.zone) : 'когда дадут ответ',
      state: done ? 'done' : 'future',
    },
  ];
}

function endDay(appeal: Appeal, parts: readonly Part[]): string {
  const ends = parts.flatMap(({ closedAt }) => closedAt ?? []).sort((a, b) => b.getTime() - a.getTime());
  return formatDate(ends[0] ?? appeal.changedAt, appeal.zone);
}
