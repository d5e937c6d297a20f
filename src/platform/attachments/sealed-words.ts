import { z } from 'zod';
import { type Config, deriveKey } from '../config.ts';
import { type FileId, isUuid, type PersonId } from '../ids.ts';
import { seal, unseal } from '../sealing.ts';
import type { ReceivedAttachment } from './attachment.ts';

/** Shorter than the sweep of forsaken files waits: what a word names is there. */
const HOURS = 24;

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
export function sealedWords(config: Pick<Config, 'SECRET_KEY'>, personId: PersonId, now: Date) {
  const key = deriveKey(config, 'attached files');
  const wrap = (kind: string, content: object): string => {
    const until = now.getTime() + HOURS * 3_600_000;
    return seal(key, JSON.stringify({ kind, personId, until, content })).toString('base64url');
  };
  const unwrap = <T>(kind: string, schema: z.ZodType<T>, text: string): T | null => {
    try {
      const word = JSON.parse(unseal(key, Buffer.from(text, 'base64url')));
      if (word.kind !== kind || word.personId !== personId || word.until < now.getTime()) return null;
      return schema.parse(word.content);
    } catch {
      return null;
    }
  };
  return {
    sealReceived: (file: ReceivedAttachment) => wrap('received', { ...file, sha256: file.sha256.toString('hex') }),
    /** Null for anything that was not sealed for this person, or too long ago. */
    openReceived: (text: string): ReceivedAttachment | null => unwrap('received', Received, text),
    sealBegun: (upload: BegunUpload) => wrap('begun', upload),
    openBegun: (text: string): BegunUpload | null => unwrap('begun', Begun, text),
  };
}
