import type { Insertable } from 'kysely';
import type { Db, Tables } from '../../../platform/database/database.ts';
import type { AppealId, NoteId, OrganisationId } from '../../../platform/ids.ts';
import '../tables.ts';

export interface Note {
  noteId: NoteId;
  personName: string;
  text: string;
  at: Date;
}

/** An organisation's own notes on an appeal, the oldest first. */
export const selectNotes = (db: Db, organisationId: OrganisationId, appealId: AppealId): Promise<Note[]> =>
  db
    .selectFrom('appeal_note')
    .select(['note_id as noteId', 'person_name as personName', 'text', 'at'])
    .where('organisation_id', '=', organisationId)
    .where('appeal_id', '=', appealId)
    .orderBy('note_id')
    .limit(200)
    .execute();

export async function insertNote(db: Db, row: Insertable<Tables['appeal_note']>): Promise<void> {
  await db.insertInto('appeal_note').values(row).execute();
}
