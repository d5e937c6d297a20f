import type { Readable } from 'node:stream';
import type { Context } from '../context.ts';
import { Invalid } from '../errors.ts';
import type { StoredBytes } from '../files/files.ts';
import { ATTACHMENT_LIMIT, MEDIA_TYPES, type ReceivedAttachment } from './attachment.ts';
import { recognise } from './content/recognise.ts';
import { safeName } from './safe-name.ts';
import { type Pace, steady, UPLOAD_PACE } from './steady.ts';

/** The sender was too slow; nothing more of the request will come. */
export class Stalled extends Invalid {}

/** The bytes of a form's file while they keep coming; a slower sender is let go with `Stalled`. */
export const steadily = (content: Readable, { field, pace = UPLOAD_PACE }: { field: string; pace?: Pace }): Readable =>
  steady(
    content,
    pace,
    () =>
      new Stalled([
        {
          field,
          message: 'Файл шёл слишком медленно, и мы прервали приём. Попробуйте ещё раз, когда связь станет лучше.',
        },
      ]),
  );

/** What takes one file of a form. @throws Invalid, `Stalled` among them */
export type Receive = (
  context: Pick<Context, 'files'>,
  content: Readable,
  file: { name: string; field: string; pace?: Pace },
) => Promise<ReceivedAttachment>;

/**
 * Takes the bytes of one attachment into the store, piece by piece, and judges them there by their content; whatever name and type came
 * along prove nothing. A refused file is removed at once. What is received and never recorded goes with the nightly sweep.
 * @param name as the browser gave it
 * @param field the form's field that errors belong to
 * @throws Invalid that says what to do: too large, empty, of a kind that is not taken, damaged, or sent too slowly
 */
export async function receiveAttachment(
  context: Pick<Context, 'files'>,
  content: Readable,
  { name, field, pace = UPLOAD_PACE }: { name: string; field: string; pace?: typeof UPLOAD_PACE },
): Promise<ReceivedAttachment> {
  // One byte more than allowed is let through, so that a form's other fields behind a large file are still read.
  const bytes = await context.files.put(steadily(content, { field, pace }), {
    limitBytes: ATTACHMENT_LIMIT + 1,
    field,
  });
  return acceptBytes(context, bytes, { name, field });
}

/**
 * Judges bytes that are in the store already.
 * @throws Invalid as `receiveAttachment`; the bytes are removed then
 */
export async function acceptBytes(
  { files }: Pick<Context, 'files'>,
  bytes: StoredBytes,
  { name, field }: { name: string; field: string },
): Promise<ReceivedAttachment> {
  try {
    if (bytes.sizeBytes > ATTACHMENT_LIMIT)
      throw refusal(field, 'Файл больше 50 МБ. Уменьшите его или разделите на части.');
    const content = await files.withLocalCopy(bytes.fileId, (path) => recognise(path, bytes.sizeBytes));
    if ('refusal' in content) throw refusal(field, content.refusal);
    return { ...bytes, name: safeName(name, content.kind), mediaType: MEDIA_TYPES[content.kind] };
  } catch (error) {
    await files.remove(bytes.fileId);
    throw error;
  }
}

const refusal = (field: string, message: string) => new Invalid([{ field, message }]);
