import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import type { ScheduledJob } from '../../platform/jobs/jobs.ts';
import { dayIn, startOfDay } from '../../platform/month.ts';
import { addWorkingDays, getRule } from '../../platform/rules/rules.ts';
import { formatDate, formatDateTime } from '../../ui/index.ts';
import { readOrganisation } from '../organisations/index.ts';
import { type Appeal, isOpen, type Part } from './appeal.ts';
import { findEscalation } from './find-escalation.ts';
import { writeToAuthor, writeToOrganisation } from './letters.ts';
import { type Look, lookAtTerm } from './look-at-term.ts';
import { placeOf } from './open-part.ts';
import { deskAppealPath, escalationPath } from './paths.ts';
import { projectUncounted } from './project-appeal.ts';
import type { DeskRow } from './queries/projections.ts';
import { lockAppeal, selectAppeal, selectAppealWhole, selectOwnPart } from './queries/read-appeals.ts';
import { type DuePart, selectDueParts, selectLook } from './queries/watch.ts';
import { updatePart } from './queries/write-appeals.ts';
import { recordEvent } from './record-event.ts';
import { recountLater } from './recount-desk.ts';

const BATCH = 200;
/** Appeals of one organisation that one transaction holds, and one letter names. */
const TOGETHER = 20;

/**
 * Reminds addressees of terms and marks those that have passed, for both sides. What was done is written with the time of the next look,
 * so a run that is killed, or that runs twice, does nothing twice.
 */
export async function watchTerms(context: Context): Promise<void> {
  const by = context.clock();
  let failed: unknown;
  for (let after: DuePart | null = null; ; ) {
    const due: DuePart[] = await selectDueParts(context.db, { by, after, limit: BATCH });
    for (const [organisationId, parts] of Map.groupBy(due, (part) => part.organisationId))
      for (let from = 0; from < parts.length; from += TOGETHER)
        try {
          await lookTogether(context, organisationId, parts.slice(from, from + TOGETHER), by);
        } catch (error) {
          // One appeal that cannot be looked at keeps no other from its letter; the job fails in the end and is seen.
          context.log.error({ err: error, organisationId }, 'terms of appeals could not be looked at');
          failed ??= error;
        }
    if (due.length < BATCH) break;
    after = due.at(-1)!;
  }
  if (failed) throw failed;
}

/** Appeals are taken in one order, so that two runs never wait for each other crosswise. */
const inOrder = (a: DuePart, b: DuePart) =>
  a.houseId.localeCompare(b.houseId) || a.appealId.localeCompare(b.appealId) || a.partId.localeCompare(b.partId);

async function lookTogether(
  context: Context,
  organisationId: OrganisationId,
  due: readonly DuePart[],
  at: Date,
): Promise<void> {
  await transaction(context.db, async (trx) => {
    const told: { appeal: Appeal; line: string }[] = [];
    const changed: DeskRow[] = [];
    const keys = [...due].sort(inOrder);
    // All of them before anything else is held: whoever has one of them may wait for the rest of what is written here.
    for (const key of keys) await lockAppeal(trx, key);
    for (const key of keys) {
      const look = await lookAtPart(context, trx, key, at);
      if (look?.line) told.push(look);
      changed.push(...(look?.rows ?? []));
    }
    await recountLater(trx, changed, at);
    if (told.length > 0) await writeToOrganisation(context, trx, organisationId, letterOf(told), at);
  });
}

/** Of one appeal the letter leads to it, of several to the queue. */
function letterOf(told: readonly { appeal: Appeal; line: string }[]) {
  const lines = [told.map(({ line }) => line).join('\n')];
  const { appeal } = told[0]!;
  return told.length > 1
    ? { subject: `Сроки ответов: ${told.length}`, lines }
    : { subject: `Срок ответа на обращение № ${appeal.number}`, lines, path: deskAppealPath(appeal) };
}

