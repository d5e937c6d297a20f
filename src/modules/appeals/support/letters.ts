import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/database.ts';
import { sendMail } from '../../../platform/mail/mail.ts';
import { formatDate } from '../../../ui/index.ts';
import { readPerson } from '../../identity/index.ts';
import { linkOf } from './link.ts';
import type { SupportRequest } from './request.ts';

/** Guests come back by a signed link, whoever has signed in by the page itself. */
export const addressOf = ({ config }: Context, request: SupportRequest, at: Date): string =>
  request.byGuest ? linkOf(config, request.requestId, at) : `/support/${request.requestId}`;

/** Says that the question has come. Holds nothing that the sender has typed: an e-mail may be a stranger's. */
export async function writeReceived(context: Context, trx: Transaction, request: SupportRequest, at: Date) {
  await sendMail(
    trx,
    {
      personId: request.personId,
      recipient: request.email,
      subject: `Вопрос в поддержку № ${request.number} принят`,
      body: [
        'Здравствуйте!',
        `Ваш вопрос принят под номером ${request.number}. Ответим до ${formatDate(request.dueOn!)} включительно.`,
        `Посмотреть вопрос и дополнить его: ${context.config.PUBLIC_URL}${addressOf(context, request, at)}`,
        'Если вы ничего не спрашивали, удалите это письмо: больше мы вам не напишем.',
      ].join('\n\n'),
    },
    at,
  );
  await writeToDesk(context, trx, request, { words: 'Новый вопрос', recipient: context.config.SUPPORT_EMAIL }, at);
}

/** The desk hears of a new message: whoever works on the question, or everybody by the desk's own address. */
export async function writeOfMessage(context: Context, trx: Transaction, request: SupportRequest, at: Date) {
  const performer = request.performerId ? await readPerson(trx, request.performerId) : null;
  const recipient = performer?.email ?? context.config.SUPPORT_EMAIL;
  await writeToDesk(context, trx, request, { words: 'Дополнение к вопросу', recipient }, at);
}

async function writeToDesk(
  { config }: Context,
  trx: Transaction,
  { personId, requestId, number, dueOn }: SupportRequest,
  { words, recipient }: { words: string; recipient: string },
  at: Date,
) {
  const subject = `${words} № ${number}`;
  const term = dueOn ? [`Ответить до ${formatDate(dueOn)} включительно.`] : [];
  const body = [`${subject}.`, ...term, `${config.PUBLIC_URL}/administration/support/${requestId}`].join('\n\n');
  // Letters lie with the person who asked.
  await sendMail(trx, { personId, recipient, subject, body }, at);
}

export async function writeAnswer(context: Context, trx: Transaction, request: SupportRequest, text: string, at: Date) {
  await sendMail(
    trx,
    {
      personId: request.personId,
      recipient: request.email,
      subject: `Ответ на вопрос № ${request.number}`,
      body: [
        'Здравствуйте!',
        text,
        `Ответить или задать ещё вопрос: ${context.config.PUBLIC_URL}${addressOf(context, request, at)}`,
        `Поддержка, ${context.config.OPERATOR_NAME}`,
      ].join('\n\n'),
    },
    at,
  );
}
