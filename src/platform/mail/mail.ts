import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { Db } from '../database/database.ts';
import { newId, type OrganisationId, type PersonId } from '../ids.ts';
import { addJob, defineJob } from '../jobs/jobs.ts';
import {
  insertMail,
  markMailRefused,
  markMailSent,
  noteMailTrouble,
  selectMailStates,
  selectUnsentMail,
} from './queries.ts';
import { refusalOf } from './refusal.ts';

export interface Letter {
  personId: PersonId;
  recipient: string | null;
  subject: string;
  body: string;
  /** An address that ends letters of this kind by a POST without anything else (RFC 8058). */
  unsubscribeUrl?: string;
}

/** A mail server that is down comes back within these; the last of them is half a day after the first. */
const TRIES = 12;

/**
 * Puts a letter to a person and the job that sends it into the caller's transaction. Does nothing when the person has no address.
 * @returns the letter's id for `letterStates`
 */
export async function sendMail(db: Db, letter: Letter, at: Date): Promise<string | null> {
  if (!letter.recipient) return null;
  const mailId = newId();
  await insertMail(
    db,
    { ...letter, recipient: letter.recipient, unsubscribeUrl: letter.unsubscribeUrl ?? null, mailId },
    at,
  );
  await addJob(db, deliverMail, { personId: letter.personId, mailId }, { maxAttempts: TRIES });
  return mailId;
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
    const transport = createTransport(context.config.SMTP_URL);
    try {
      await transport.sendMail({
        from: context.config.MAIL_FROM,
        to: mail.recipient,
        subject: mail.subject,
        text: mail.body,
        ...(mail.unsubscribeUrl && {
          headers: {
            'List-Unsubscribe': `<${mail.unsubscribeUrl}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          },
        }),
        messageId: `<${mail.mailId}@${new URL(context.config.PUBLIC_URL).hostname}>`,
      });
    } catch (error) {
      const { isFinal, words } = refusalOf(error);
      const trouble = { personId, mailId: mail.mailId, refusal: words };
      const tries = await noteMailTrouble(context.db, { ...trouble, refusedAt: isFinal ? context.clock() : null });
      log.warn({ mailId: mail.mailId, refusal: words }, 'a letter is refused');
      if (isFinal) return;
      if (tries >= TRIES) await markMailRefused(context.db, personId, mail.mailId, context.clock());
      // The job fails with the last try: that is where an operator sees a mail server that is down.
      throw error;
    } finally {
      transport.close();
    }
    await markMailSent(context.db, personId, mail.mailId, context.clock());
  },
});
