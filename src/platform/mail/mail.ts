import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Db } from '../database/database.ts';
import { newId, type OrganisationId, type PersonId } from '../ids.ts';
import { addJob, defineJob } from '../jobs/jobs.ts';
import { type LetterContent, letterContent, textOf, withoutSecrets } from './content.ts';
import { drawLetter, withFooter } from './draw-letter.tsx';
import {
  deleteRefusedAddress,
  insertMail,
  type MailMessage,
  markMailRefused,
  markMailSent,
  noteMailTrouble,
  reviveMail,
  selectMailStates,
  selectUnsentMail,
  upsertRefusedAddress,
} from './queries.ts';
import { refusalOf } from './refusal.ts';

export interface Letter {
  personId: PersonId;
  recipient: string | null;
  /** One line without personal data: it is seen on locked phones. */
  subject: string;
  body: LetterContent;
  /** What kind of letter it is, for the operator's figures; notices give their own. */
  kind?: string;
  /** An address that ends letters of this kind by a POST without anything else (RFC 8058). */
  unsubscribeUrl?: string;
}

/** A mail server that says nothing holds a place among the jobs no longer, ms; the library itself would wait ten minutes. */
const PATIENCE = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };
/** A mail server that is down comes back within these; the last of them is half a day after the first. */
const TRIES = 12;

/**
 * Puts a letter to a person and the job that sends it into the caller's transaction. Does nothing when the person has no address.
 * @returns the letter's id for `letterStates`
 */
export async function sendMail(db: Db, letter: Letter, at: Date): Promise<string | null> {
  const { personId, recipient, kind = 'letter', unsubscribeUrl = null } = letter;
  if (!recipient) return null;
  const mailId = newId();
  const content = letterContent.parse(cleaned(letter.body));
  const subject = oneLine(letter.subject);
  const body = textOf(content, subject);
  await insertMail(
    db,
    { personId, mailId, recipient: oneLine(recipient), subject, body, content, kind, unsubscribeUrl },
    at,
  );
  await addJob(db, deliverMail, { personId, mailId }, { maxAttempts: TRIES });
  return mailId;
}

/** Names and reasons come from files and forms: no character of theirs ends a header, and none is what a database refuses. */
const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(TURNING, '')
    .trim();
/** Turns the order of letters around: «moc.knab» is read as an address that it is not. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

/** The same value with no unprintable character in any text; line breaks stay. */
function cleaned<T>(value: T): T {
  if (typeof value === 'string')
    return value
      .replace(/\r\n?|[\u2028\u2029]/g, '\n')
      .replace(UNPRINTABLE, ' ')
      .replace(TURNING, '') as T;
  if (Array.isArray(value)) return value.map(cleaned) as T;
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cleaned(part)])) as T;
  return value;
}

/** One mailbox and nothing else: a comma would make two of it, an angle would end the command to the server. */
const ONE_ADDRESS = /^[^\s<>()[\]\\,;:"@\p{Cc}]{1,64}@[^\s<>()[\]\\,;:"@\p{Cc}]{1,255}$/u;
export const isOneAddress = (text: string): boolean => ONE_ADDRESS.test(text);

export { deleteRefusedAddress as forgetRefusal } from './queries.ts';

/** Sends a letter again that was refused for good, in the caller's transaction; its address counts as good until it is refused again. */
export async function sendAgain(db: Db, personId: PersonId, mailId: string): Promise<boolean> {
  const recipient = await reviveMail(db, personId, mailId);
  if (!recipient) return false;
  await deleteRefusedAddress(db, recipient);
  await addJob(db, deliverMail, { personId, mailId }, { maxAttempts: TRIES });
  return true;
}

/** Letters to an organisation's own address are kept under its id, as a person's are under theirs. */
export const mailboxOf = (organisationId: OrganisationId): PersonId => organisationId as string as PersonId;

export interface LetterState {
  /** `retrying`: a try was in vain, more follow. `refused`: none follows. */
  state: 'waiting' | 'sent' | 'retrying' | 'refused';
  recipient: string;
  createdAt: Date;
  sentAt: Date | null;
  /** What the mail server said at the last try in vain. */
  refusal: string | null;
}

/** What became of some letters of one person; those that are long swept away are left out. */
export async function letterStates(
  db: Db,
  personId: PersonId,
  mailIds: readonly string[],
): Promise<Map<string, LetterState>> {
  const rows = await selectMailStates(db, personId, mailIds);
  return new Map(
    rows.map(({ mailId, attempts, refusedAt, ...row }) => {
      const unsent = refusedAt ? 'refused' : attempts > 0 ? 'retrying' : 'waiting';
      return [mailId, { ...row, state: row.sentAt ? 'sent' : unsent }];
    }),
  );
}

/**
 * The Message-ID is made from our id, so that a letter repeated after a crash is seen as the same one by mail programs. What the server
 * refuses for good is noted and not tried again; other troubles are tried again, later each time.
 */
export const deliverMail = defineJob({
  name: 'mail.deliver',
  payload: z.object({ personId: z.string(), mailId: z.string() }),
  async run(context, payload, log) {
    const personId = payload.personId as PersonId;
    const mail = await selectUnsentMail(context.db, personId, payload.mailId);
    if (!mail) return;
    const to = { personId, mailId: mail.mailId };
    if (!isOneAddress(mail.recipient)) {
      await noteMailTrouble(context.db, { ...to, refusal: NO_ADDRESS, refusedAt: context.clock() });
      return;
    }
    const transport = createTransport({ url: context.config.SMTP_URL, ...PATIENCE });
    try {
      await transport.sendMail(messageOf(context.config, mail));
    } catch (error) {
      const { isFinal, isOfAddress, words } = refusalOf(error);
      const tries = await noteMailTrouble(context.db, {
        ...to,
        refusal: words,
        refusedAt: isFinal ? context.clock() : null,
      });
      log.warn({ mailId: mail.mailId, refusal: words }, 'a letter is refused');
      if (isOfAddress) await upsertRefusedAddress(context.db, mail.recipient, words, context.clock());
      if (isFinal) return;
      if (tries >= TRIES) await markMailRefused(context.db, personId, mail.mailId, context.clock());
      // The job fails with the last try: that is where an operator sees a mail server that is down.
      throw error;
    } finally {
      transport.close();
    }
    const content = mail.content && withoutSecrets(mail.content);
    const body = content ? textOf(content, mail.subject) : mail.body;
    await markMailSent(context.db, { ...mail, content, body }, context.clock());
    await deleteRefusedAddress(context.db, mail.recipient);
  },
});

const NO_ADDRESS = 'Это не адрес электронной почты';

function messageOf(config: Config, mail: MailMessage) {
  const { subject, content, unsubscribeUrl } = mail;
  const frame = { subject, sender: config, unsubscribeUrl };
  return {
    from: config.MAIL_FROM,
    to: { name: '', address: mail.recipient },
    subject,
    ...(content ? drawLetter(content, frame) : { text: withFooter(mail.body, frame) }),
    headers: {
      // Answers of programs («я в отпуске») come to nobody's notice.
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribeUrl && {
        'List-Unsubscribe': `<${unsubscribeUrl}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
    },
    messageId: `<${mail.mailId}@${new URL(config.PUBLIC_URL).hostname}>`,
  };
}
