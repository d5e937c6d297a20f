import { z } from 'zod';
import type { Config } from '../config.ts';
import { type FileId, isUuid, type PersonId } from '../ids.ts';
import { sealedWords } from '../sealed-words.ts';
import type { ReceivedAttachment } from './attachment.ts';

const fileId = z
  .string()
  .refine(isUuid)
  .transform((text) => text as FileId);
const Received = z.object({
  fileId,
  name: z.string(),
  mediaType: z.string(),
  sizeBytes: z.int(),
  sha256: z.string().transform((hex) => Buffer.from(hex, 'hex')),
});
const Begun = z.object({ partId: fileId, name: z.string(), sizeBytes: z.int() });

/** A file whose pieces are coming: `partId` names its row in arriving_file. */
export type BegunUpload = z.output<typeof Begun>;

/**
 * Files that came before their form are in the store and in no row. A page carries a sealed word of them, good for the same person and a
 * day: nobody can name a file that he has not sent.
 */
export function sealedFiles(config: Pick<Config, 'SECRET_KEY'>, personId: PersonId, now: Date) {
  const words = sealedWords(config, { purpose: 'attached files', personId, now });
  return {
    sealReceived: (file: ReceivedAttachment) =>
      words.wrap('received', { ...file, sha256: file.sha256.toString('hex') }),
    /** Null for anything that was not sealed for this person, or too long ago. */
    openReceived: (text: string): ReceivedAttachment | null => words.unwrap('received', Received, text),
    sealBegun: (upload: BegunUpload) => words.wrap('begun', upload),
    openBegun: (text: string): BegunUpload | null => words.unwrap('begun', Begun, text),
  };
}
