import { sql } from 'kysely';
import type { Db } from '../database/database.ts';
import type { PersonId } from '../ids.ts';
import type { Day } from '../month.ts';
import { type LetterContent, letterContent } from './content.ts';

export interface MailMessage {
  personId: PersonId;
  mailId: string;
  recipient: string;
  subject: string;
  /** The text without its footer. */
  body: string;
  /** Null for a letter from before letters were described: it has no HTML part. */
  content: LetterContent | null;
  kind: string;
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
      content: mail.content && JSON.stringify(mail.content),
      kind: mail.kind,
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
    .where('refused_at', 'is', null)
    .executeTakeFirst();
  return row
    ? {
        personId,
        mailId,
        recipient: row.recipient,
        subject: row.subject,
        body: row.body,
        content: row.content === null ? null : letterContent.parse(row.content),
        kind: row.kind,
        unsubscribeUrl: row.unsubscribe_url,
      }
    : null;
}

/** A letter that has gone out keeps no address that opens something by itself. */
export async function markMailSent(
  db: Db,
  { personId, mailId, content, body }: Pick<MailMessage, 'personId' | 'mailId' | 'content' | 'body'>,
  at: Date,
): Promise<void> {
  await db
    .updateTable('mail_message')
    .set((set) => ({
      ...{ sent_at: at, refusal: null, attempts: set('attempts', '+', 1) },
      ...{ content: content && JSON.stringify(content), body, unsubscribe_url: null },
    }))
    .where('person_id', '=', personId)
    .where('mail_id', '=', mailId)
    .execute();
}

/** Notes a try in vain and what was said. @returns how many there were by now */
export async function noteMailTrouble(
  db: Db,
  {
    personId,
    mailId,
    refusal,
    refusedAt,
  }: { personId: PersonId; mailId: string; refusal: string; refusedAt: Date | null },
): Promise<number> {
  const row = await db
    .updateTable('mail_message')
    .set((set) => ({ refusal, refused_at: refusedAt, attempts: set('attempts', '+', 1) }))
    .where('person_id', '=', personId)
    .where('mail_id', '=', mailId)
    .where('sent_at', 'is', null)
    .returning('attempts')
    .executeTakeFirst();
  return row?.attempts ?? 0;
}

export async function markMailRefused(db: Db, personId: PersonId, mailId: string, at: Date): Promise<void> {
  await db
    .updateTable('mail_message')
    .set({ refused_at: at })
    .where('person_id', '=', personId)
    .where('mail_id', '=', mailId)
    .where('sent_at', 'is', null)
    .execute();
}

/** The address has no mailbox, says its server. Kept in small letters. */
export async function upsertRefusedAddress(db: Db, address: string, refusal: string, at: Date): Promise<void> {
  await sql`insert into refused_address (address, refused_at, refusal) values (lower(${address}), ${at}::timestamptz, ${refusal})
    on conflict on constraint refused_address_pk do update set refused_at = excluded.refused_at, refusal = excluded.refusal`.execute(
    db,
  );
}

export async function deleteRefusedAddress(db: Db, address: string): Promise<void> {
  await sql`delete from refused_address where address = lower(${address})`.execute(db);
}

/** When and with what words an address was refused; null for one that letters reach, as far as we know. */
export async function selectRefusedAddress(
  db: Db,
  address: string,
): Promise<{ address: string; refusedAt: Date; refusal: string } | null> {
  const { rows } = await sql<{ address: string; refusedAt: Date; refusal: string }>`
    select address, refused_at as "refusedAt", refusal from refused_address where address = lower(${address})`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** Some letters of one person, with what became of them. */
export async function selectMailStates(db: Db, personId: PersonId, mailIds: readonly string[]) {
  if (mailIds.length === 0) return [];
  return db
    .selectFrom('mail_message')
    .select(['mail_id as mailId', 'recipient', 'created_at as createdAt', 'sent_at as sentAt', 'attempts'])
    .select(['refused_at as refusedAt', 'refusal'])
    .where('person_id', '=', personId)
    .where((where) => where('mail_id', '=', where.fn.any(where.val(mailIds as string[]))))
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

export interface MailCount {
  day: Day;
  kind: string;
  /** As in `LetterState`. */
  state: 'sent' | 'waiting' | 'retrying' | 'refused';
  count: number;
}

/** Letters since a moment by day of a zone, kind and what became of them. For the operator alone: it reads everybody's. */
export async function countMail(db: Db, since: Date, zone: string): Promise<MailCount[]> {
  const { rows } = await sql<MailCount>`
    select (created_at at time zone ${zone})::date as day, kind,
      case when sent_at is not null then 'sent' when refused_at is not null then 'refused' when attempts > 0 then 'retrying'
        else 'waiting' end as state,
      count(*)::int as count
    from mail_message where created_at >= ${since}::timestamptz group by 1, 2, 3 order by 1 desc, 2, 3`.execute(db);
  return rows;
}

/** How many letters have not gone out, by what became of them: of the index of unsent ones alone. */
export async function countUnsentMail(db: Db): Promise<{ waiting: number; retrying: number; refused: number }> {
  const { rows } = await sql<{ waiting: number; retrying: number; refused: number }>`
    select count(*) filter (where refused_at is null and attempts = 0)::int as waiting,
      count(*) filter (where refused_at is null and attempts > 0)::int as retrying,
      count(*) filter (where refused_at is not null)::int as refused
    from mail_message where sent_at is null`.execute(db);
  return rows[0]!;
}

export interface RefusedMail {
  personId: PersonId;
  mailId: string;
  kind: string;
  recipient: string;
  refusal: string;
  refusedAt: Date;
}

/** Letters that were refused for good, the last first. */
export async function selectRefusedMail(db: Db, limit: number): Promise<RefusedMail[]> {
  const { rows } = await sql<RefusedMail>`
    select person_id as "personId", mail_id as "mailId", kind, recipient, refusal, refused_at as "refusedAt"
    from mail_message where refused_at is not null order by refused_at desc limit ${limit}`.execute(db);
  return rows;
}

/** Lets a refused letter be tried again. @returns its address; null when it is not refused any more */
export async function reviveMail(db: Db, personId: PersonId, mailId: string): Promise<string | null> {
  const { rows } = await sql<{ recipient: string }>`
    update mail_message set refused_at = null, attempts = 0
    where person_id = ${personId} and mail_id = ${mailId} and refused_at is not null and sent_at is null
    returning recipient`.execute(db);
  return rows[0]?.recipient ?? null;
}
