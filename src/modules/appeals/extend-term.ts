import { type Actor, actingFor, authorise, isOpenTo } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { Db } from '../../platform/database/database.ts';
import { Conflict, type FieldError, Invalid, NotFound } from '../../platform/errors.ts';
import { type Day, dayIn } from '../../platform/month.ts';
import { formatDate } from '../../ui/index.ts';
import { readOrganisation } from '../organisations/index.ts';
import { access } from './access.ts';
import { type Appeal, isOpen, type Part } from './appeal.ts';
import { changePart, type GivenFile, happened, isOfAuthor, type PartKey, requireOpen } from './change-part.ts';
import { cleanText } from './clean-text.ts';
import { writeToAll } from './letters.ts';
import { loadTerms } from './load-terms.ts';
import { placeOf } from './open-part.ts';
import { selectAppeal, selectOwnPart } from './queries/read-appeals.ts';
import { updateAppeal, updatePart } from './queries/write-appeals.ts';
import { recordFiles } from './record-files.ts';

export interface Extension extends PartKey {
  until: Day;
  reason: string;
  files: readonly GivenFile[];
}

export type ExtensionLimit = { limit: Day; refusal: null } | { limit: null; refusal: string };

const LONGEST = 1000;

/** The latest day that the term may be extended to; null with the reason when it may not be. */
export async function readExtensionLimit(context: Context, actor: Actor, input: PartKey): Promise<ExtensionLimit> {
  authorise(actor, access.workDesk);
  const { db } = context;
  const { acting } = actingFor(actor);
  const appeal = isOpenTo(acting, input.houseId) ? await selectAppeal(db, input) : null;
  const part = appeal && (await selectOwnPart(db, input, acting.organisationId));
  if (!part) throw new NotFound();
  return limitOf(db, appeal, part, context.clock());
}

/** By law the term is extended once, while it runs (59-ФЗ, ст. 12 ч. 2; Правила 416, п. 37); how far is a dated rule. */
async function limitOf(db: Db, appeal: Appeal, part: Part, at: Date): Promise<ExtensionLimit> {
  const refuse = (refusal: string) => ({ limit: null, refusal });
  const { powerCode, dueOn, termKey, organisationId } = part;
  if (!isOpen(part.state) || part.kind === 'request') return refuse('Продлевать нечего: обращение не в работе.');
  if (part.state === 'received') return refuse('Сначала зарегистрируйте обращение.');
  if (!dueOn) return refuse('Срок ответа законом не установлен: продлевать нечего.');
  if (part.extensions > 0)
    return refuse(`Срок уже продлён с ${formatDate(part.extendedFrom!)}: второй раз закон продлевать не разрешает.`);
  if (dueOn < dayIn(appeal.zone, at)) return refuse('Срок уже прошёл: продлить его нельзя, ответьте как можно скорее.');
  const place = placeOf(appeal, organisationId);
  const limit = (await loadTerms(db, [place], at)).extensionLimit({ powerCode, dueOn, termKey, place });
  return limit && limit > dueOn ? { limit, refusal: null } : refuse('Этот срок не продлевают.');
}

/** Extends the term once, with a reason that the author reads. @throws Conflict when it may not be; Invalid on a wrong day or no reason */
export async function extendTerm(context: Context, actor: Actor, input: Extension): Promise<{ dueOn: Day }> {
  const reason = cleanText(input.reason).trim();
  return changePart(context, actor, input, {
    name: 'extend',
    isNews: isOfAuthor,
    async run(hand) {
      requireOpen(hand);
      const { trx, at, appeal, part, organisationId } = hand;
      const allowed = await limitOf(trx, appeal, part, at);
      if (allowed.limit === null) throw new Conflict(allowed.refusal);
      const { limit } = allowed;
      const from = part.dueOn!;
      refuseWrong({ until: input.until, reason, from, limit });
      await updatePart(
        trx,
        { houseId: appeal.houseId, partId: part.partId },
        { due_on: input.until, extended_from: from, extensions: part.extensions + 1, reminded: 0, look_at: at },
      );
      const eventId = await happened(hand, {
        kind: 'extended',
        details: { from, until: input.until, comment: reason },
      });
      await recordFiles(trx, appeal, input.files, { eventId }, at);
      await updateAppeal(trx, appeal, { extended: true });
      const organisation = await readOrganisation(trx, organisationId);
      const letter = {
        subject: `Срок ответа на обращение № ${appeal.number} продлён`,
        lines: [
          `${organisation?.short_name}: срок ответа продлён с ${formatDate(from)} до ${formatDate(input.until)}`,
          `Причина: ${reason}`,
        ],
      };
      await writeToAll(context, trx, appeal, letter);
      return { dueOn: input.until };
    },
  });
}

function refuseWrong({ until, reason, from, limit }: { until: Day; reason: string; from: Day; limit: Day }): void {
  const fields: FieldError[] = [];
  if (until <= from) fields.push({ field: 'until', message: `Выберите день после ${formatDate(from)}` });
  if (until > limit) fields.push({ field: 'until', message: `Продлить можно не дальше ${formatDate(limit)}` });
  if (!reason) fields.push({ field: 'reason', message: 'Объясните автору, почему нужен новый срок' });
  if (reason.length > LONGEST) fields.push({ field: 'reason', message: `Не больше ${LONGEST} знаков` });
  if (fields.length > 0) throw new Invalid(fields);
}
