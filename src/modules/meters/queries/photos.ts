import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { FileId, HouseId, MeterId, OrganisationId, PersonId, ReadingId } from '../../../platform/ids.ts';
import '../tables.ts';

/** Gives a reading the picture it has not. @returns whether it had none */
export async function attachPhoto(
  trx: Transaction,
  houseId: HouseId,
  readingId: ReadingId,
  photoId: FileId,
): Promise<boolean> {
  const { numAffectedRows } = await sql`update reading set photo_id = ${photoId}
    where house_id = ${houseId} and reading_id = ${readingId} and photo_id is null`.execute(trx);
  return numAffectedRows === 1n;
}

/** Who may look at a picture: whoever sent it, or an organisation that the reading went to. */
export type PhotoViewer = { personId: PersonId } | { organisationId: OrganisationId };

/** Whose reading of a device shows the picture; null when there is none that the viewer may see. */
export async function selectPhotoReading(
  db: Db,
  houseId: HouseId,
  meterId: MeterId,
  photoId: FileId,
  viewer: PhotoViewer,
): Promise<{ readingId: ReadingId; personId: PersonId | null } | null> {
  const mine =
    'personId' in viewer
      ? sql<boolean>`person_id = ${viewer.personId}`
      : sql<boolean>`exists (select from reading_delivery where reading_delivery.house_id = ${houseId}
          and reading_delivery.reading_id = reading.reading_id and reading_delivery.provider_id = ${viewer.organisationId})`;
  const { rows } = await sql<{ readingId: ReadingId; personId: PersonId | null }>`
    select reading_id as "readingId", person_id as "personId" from reading
    where house_id = ${houseId} and meter_id = ${meterId} and photo_id = ${photoId} and ${mine}`.execute(db);
  return rows[0] ?? null;
}
