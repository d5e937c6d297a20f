import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { newId, type PersonId } from '../../platform/ids.ts';
import { sendMail } from '../../platform/mail/mail.ts';
import { CHANNELS, isWanted, kindOf, type NoticeKindName } from './kinds.ts';
import type { Message, Notice, NoticeId, Sent } from './notice.ts';
import { pushNotice } from './push/push-notice.ts';
import { type Choices, insertNotices, selectChoices, selectReader, setNoticeMail } from './queries.ts';
import { unsubscribeUrl } from './unsubscribe.ts';

const NOTHING: Sent = { isNew: false, mailId: null };

type Sender = Pick<Context, 'config' | 'clock'>;

/**
 * The one way to tell a person something: by a letter, and on the devices where the person turned notices on, as far as they are wanted.
 * Written in the caller's transaction, with the change that it tells of: it goes out if and only if that is committed, and once.
 */
export function sendNotice(context: Sender, trx: Transaction, notice: Notice): Promise<Sent> {
  const { kind, personId, object, ...message } = notice;
  return sendTogether(context, trx, { kind, personId, objects: [object], compose: () => message });
}

/**
 * Several things of one kind in one letter: bills of three accounts, refusals of two readings. Each is told of once: a repeat tells
 * of what is new alone, and of nothing when nothing is.
 */
export async function sendTogether(
  { config, clock }: Sender,
  trx: Transaction,
  notice: {
    kind: NoticeKindName;
    personId: PersonId;
    objects: readonly string[];
    /** Given the objects that were not told of before, at least one. */
    compose: (fresh: ReadonlySet<string>) => Message | Promise<Message>;
  },
): Promise<Sent> {
  const { kind, personId, objects } = notice;
  const at = clock();
  const choices = await selectChoices(trx, personId);
  if (!CHANNELS.some((channel) => isWanted(kind, channel, choices.get(kind)?.[channel]))) return NOTHING;
  const fresh = await insertNotices(trx, { personId, kind, objects, newId: newId<NoticeId> }, at);
  const [first] = fresh.values();
  if (!first) return NOTHING;
  const message = await notice.compose(new Set(fresh.keys()));
  await pushNotice({ config }, trx, { kind, personId, noticeId: first, message, choices, at });
  const recipient = await recipientOf(trx, kind, personId, message, choices);
  if (!recipient) return { isNew: true, mailId: null };
  const off = kindOf(kind).optional ? { unsubscribeUrl: unsubscribeUrl(config, personId, kind) } : {};
  const letter = { personId, recipient, subject: message.subject, body: message.content, kind, ...off };
  const mailId = await sendMail(trx, letter, at);
  if (mailId) await setNoticeMail(trx, personId, [...fresh.values()], mailId);
  return { isNew: true, mailId };
}

/** Null where no letter is wanted or none can arrive. Where a mailbox is known not to exist, only what cannot be refused is still tried. */
async function recipientOf(
  trx: Transaction,
  kind: NoticeKindName,
  personId: PersonId,
  message: Message,
  choices: Choices,
): Promise<string | null> {
  if (!isWanted(kind, 'email', choices.get(kind)?.email)) return null;
  if (message.recipient) return message.recipient;
  const reader = await selectReader(trx, personId);
  if (!reader?.address || (reader.refusedAt && kindOf(kind).optional)) return null;
  return reader.address;
}
