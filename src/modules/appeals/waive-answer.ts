import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { type FieldError, Invalid } from '../../platform/errors.ts';
import { readOrganisation } from '../organisations/index.ts';
import { changePart, closePart, happened, isOfAuthor, type PartKey, requireOpen } from './change-part.ts';
import { cleanText } from './clean-text.ts';
import { writeToAll } from './letters.ts';
import { updateAppeal } from './queries/write-appeals.ts';
import { ensureRegistered } from './register-appeal.ts';
import { regimeOf } from './term.ts';

export type WaiverCause =
  | 'judicial'
  | 'abusive'
  | 'unreadable'
  | 'no_substance'
  | 'repeated'
  | 'published'
  | 'secret'
  | 'duplicate'
  | 'thanks'
  | 'other';

export interface Waiver {
  cause: WaiverCause;
  /** With the article, as the author reads it. */
  words: string;
  needsComment: boolean;
}

/** 59-ФЗ, ст. 11. Its part 1 (no name, no address) cannot happen here: the identity provider vouches for the author. */
const OF_BODIES: readonly Waiver[] = [
  {
    cause: 'judicial',
    words:
      'Обжалуется судебное решение: обращение возвращается с разъяснением порядка обжалования (59-ФЗ, ст. 11 ч. 2)',
    needsComment: true,
  },
  {
    cause: 'abusive',
    words: 'В обращении нецензурные или оскорбительные выражения либо угрозы (59-ФЗ, ст. 11 ч. 3)',
    needsComment: false,
  },
  { cause: 'unreadable', words: 'Текст обращения не поддаётся прочтению (59-ФЗ, ст. 11 ч. 4)', needsComment: false },
  {
    cause: 'no_substance',
    words: 'Текст не позволяет определить суть обращения (59-ФЗ, ст. 11 ч. 4.1)',
    needsComment: false,
  },
  {
    cause: 'repeated',
    words:
      'На этот вопрос уже не раз дан ответ по существу, новых доводов нет: переписка прекращена (59-ФЗ, ст. 11 ч. 5)',
    needsComment: true,
  },
  {
    cause: 'published',
    words: 'Ответ на этот вопрос размещён на официальном сайте (59-ФЗ, ст. 11 ч. 5.1)',
    needsComment: true,
  },
  {
    cause: 'secret',
    words: 'Ответ нельзя дать, не разгласив тайну, охраняемую законом (59-ФЗ, ст. 11 ч. 6)',
    needsComment: false,
  },
];

/** Organisations are bound by no closed list; what they choose is explained to the author. */
const OF_OTHERS: readonly Waiver[] = [
  { cause: 'duplicate', words: 'Такое же обращение автора уже рассматривается', needsComment: true },
  { cause: 'thanks', words: 'Благодарность или сведения, которые не требуют ответа', needsComment: false },
  { cause: 'abusive', words: 'В обращении нецензурные или оскорбительные выражения либо угрозы', needsComment: false },
  { cause: 'unreadable', words: 'Суть обращения определить нельзя', needsComment: false },
  { cause: 'other', words: 'Другая причина', needsComment: true },
];

/** Why an addressee of the role need not answer: for bodies of power the closed list of 59-ФЗ, ст. 11. */
export const waiversOf = (powerCode: string): readonly Waiver[] =>
  regimeOf(powerCode) === 'state' ? OF_BODIES : OF_OTHERS;

const LONGEST = 1000;

/** Closes a part without an answer, for a cause that the author reads and is told of by mail. */
export async function waiveAnswer(
  context: Context,
  actor: Actor,
  { key, ...input }: PartKey & { cause: WaiverCause; comment?: string; key: string },
): Promise<void> {
  const comment = cleanText(input.comment ?? '').trim();
  await changePart(context, actor, input, {
    name: 'waive',
    isNews: isOfAuthor,
    form: { key, request: input },
    async run(opened) {
      requireOpen(opened);
      const waiver = chosen(opened.part.powerCode, input.cause, comment);
      const hand = await ensureRegistered(opened);
      const { trx, appeal, organisationId } = hand;
      await closePart(hand, 'executed');
      await happened(hand, {
        kind: 'answer_not_required',
        details: { cause: waiver.cause, words: waiver.words, comment },
      });
      await updateAppeal(trx, appeal, { answer_not_required: true });
      const organisation = await readOrganisation(trx, organisationId);
      const letter = {
        subject: `Обращение № ${appeal.number} закрыто без ответа`,
        lines: [`${organisation?.short_name}: ответ не требуется.`, waiver.words, comment].filter(Boolean),
      };
      await writeToAll(context, trx, appeal, letter);
      return {};
    },
  });
}

function chosen(powerCode: string, cause: WaiverCause, comment: string): Waiver {
  const waiver = waiversOf(powerCode).find((one) => one.cause === cause);
  const fields: FieldError[] = [];
  if (!waiver) fields.push({ field: 'cause', message: 'Выберите причину из списка' });
  if (waiver?.needsComment && !comment) fields.push({ field: 'comment', message: 'Поясните причину автору' });
  if (comment.length > LONGEST) fields.push({ field: 'comment', message: `Не больше ${LONGEST} знаков` });
  if (fields.length > 0) throw new Invalid(fields);
  return waiver!;
}
