import type { Readable } from 'node:stream';
import { type Actor, authorise, personOf } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { NotFound } from '../../platform/errors.ts';
import { selectFile } from '../../platform/files/queries.ts';
import type { FileId, HouseId, MeterId } from '../../platform/ids.ts';
import { access } from './access.ts';
import { selectPhotoReading } from './queries/photos.ts';

/**
 * The picture of a dial, a JPEG of our own making. A look by an organisation is written down: a picture may show more than a dial.
 * @throws NotFound unless the actor sent it, or acts for an organisation that the reading went to
 */
export async function viewPhoto(
  { db, clock, files }: Context,
  actor: Actor,
  { houseId, meterId, photoId }: { houseId: HouseId; meterId: MeterId; photoId: FileId },
): Promise<{ content: Readable; sizeBytes: number }> {
  authorise(actor, access.viewPhoto);
  const { personId, acting } = personOf(actor);
  const organisationId = acting?.organisationId;
  const viewer = organisationId ? { organisationId } : { personId };
  const reading = await selectPhotoReading(db, houseId, meterId, photoId, viewer);
  const file = reading && (await selectFile(db, photoId));
  if (!file) throw new NotFound();
  if (organisationId)
    await audit(db, {
      actor: personId,
      action: 'meters.photo_viewed',
      at: clock(),
      organisationId,
      houseId,
      subject: reading.personId,
      details: { meterId, readingId: reading.readingId },
    });
  return { content: files.open(photoId), sizeBytes: file.sizeBytes };
}
