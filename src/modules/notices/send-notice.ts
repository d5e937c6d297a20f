import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import { sendMail } from '../../platform/mail/mail.ts';
import { isWanted, kindOf, type NoticeKindName } from './kinds.ts';
import type { Notice, NoticeId, Sent } from './notice.ts';
import { type Choices, insertNotice, selectChoices, selectReader, setNoticeMail } from './queries.ts';
import { unsubscribeUrl } from './unsubscribe.ts';

/**
 * The one way to tell a person something: by a letter, and on the devices where the person turned notices on, as far as they are wanted.
 * Written in the caller's transaction, with the change that it tells of: it goes out if and only if that is committed, and once.
 */
export async function sendNotice(
  { config, clock }: Pick<Context, 'config' | 'clock'>,
  trx: Transaction,
  notice: Notice,
): Promise<Sent> {
  const at = clock();
  const noticeId = newId<NoticeId>();
  if (!(await insertNotice(trx, { ...notice, noticeId }, at))) return { isNew: false, mailId: null };
  const choices = await selectChoices(trx, notice.personId);
  const recipient = await recipientOf(trx, notice, choices);
  if (!recipient) return { isNew: true, mailId: null };
  const { kind, personId, subject, content: body } = notice;
  const off = kindOf(kind).optional ? { unsubscribeUrl: unsubscribeUrl(config, personId, kind) } : {};
  const mailId = await sendMail(trx, { personId, recipient, subject, body, kind, ...off }, at);
  if (mailId) await setNoticeMail(trx, personId, noticeId, mailId);
  return { isNew: true, mailId };
}

/** Null where no letter is wanted or none can arrive. Where a mailbox is known not to exist, only what cannot be refused is still tried. */
async function recipientOf(trx: Transaction, notice: Notice, choices: Choices): Promise<string | null> {
  const { kind, personId } = notice;
  if (!wants(choices, kind)) return null;
  if (notice.recipient) return notice.recipient;
  const reader = await selectReader(trx, personId);
  if (!reader?.address || (reader.refusedAt && kindOf(kind).optional)) return null;
  return reader.address;
}

const wants = (choices: Choices, kind: NoticeKindName): boolean => isWanted(kind, 'email', choices.get(kind)?.email);