/** @returns what the addressee is told, and the rows of desks that it changed; null when there is nothing to look at */
async function lookAtPart(
  context: Context,
  trx: Transaction,
  key: DuePart,
  at: Date,
): Promise<{ appeal: Appeal; line: string; rows: DeskRow[] } | null> {
  const appeal = await selectAppeal(trx, key);
  const part = appeal && (await selectOwnPart(trx, key, key.organisationId));
  if (!part) return null;
  const known = await selectLook(trx, key);
  if (!known?.lookAt || known.lookAt > at) return null;
  const look = isOpen(part.state) ? await lookOf(trx, appeal, part, known.termFrom, at) : NOTHING;
  const isNew = look.isOverdue && part.overdueAt === null;
  await updatePart(trx, key, {
    look_at: nextLook(part, look, at),
    ...(look.remind !== null && { reminded: look.remind }),
    ...(isNew && { overdue_at: at }),
  });
  const rows = isNew ? await markOverdue(context, trx, appeal, part, at) : [];
  const lines = [
    isIdle(part, known.lookAt, at) ? idleLine(appeal, part) : '',
    look.remind === null ? '' : lineOf(appeal, part, look),
  ].filter(Boolean);
  return { appeal, line: lines.join('\n'), rows };
}

/** The first duty (localising, inspecting) has its own moment: it is looked at once, while nobody has taken the appeal up. */
const isIdle = ({ state, dueAt }: Part, lookAt: Date, at: Date): boolean =>
  state === 'received' && dueAt !== null && lookAt <= dueAt && dueAt <= at;

function nextLook({ state, dueAt }: Part, { next }: Look, at: Date): Date | null {
  if (state !== 'received' || dueAt === null || dueAt <= at) return next;
  return next && next < dueAt ? next : dueAt;
}

const NOTHING: Look = { isOverdue: false, remind: null, next: null };

async function lookOf(trx: Transaction, appeal: Appeal, part: Part, termFrom: Date | null, at: Date): Promise<Look> {
  const from = termFrom ?? part.receivedAt;
  const place = placeOf(appeal, part.organisationId);
  const today = dayIn(appeal.zone, at);
  const { dueOn, reminded } = part;
  if (dueOn) {
    const { value } = await getRule(trx, 'appeal.remind_percent', today, place);
    return lookAtTerm({ from, dueOn, zone: appeal.zone, reminded }, value.split(',').map(Number), at);
  }
  // No law sets a term: one reminder.
  const days = Number((await getRule(trx, 'appeal.council.remind_days', today, place)).value);
  const moment = startOfDay(appeal.zone, await addWorkingDays(trx, dayIn(appeal.zone, from), days));
  if (reminded > 0) return NOTHING;
  return moment <= at ? { ...NOTHING, remind: 100 } : { ...NOTHING, next: moment };
}

async function markOverdue(
  context: Context,
  trx: Transaction,
  appeal: Appeal,
  part: Part,
  at: Date,
): Promise<DeskRow[]> {
  const isRequest = part.kind === 'request';
  const { partId, organisationId, dueOn } = part;
  await recordEvent(
    trx,
    appeal,
    { kind: 'overdue', partId, organisationId, internal: isRequest, details: { dueOn } },
    at,
  );
  if (!isRequest) {
    const organisation = await readOrganisation(trx, organisationId);
    const whole = await selectAppealWhole(trx, appeal);
    const above = whole && (await findEscalation(trx, whole, at));
    const way =
      above && `Пожаловаться (${above.body.shortName}): ${context.config.PUBLIC_URL}${escalationPath(appeal)}`;
    const letter = {
      subject: `Срок ответа на обращение № ${appeal.number} прошёл`,
      lines: [
        `${organisation?.short_name}: последний день ответа был ${formatDate(dueOn!)}, а ответа нет.`,
        ...(way ? [way] : []),
      ],
    };
    await writeToAuthor(context, trx, appeal, letter);
  }
  return (await projectUncounted(trx, appeal, at, !isRequest)).rows;
}

const idleLine = (appeal: Appeal, { dueAt }: Part): string =>
  `Обращение № ${appeal.number} (${appeal.address}): первый срок, осмотр или устранение опасности, прошёл ${formatDateTime(dueAt!, appeal.zone)}, а обращение ещё никто не принял в работу.`;

function lineOf(appeal: Appeal, { dueOn, kind }: Part, { isOverdue, remind }: Look): string {
  const what = `${kind === 'request' ? 'Запрос инспекции по обращению' : 'Обращение'} № ${appeal.number} (${appeal.address})`;
  if (!dueOn) return `${what}: автор всё ещё ждёт ответа.`;
  if (isOverdue) return `${what}: последний день ответа был ${formatDate(dueOn)}, ответа нет.`;
  return `${what}: прошло ${remind} % срока, ответьте до ${formatDate(dueOn)} включительно.`;
}

export const watchTermsAlways: ScheduledJob = {
  name: 'appeals.watch_terms',
  cron: '*/10 * * * *',
  run: (context) => watchTerms(context),
};
