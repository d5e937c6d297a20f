import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { type FieldError, Invalid } from '../../platform/errors.ts';
import type { AppealPartId, OrganisationId } from '../../platform/ids.ts';
import { formatDate } from '../../ui/index.ts';
import { readOrganisations, readPowers } from '../organisations/index.ts';
import { isOpen } from './appeal.ts';
import {
  changePart,
  closePart,
  type GivenFile,
  happened,
  isOfAuthor,
  type PartInHand,
  type PartKey,
  requireOpen,
} from './change-part.ts';
import { cleanLine, cleanText } from './clean-text.ts';
import { complainedOf } from './complained-of.ts';
import { writeToAll } from './letters.ts';
import { openPart } from './open-part.ts';
import { selectParts } from './queries/read-appeals.ts';
import { updateAppeal } from './queries/write-appeals.ts';
import { recordFiles, requestOf } from './record-files.ts';
import { ensureRegistered } from './register-appeal.ts';
import { regimeOf } from './term.ts';

export interface Redirection extends PartKey {
  to: readonly { organisationId: OrganisationId; powerCode: string }[];
  /** Who is not in the system, in words. */
  outside?: string;
  comment: string;
  files: readonly GivenFile[];
  key: string;
}

const MOST = 10;
const LONGEST = 1000;

/**
 * Passes an appeal on to those who are competent, each with a term of its own. The author sees both rows and is told by mail.
 * @throws Invalid on `to` for an organisation that must not have it: for a body of power, the one complained of (59-ФЗ, ст. 8 ч. 6)
 */
export async function redirectAppeal(
  context: Context,
  actor: Actor,
  { key, ...input }: Redirection,
): Promise<{ partIds: AppealPartId[] }> {
  const outside = cleanLine(input.outside ?? '');
  const comment = cleanText(input.comment).trim();
  return changePart(context, actor, input, {
    name: 'redirect',
    isNews: isOfAuthor,
    form: { key, request: { ...input, files: requestOf(input.files) } },
    async run(opened) {
      requireOpen(opened);
      await refuseWrong(opened, { ...input, outside, comment });
      // A body registers what it passes on (59-ФЗ, ст. 8 ч. 3).
      const hand = regimeOf(opened.part.powerCode) === 'state' ? await ensureRegistered(opened) : opened;
      await closePart(hand, 'redirected');
      return passOn(hand, { ...input, outside, comment });
    },
  });
}

type Wish = Pick<Redirection, 'to' | 'comment' | 'files'> & { outside: string };

async function passOn(hand: PartInHand, { to, outside, comment, files }: Wish): Promise<{ partIds: AppealPartId[] }> {
  const { trx, at, appeal, part } = hand;
  const names = new Map(
    (
      await readOrganisations(
        trx,
        to.map(({ organisationId }) => organisationId),
      )
    ).map((card) => [card.organisationId, card.shortName]),
  );
  const partIds: AppealPartId[] = [];
  for (const target of to)
    partIds.push(await openPart(trx, appeal, { kind: 'appeal', ...target, fromPartId: part.partId }, at));
  const kind = to.length > 0 ? 'redirected' : 'redirected_outside';
  const receivers = to.map(({ organisationId }) => ({ organisationId, name: names.get(organisationId) }));
  const eventId = await happened(hand, { kind, details: { comment, to: receivers, ...(outside && { outside }) } });
  await recordFiles(trx, appeal, files, { eventId }, at);
  await updateAppeal(trx, appeal, {
    ...(to.length > 0 && { redirected: true }),
    ...(outside && { redirected_outside: true }),
  });
  await tellAuthor(hand, { partIds, names, outside, comment });
  return { partIds };
}

async function tellAuthor(
  { context, trx, appeal }: PartInHand,
  told: { partIds: AppealPartId[]; names: Map<OrganisationId, string>; outside: string; comment: string },
): Promise<void> {
  const parts = (await selectParts(trx, appeal)).filter(({ partId }) => told.partIds.includes(partId));
  const receivers = parts.map(({ organisationId, dueOn }) => {
    const term = dueOn ? `ответ ожидается до ${formatDate(dueOn)}` : 'срок ответа законом не установлен';
    return `${told.names.get(organisationId)}: ${term}`;
  });
  if (told.outside) receivers.push(`${told.outside}: вне системы, ответ придёт не через личный кабинет`);
  const letter = {
    subject: `Обращение № ${appeal.number} перенаправлено`,
    lines: [`Ваше обращение передано по компетенции:\n${receivers.join('\n')}`, `Пояснение: ${told.comment}`],
  };
  await writeToAll(context, trx, appeal, letter);
}

async function refuseWrong(hand: PartInHand, { to, outside, comment }: Wish): Promise<void> {
  const fields: FieldError[] = [];
  const target = await wrongTarget(hand, to);
  if (to.length === 0 && !outside) fields.push({ field: 'to', message: 'Выберите, кому перенаправить обращение' });
  if (target) fields.push({ field: 'to', message: target });
  if (outside.length > 250) fields.push({ field: 'outside', message: 'Не больше 250 знаков' });
  if (!comment) fields.push({ field: 'comment', message: 'Объясните автору, почему вы перенаправляете обращение' });
  if (comment.length > LONGEST) fields.push({ field: 'comment', message: `Не больше ${LONGEST} знаков` });
  if (fields.length > 0) throw new Invalid(fields);
}

async function wrongTarget(hand: PartInHand, to: Redirection['to']): Promise<string | null> {
  const { trx, appeal, part } = hand;
  const ids = to.map(({ organisationId }) => organisationId);
  if (to.length > MOST) return `Выберите не больше ${MOST} организаций`;
  if (new Set(ids).size < ids.length) return 'Одна и та же организация выбрана дважды';
  if (ids.includes(part.organisationId)) return 'Свою организацию выбрать нельзя';
  for (const { organisationId, powerCode } of to)
    if (!(await readPowers(trx, organisationId)).includes(powerCode)) return 'У организации нет такого полномочия';
  const parts = await selectParts(trx, appeal);
  if (
    parts.some(({ kind, state, organisationId }) => kind === 'appeal' && isOpen(state) && ids.includes(organisationId))
  )
    return 'Эта организация уже рассматривает обращение';
  if (regimeOf(part.powerCode) !== 'state') return null;
  const complained = await complainedOf(trx, appeal);
  return (await complained(ids)) ? 'Нельзя направлять жалобу тем, на кого жалуются (59-ФЗ, ст. 8 ч. 6)' : null;
}
