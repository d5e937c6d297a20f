import { type Actor, authorise, isOpenTo, personOf } from '../../platform/access.ts';
import { auditLook } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { NotFound } from '../../platform/errors.ts';
import { type StoredFile, selectFile } from '../../platform/files/queries.ts';
import type { FileId, HouseId, MeterId } from '../../platform/ids.ts';
import { access } from './access.ts';
import { selectPhotoReading } from './queries/photos.ts';

/**
 * The picture of a dial, a JPEG of our own making. A look by an organisation is written down: a picture may show more than a dial.
 * @throws NotFound unless the actor sent it, or acts for an organisation that the reading went to
 */
export async function viewPhoto(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  actor: Actor,
  { houseId, meterId, photoId }: { houseId: HouseId; meterId: MeterId; photoId: FileId },
): Promise<StoredFile> {
  authorise(actor, access.viewPhoto);
  const person = personOf(actor);
  const { personId, acting } = person;
  const organisationId = acting?.organisationId;
  if (acting && !isOpenTo(acting, houseId)) throw new NotFound();
  const viewer = organisationId ? { organisationId } : { personId };
  const reading = await selectPhotoReading(db, houseId, meterId, photoId, viewer);
  const file = reading && (await selectFile(db, photoId));
  if (!file) throw new NotFound();
  if (organisationId)
    await auditLook(db, person, {
      action: 'meters.photo_viewed',
      at: clock(),
      what: 'Снимок прибора учёта, который вы передали',
      thingId: photoId,
      subjects: reading.personId ? [reading.personId] : [],
      houseId,
      details: { meterId, readingId: reading.readingId },
    });
  return file;
}
