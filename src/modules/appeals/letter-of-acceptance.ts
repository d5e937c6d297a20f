import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { formatDate } from '../../ui/index.ts';
import { sendNotice } from '../notices/index.ts';
import type { Appeal, Part } from './appeal.ts';
import { appealPath } from './paths.ts';
import { insertLetter } from './queries/write-appeals.ts';

/** Tells the author, once, that the appeal is on its way: its number, who answers, by when and by what act. */
export async function writeLetterOfAcceptance(
  context: Pick<Context, 'config' | 'clock'>,
  trx: Transaction,
  appeal: Appeal,
  addressee: string,
  part: Pick<Part, 'dueOn' | 'termSource'>,
): Promise<void> {
  const term = part.dueOn
    ? `Ответ ожидается не позднее ${formatDate(part.dueOn)}\nОснование: ${part.termSource}.`
    : `${part.termSource}. Если ответа не будет, мы напомним адресату.`;
  const subject = `Обращение № ${appeal.number} отправлено`;
  const { mailId } = await sendNotice(context, trx, {
    kind: 'appeal',
    personId: appeal.authorId,
    object: `${appeal.appealId} sent`,
    recipient: appeal.answerEmail,
    subject,
    content: {
      title: subject,
      paragraphs: [term, 'Ответ придёт в личный кабинет и на этот адрес.'],
      facts: [
        { name: 'Номер', value: appeal.number },
        { name: 'Тема', value: appeal.ownTopic || appeal.topicName },
        { name: 'Адрес', value: appeal.address },
        { name: 'Адресат', value: addressee },
      ],
      action: { label: 'Открыть обращение', url: `${context.config.PUBLIC_URL}${appealPath(appeal)}` },
    },
  });
  if (mailId)
    await insertLetter(trx, {
      house_id: appeal.houseId,
      appeal_id: appeal.appealId,
      mail_id: mailId,
      person_id: appeal.authorId,
      answer_id: null,
    });
}
