import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import { Conflict, NotFound } from '../errors.ts';
import { sendFile } from '../files/send-file.ts';
import type { FileStore } from '../files/store.ts';
import { contentDisposition } from '../http/content-disposition.ts';
import { type Attachment, hasPreview, MEDIA_TYPES } from './attachment.ts';
import { drawThumbnail } from './draw-anew.ts';

export interface Sending {
  /** `preview` shows pictures and PDF in the window; whatever has no preview is downloaded. `thumbnail` is a small picture for a list. */
  as: 'download' | 'preview' | 'thumbnail';
  /** The sender downloads what he sent, byte by byte; others get the copy drawn anew. Previews are of the copy for both. */
  whose: 'own' | 'others';
}

/**
 * Sends a file. The caller has made sure that the actor may have it.
 * @throws Conflict when it is not judged yet, or was found infected, or is a picture that nobody else may have
 * @throws NotFound for a thumbnail of what is no picture
 */
export async function sendAttachment(
  request: FastifyRequest,
  reply: FastifyReply,
  { files }: Pick<Context, 'files'>,
  attachment: Attachment,
  { as, whose }: Sending,
): Promise<FastifyReply> {
  refuseHeld(attachment, whose);
  if (as === 'thumbnail') return sendThumbnail(reply, files, attachment);
  const isPreview = as === 'preview' && hasPreview(attachment);
  const isOriginal = attachment.shownId === null || (whose === 'own' && !isPreview);
  const name = isOriginal ? attachment.name : attachment.shownName;
  const mediaType = isOriginal ? attachment.mediaType : attachment.shownMediaType;
  reply
    .type(mediaType)
    .header('content-disposition', contentDisposition(isPreview ? 'inline' : 'attachment', name))
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', POLICY)
    .header('cross-origin-resource-policy', 'same-origin')
    .header('cache-control', 'no-store');
  const { fileId, sizeBytes, sha256, shownId, shownSizeBytes, shownSha256 } = attachment;
  return sendFile(
    request,
    reply,
    files,
    isOriginal ? { fileId, sizeBytes, sha256 } : { fileId: shownId!, sizeBytes: shownSizeBytes, sha256: shownSha256 },
  );
}

/** Small enough to be drawn for each look: a copy of a picture is kept nowhere. */
async function sendThumbnail(reply: FastifyReply, files: FileStore, { shownId, shownMediaType }: Attachment) {
  if (!shownId || shownMediaType !== MEDIA_TYPES.jpeg) throw new NotFound();
  return reply
    .type(MEDIA_TYPES.jpeg)
    .header('content-disposition', 'inline; filename="thumbnail.jpg"')
    .header('content-security-policy', POLICY)
    .header('cross-origin-resource-policy', 'same-origin')
    .header('cache-control', 'no-store')
    .send(await files.withLocalCopy(shownId, drawThumbnail));
}

const STILL_WAITS = 'Файл ещё проверяется. Откройте его через несколько минут.';
const INFECTED = 'В файле найден вирус. Мы его никому не отдаём.';
const UNREADABLE =
  'Эту картинку не удалось открыть, поэтому мы её не показываем. Попросите отправителя приложить её снова.';

function refuseHeld({ verdict }: Attachment, whose: Sending['whose']): void {
  if (verdict === 'waiting') throw new Conflict(STILL_WAITS, 'file_waiting');
  if (verdict === 'infected') throw new Conflict(INFECTED, 'file_infected');
  if (verdict === 'unreadable' && whose === 'others') throw new Conflict(UNREADABLE, 'file_unreadable');
}

/** Whatever a file holds, it runs nothing and asks for nothing. Chromium's viewer shows a PDF under it all the same. */
const POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'";
