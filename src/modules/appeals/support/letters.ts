import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/database.ts';
import { type Letter, sendMail } from '../../../platform/mail/mail.ts';
import { formatDate } from '../../../ui/index.ts';
import { readPerson } from '../../identity/index.ts';
import { linkOf } from './link.ts';
import type { SupportRequest } from './request.ts';

/** Guests come back by a signed link, whoever has signed in by the page itself. */
export const addressOf = ({ config }: Context, request: SupportRequest, at: Date): string =>
  request.byGuest ? linkOf(config, request.requestId, at) : `/support/${request.requestId}`;

/** Says that the question has come. Holds nothing that the sender has typed: an e-mail may be a stranger's. */
export async function writeReceived(context: Context, trx: Transaction, request: SupportRequest, at: Date) {
  await write(trx, request, at, {
    subject: `Вопрос в поддержку № ${request.number} принят`,
    body: {
      title: 'Ваш вопрос принят',
      paragraphs: [`Его номер: ${request.number}. Ответим до ${formatDate(request.dueOn!)} включительно.`],
      action: openRequest(context, request, at, 'Посмотреть вопрос и дополнить его'),
      after: ['Если вы ничего не спрашивали, удалите это письмо: больше мы вам не напишем.'],
    },
  });
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
  request: SupportRequest,
  { words, recipient }: { words: string; recipient: string },
  at: Date,
) {
  const { requestId, number, dueOn } = request;
  const subject = `${words} № ${number}`;
  // Letters lie with the person who asked.
  await write(trx, { ...request, email: recipient }, at, {
    subject,
    body: {
      title: subject,
      paragraphs: dueOn ? [`Ответить до ${formatDate(dueOn)} включительно.`] : [],
      action: { label: 'Открыть вопрос', url: `${config.PUBLIC_URL}/administration/support/${requestId}` },
    },
  });
}

export async function writeAnswer(context: Context, trx: Transaction, request: SupportRequest, text: string, at: Date) {
  await write(trx, request, at, {
    subject: `Ответ на вопрос № ${request.number}`,
    body: {
      title: `Ответ на вопрос № ${request.number}`,
      preheader: 'Поддержка ответила на ваш вопрос.',
      paragraphs: [text],
      action: openRequest(context, request, at, 'Ответить или задать ещё вопрос'),
      after: [`Поддержка, ${context.config.OPERATOR_NAME}`],
    },
  });
}

const openRequest = (context: Context, request: SupportRequest, at: Date, label: string) => ({
  label,
  url: `${context.config.PUBLIC_URL}${addressOf(context, request, at)}`,
  isSecret: request.byGuest,
});

/** A question has its own address, which may be a guest's: no choice of notices is asked. */
const write = (
  trx: Transaction,
  { personId, email }: Pick<SupportRequest, 'personId' | 'email'>,
  at: Date,
  letter: Pick<Letter, 'subject' | 'body'>,
) => sendMail(trx, { personId, recipient: email, kind: 'support', ...letter }, at);
