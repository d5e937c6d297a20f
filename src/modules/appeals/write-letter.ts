import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { AnswerId } from '../../platform/ids.ts';
import type { LetterLink } from '../../platform/mail/content.ts';
import { sendNotice } from '../notices/index.ts';
import type { Appeal, Joiner } from './appeal.ts';
import { appealPath } from './paths.ts';
import { insertLetter } from './queries/write-appeals.ts';

/** A letter about an appeal: its lines are paragraphs; the link to the appeal comes last. */
export interface AppealLetter {
  subject: string;
  lines: readonly string[];
  answerId?: AnswerId | undefined;
  links?: readonly LetterLink[] | undefined;
  /** One more line, for the author alone: what neighbours who joined cannot do. */
  forAuthor?: string;
}

export type Sender = Pick<Context, 'config' | 'clock'>;

/** Writes one letter to one reader. A reader who has the letter of this id does not get it again. */
export async function writeLetter(
  context: Sender,
  trx: Transaction,
  appeal: Appeal,
  { subject, lines, links, answerId, letterId }: Omit<AppealLetter, 'forAuthor'> & { letterId: string },
  { personId, answerEmail }: Pick<Joiner, 'personId' | 'answerEmail'>,
): Promise<void> {
  const url = `${context.config.PUBLIC_URL}${appealPath(appeal)}`;
  const { mailId } = await sendNotice(context, trx, {
    kind: 'appeal',
    personId,
    object: letterId,
    recipient: answerEmail,
    subject,
    content: { title: subject, paragraphs: lines, action: { label: 'Открыть обращение', url }, links },
  });
  if (mailId)
    await insertLetter(trx, {
      house_id: appeal.houseId,
      appeal_id: appeal.appealId,
      mail_id: mailId,
      person_id: personId,
      answer_id: answerId ?? null,
    });
}
