import type { Actor } from '../../platform/access.ts';
import { removeAttachment } from '../../platform/attachments/index.ts';
import type { Context } from '../../platform/context.ts';
import { Conflict, type FieldError, Invalid, NotFound } from '../../platform/errors.ts';
import { type AnswerId, type FileId, newId } from '../../platform/ids.ts';
import { type Answer, type Outcome, TEXT_LIMIT } from './appeal.ts';
import { changePart, type GivenFile, type PartInHand, type PartKey, requireOpen } from './change-part.ts';
import { cleanLine, cleanText } from './clean-text.ts';
import { deleteAnswerDraft, deleteFiles } from './queries/answers.ts';
import { selectAnswers, selectFiles } from './queries/read-appeals.ts';
import { insertAnswer, updateAnswer } from './queries/write-appeals.ts';
import { SIGNATURE_TYPE } from './receive-signature.ts';
import { recordFiles } from './record-files.ts';

export interface AnswerDraft extends PartKey {
  /** Absent: a new draft. */
  answerId?: AnswerId;
  /** At most 35; made when it is empty at sending. */
  number: string;
  outcome: Outcome | null;
  performerPost: string;
  text: string;
  /** More answers will follow: the part stays open. */
  interim: boolean;
  /** When the draft was read: a newer save of a colleague is not overwritten in silence. */
  seenAt?: Date;
}

const LONGEST_NUMBER = 35;
const LONGEST_POST = 255;

/**
 * Keeps a draft of an answer; what is missing is asked for when it is sent.
 * @throws Conflict when the part is closed, or a colleague has saved the draft since it was read
 */
export async function saveAnswer(
  context: Context,
  actor: Actor,
  given: AnswerDraft,
): Promise<{ answerId: AnswerId; changedAt: Date }> {
  const { number, performerPost, text } = given;
  const words = { number: cleanLine(number), performerPost: cleanLine(performerPost), text: cleanText(text) };
  const input = { ...given, ...words };
  refuseTooLong(input);
  return changePart(context, actor, input, {
    name: 'save-answer',
    isHidden: true,
    async run(hand) {
      requireOpen(hand, 'requests too');
      const { trx, at, by, appeal, part } = hand;
      const draft = {
        number: input.number,
        outcome: input.outcome,
        performer_name: by.name,
        performer_post: input.performerPost,
        text: input.text,
        interim: input.interim && part.kind === 'appeal',
        changed_at: at,
      };
      if (!input.answerId) {
        const answerId = newId<AnswerId>();
        const key = { house_id: appeal.houseId, appeal_id: appeal.appealId, answer_id: answerId, part_id: part.partId };
        await insertAnswer(trx, {
          ...draft,
          ...key,
          state: 'draft',
          answered_on: null,
          written_by: by.personId,
          sent_at: null,
        });
        return { answerId, changedAt: at };
      }
      const known = await requireDraft(hand, input.answerId);
      if (input.seenAt && known.changedAt > input.seenAt)
        throw new Conflict(
          'Пока вы писали, черновик сохранил другой сотрудник. Скопируйте свой текст и откройте черновик заново.',
        );
      await updateAnswer(trx, { houseId: appeal.houseId, answerId: known.answerId }, draft);
      return { answerId: known.answerId, changedAt: at };
    },
  });
}

function refuseTooLong({ number, performerPost, text }: AnswerDraft): void {
  const limits = [
    ['number', number, LONGEST_NUMBER],
    ['performerPost', performerPost, LONGEST_POST],
    ['text', text, TEXT_LIMIT],
  ] as const;
  const fields: FieldError[] = limits.flatMap(([field, value, most]) =>
    value.length > most ? [{ field, message: `Не больше ${most.toLocaleString('ru-RU')} знаков` }] : [],
  );
  if (fields.length > 0) throw new Invalid(fields);
}

