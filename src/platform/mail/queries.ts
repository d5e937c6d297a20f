import { sql } from 'kysely';
import type { Db } from '../database/database.ts';
import type { PersonId } from '../ids.ts';

export interface MailMessage {
  personId: PersonId;
  mailId: string;
  recipient: string;
  subject: string;
  body: string;
  unsubscribeUrl: string | null;
}

export async function insertMail(db: Db, mail: MailMessage, at: Date): Promise<void> {
  await db
    .insertInto('mail_message')
    .values({
      person_id: mail.personId,
      mail_id: mail.mailId,
      recipient: mail.recipient,
      subject: mail.subject,
      body: mail.body,
      unsubscribe_url: mail.unsubscribeUrl,
      created_at: at,
    })
    .execute();
}

export async function selectUnsentMail(db: Db, personId: PersonId, mailId: string): Promise<MailMessage | null> {
  const row = await db
    .selectFrom('mail_message')
    .selectAll()
    .where('person_id', '=', personId)
    .where('mail_id', '=', mailId)
    .where('sent_at', 'is', null)
    .executeTakeFirst();
  return row
    ? {
        personId,
        mailId,
        recipient: row.recipient,
        subject: row.subject,
        body: row.body,
        unsubscribeUrl: row.unsubscribe_url,
      }
    : null;
}

export async function markMailSent(db: Db, personId: PersonId, mailId: string, at: Date): Promise<void> {
  await db
    .updateTable('mail_message')
    .set({ sent_at: at })
    .where('person_id', '=', personId)
    .where('mail_id', '=', mailId)
    .execute();
}

export async function deleteMailBefore(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    delete from mail_message where (person_id, mail_id) in (
      select person_id, mail_id from mail_message where created_at < ${moment} order by created_at limit ${limit})`.execute(
    db,
  );
  return Number(removed.numAffectedRows ?? 0);
}
