import type { Db } from '../../platform/database/database.ts';
import { dayIn } from '../../platform/month.ts';
import { formatDate } from '../../ui/index.ts';
import { readOrganisations } from '../organisations/index.ts';
import { type Answer, type AppealWhole, ASSESSMENTS, OUTCOMES, TEXT_LIMIT } from './appeal.ts';
import type { Escalation, EscalationReason } from './find-escalation.ts';

const REASONS: Readonly<Record<EscalationReason, string>> = {
  overdue: 'Срок ответа прошёл, ответа нет.',
  silent: 'На обращение долго не отвечают.',
  unsatisfied: 'Ответ меня не устраивает.',
  nowhere: 'Обращение закрыли без ответа или передали другим, и отвечать на него больше некому.',
};
const CUT = '… (дальше — в первом обращении)';

/**
 * A complaint in the author's name: why, who handled the first appeal and when, its answers and its text. What does not fit is cut at the
 * end of the longest text: the body sees the first appeal whole.
 * @param whole as the author sees it
 */
export async function complaintText(db: Db, whole: AppealWhole, { reason }: Escalation): Promise<string> {
  const { appeal, answers } = whole;
  const date = (at: Date) => formatDate(dayIn(appeal.zone, at));
  const head = [
    `Прошу рассмотреть жалобу. ${REASONS[reason]}`,
    `Первое обращение № ${appeal.number} от ${date(appeal.sentAt)}`,
    ...(await handlings(db, whole, date)),
    ...assessment(whole),
  ].join('\n');
  const texts = [
    { title: 'Текст первого обращения:', text: appeal.text },
    ...answers.map((answer) => ({ title: titleOf(answer), text: answer.text })),
  ];
  return cutToLimit(head, texts);
}

async function handlings(db: Db, { parts }: AppealWhole, date: (at: Date) => string): Promise<string[]> {
  const cards = await readOrganisations(db, [...new Set(parts.map(({ organisationId }) => organisationId))]);
  const names = new Map(cards.map(({ organisationId, shortName }) => [organisationId, shortName]));
  return parts.map(({ organisationId, receivedAt, registrationNumber, registeredOn, dueOn, closedAt }) =>
    [
      `${names.get(organisationId)}: получено ${date(receivedAt)}`,
      registeredOn && `зарегистрировано ${formatDate(registeredOn)} под № ${registrationNumber}`,
      dueOn && `срок ответа ${formatDate(dueOn)}`,
      closedAt && `закрыто ${date(closedAt)}`,
    ]
      .filter(Boolean)
      .join(', '),
  );
}

function assessment({ appeal, events }: AppealWhole): string[] {
  const comment = events.findLast(({ kind }) => kind === 'assessed')?.details.comment;
  return [
    ...(appeal.assessment
      ? [`Моя оценка: ${ASSESSMENTS[appeal.assessment].toLowerCase()}${comment ? `. ${comment}` : ''}`]
      : []),
    ...(appeal.fixed === false ? ['На самом деле не исправлено.'] : []),
  ];
}

const titleOf = ({ number, answeredOn, outcome }: Answer): string =>
  `Ответ № ${number} от ${formatDate(answeredOn!)} (${OUTCOMES[outcome!].toLowerCase()}):`;

/** Gives each text the same room; what short ones leave goes to the others. */
function cutToLimit(head: string, texts: readonly { title: string; text: string }[]): string {
  const frame = head.length + texts.reduce((sum, { title }) => sum + title.length + 3, 0);
  let room = Math.max(TEXT_LIMIT - frame, 0);
  const cut = texts.map(({ text }) => text);
  const shortestFirst = texts.map((_, index) => index).sort((a, b) => cut[a]!.length - cut[b]!.length);
  for (const [done, index] of shortestFirst.entries()) {
    const share = Math.floor(room / (texts.length - done));
    const text = cut[index]!;
    if (text.length > share) cut[index] = `${text.slice(0, Math.max(share - CUT.length, 0)).trimEnd()}${CUT}`;
    room -= Math.min(text.length, share);
  }
  const body = [head, ...texts.map(({ title }, index) => `${title}\n${cut[index]}`)].join('\n\n');
  return body.slice(0, TEXT_LIMIT).toWellFormed();
}
