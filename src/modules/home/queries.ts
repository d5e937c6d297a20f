import type { Db } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import '../uploads/tables.ts';

/** Uploads that somebody waits for or that wait for somebody, the newest first. */
export async function selectOpenUploads(db: Db, organisationId: OrganisationId) {
  return db
    .selectFrom('upload')
    .select(['upload_id as uploadId', 'file_name as fileName', 'state', 'problem', 'changed_at as changedAt'])
    .where('organisation_id', '=', organisationId)
    .where('state', 'in', ['stored', 'reading', 'needs_mapping', 'checked', 'applying', 'refused', 'failed'])
    .orderBy('created_at', 'desc')
    .limit(20)
    .execute();
}