/** A draft of the part in hand. @throws NotFound; Conflict when it was sent already */
export async function requireDraft({ trx, appeal, part }: PartInHand, answerId: AnswerId): Promise<Answer> {
  const answer = (await selectAnswers(trx, appeal)).find(
    (one) => one.answerId === answerId && one.partId === part.partId,
  );
  if (!answer) throw new NotFound('Черновика ответа нет: возможно, его удалил другой сотрудник.');
  if (answer.state === 'sent') throw new Conflict('Этот ответ уже отправлен.');
  return answer;
}

export interface DraftKey extends PartKey {
  answerId: AnswerId;
}

/** Forgets a draft with its files. */
export async function deleteAnswer(context: Context, actor: Actor, input: DraftKey): Promise<void> {
  await changePart(context, actor, input, {
    name: 'delete-answer',
    isHidden: true,
    async run(hand) {
      await requireDraft(hand, input.answerId);
      const { trx, appeal } = hand;
      const files = (await selectFiles(trx, appeal)).filter(({ answerId }) => answerId === input.answerId);
      await forgetFiles(
        hand,
        files.map(({ fileId }) => fileId),
      );
      await deleteAnswerDraft(trx, { houseId: appeal.houseId, answerId: input.answerId });
      return {};
    },
  });
}

async function forgetFiles({ trx, appeal }: PartInHand, fileIds: readonly FileId[]): Promise<void> {
  await deleteFiles(trx, appeal, fileIds);
  for (const fileId of fileIds) await removeAttachment(trx, fileId);
}

export interface AnswerFile extends DraftKey {
  /** From `receiveAttachment`, or from `receiveSignature` for a detached signature. */
  file: GivenFile['received'];
  description?: string;
  /** Of a detached signature: the file of the same answer that it signs. */
  signsFileId?: FileId;
}

/** Puts a file to a draft. */
export async function attachToAnswer(context: Context, actor: Actor, input: AnswerFile): Promise<{ fileId: FileId }> {
  return changePart(context, actor, input, {
    name: 'attach-to-answer',
    isHidden: true,
    async run(hand) {
      requireOpen(hand, 'requests too');
      await requireDraft(hand, input.answerId);
      await refuseStraySignature(hand, input);
      const { description = '', signsFileId } = input;
      const file = { received: input.file, description, ...(signsFileId && { signsFileId }) };
      await recordFiles(hand.trx, hand.appeal, [file], { answerId: input.answerId }, hand.at);
      return { fileId: input.file.fileId };
    },
  });
}

async function refuseStraySignature(
  { trx, appeal }: PartInHand,
  { file, signsFileId, answerId }: AnswerFile,
): Promise<void> {
  const isSignature = file.mediaType === SIGNATURE_TYPE;
  const signed = (await selectFiles(trx, appeal)).find(
    (one) => one.fileId === signsFileId && one.answerId === answerId,
  );
  const message =
    isSignature && (!signed || signed.mediaType === SIGNATURE_TYPE)
      ? 'Выберите файл этого ответа, который заверен подписью'
      : !isSignature && signsFileId
        ? 'Подписью может быть только файл .sig или .p7s'
        : null;
  if (message) throw new Invalid([{ field: 'signsFileId', message }]);
}

/** Takes a file from a draft, with the signatures of it. */
export async function detachFromAnswer(
  context: Context,
  actor: Actor,
  input: DraftKey & { fileId: FileId },
): Promise<void> {
  await changePart(context, actor, input, {
    name: 'detach-from-answer',
    isHidden: true,
    async run(hand) {
      await requireDraft(hand, input.answerId);
      const own = (await selectFiles(hand.trx, hand.appeal)).filter(({ answerId }) => answerId === input.answerId);
      if (!own.some(({ fileId }) => fileId === input.fileId)) throw new NotFound('Этого файла у ответа уже нет.');
      const gone = own.filter(({ fileId, signsFileId }) => fileId === input.fileId || signsFileId === input.fileId);
      await forgetFiles(
        hand,
        gone.map(({ fileId }) => fileId),
      );
      return {};
    },
  });
}
