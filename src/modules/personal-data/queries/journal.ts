import type { Db } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import '../../../platform/audit/tables.ts';

/** What the person did themselves, in the order of doing. */
export async function selectOwnEvents(db: Db, personId: PersonId, after: string | null, limit: number) {
  let query = db
    .selectFrom('audit_event')
    .select(['event_id as eventId', 'at', 'action', 'organisation_id as organisationId'])
    .where('person_id', '=', personId);
  if (after) query = query.where('event_id', '>', after);
  return query.orderBy('event_id').limit(limit).execute();
}

export async function selectLettersOf(db: Db, personId: PersonId, after: string | null, limit: number) {
  let query = db
    .selectFrom('mail_message')
    .select(['mail_id as mailId', 'recipient', 'subject', 'body', 'created_at as createdAt', 'sent_at as sentAt'])
    .where('person_id', '=', personId);
  if (after) query = query.where('mail_id', '>', after);
  return query.orderBy('mail_id').limit(limit).execute();
}

/** Letters of before the deletion was asked for; the one that tells of it is swept like every other. */
export async function deleteLettersBefore(db: Db, personId: PersonId, moment: Date): Promise<void> {
  await db.deleteFrom('mail_message').where('person_id', '=', personId).where('created_at', '<', moment).execute();
}

/** What an erased person did as a resident. What they did for an organisation is its record of who decided. */
export async function deleteOwnEvents(db: Db, personId: PersonId): Promise<void> {
  await db.deleteFrom('audit_event').where('person_id', '=', personId).where('organisation_id', 'is', null).execute();
}
