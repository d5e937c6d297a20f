import type { Config } from '../../platform/config.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { sendMail } from '../../platform/mail/mail.ts';
import { formatDate } from '../../ui/index.ts';
import type { Appeal, Part } from './appeal.ts';
import { appealPath } from './paths.ts';
import { insertLetter } from './queries/write-appeals.ts';

/** Tells the author, once, that the appeal is on its way: its number, who answers, by when and by what act. */
export async function writeLetterOfAcceptance(
  trx: Transaction,
  config: Pick<Config, 'PUBLIC_URL'>,
  appeal: Appeal,
  addressee: string,
  part: Pick<Part, 'dueOn' | 'termSource'>,
  at: Date,
): Promise<void> {
  const term = part.dueOn
    ? `Ответ ожидается не позднее ${formatDate(part.dueOn)}\nОснование: ${part.termSource}.`
    : `${part.termSource}. Если ответа не будет, мы напомним адресату.`;
  const mailId = await sendMail(
    trx,
    {
      personId: appeal.authorId,
      recipient: appeal.answerEmail,
      subject: `Обращение ${appeal.number} отправлено`,
      body: [
        `Ваше обращение № ${appeal.number} отправлено.`,
        `Тема: ${appeal.ownTopic || appeal.topicName}\nАдрес: ${appeal.address}\nАдресат: ${addressee}`,
        term,
        'Ответ придёт в личный кабинет и на этот адрес.',
        `Обращение в кабинете: ${config.PUBLIC_URL}${appealPath(appeal)}`,
      ].join('\n\n'),
    },
    at,
  );
  if (mailId)
    await insertLetter(trx, {
      house_id: appeal.houseId,
      appeal_id: appeal.appealId,
      mail_id: mailId,
      person_id: appeal.authorId,
      answer_id: null,
    });
}
