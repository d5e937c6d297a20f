import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { Db } from '../database/database.ts';
import { newId, type PersonId } from '../ids.ts';
import { addJob, defineJob } from '../jobs/jobs.ts';
import { insertMail, markMailSent, selectUnsentMail } from './queries.ts';

export interface Letter {
  personId: PersonId;
  recipient: string | null;
  subject: string;
  body: string;
  /** An address that ends letters of this kind by a POST without anything else (RFC 8058). */
  unsubscribeUrl?: string;
}

/** Puts a letter to a person and the job that sends it into the caller's transaction. Does nothing when the person has no address. */
export async function sendMail(db: Db, letter: Letter, at: Date): Promise<void> {
  if (!letter.recipient) return;
  const mailId = newId();
  await insertMail(
    db,
    { ...letter, recipient: letter.recipient, unsubscribeUrl: letter.unsubscribeUrl ?? null, mailId },
    at,
  );
  await addJob(db, deliverMail, { personId: letter.personId, mailId }, { maxAttempts: 12 });
}

/** The Message-ID is made from our id, so that a letter repeated after a crash is seen as the same one by mail programs. */
export const deliverMail = defineJob({
  name: 'mail.deliver',
  payload: z.object({ personId: z.string(), mailId: z.string() }),
  async run(context, payload) {
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
    } finally {
      transport.close();
    }
    await markMailSent(context.db, personId, mail.mailId, context.clock());
  },
});
