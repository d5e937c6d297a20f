import { z } from 'zod';
import { type Config, deriveKey } from '../../../platform/config.ts';
import type { StoredBytes } from '../../../platform/files/files.ts';
import type { FileId, PersonId } from '../../../platform/ids.ts';
import { seal, unseal } from '../../../platform/sealing.ts';
import { type Dial, dialKey } from './reading-fields.ts';

const Kept = z.object({
  person: z.string(),
  dial: z.string(),
  file: z.string().transform((value) => value as FileId),
  bytes: z.int(),
  sha256: z.string(),
  until: z.int(),
});

/** Shorter than the sweep of forsaken files waits: what a page still names is there. */
const HOURS = 24;

/**
 * A picture waits in the store while its value is being asked about; a browser cannot send a file twice by itself. The page carries a
 * sealed word of it, which is good for the same person and dial alone, for a day.
 */
export function keptPhotos(config: Pick<Config, 'SECRET_KEY'>, personId: PersonId, now: Date) {
  const key = deriveKey(config, 'photos of readings');
  return {
    wrap: (dial: Dial, { fileId, sizeBytes, sha256 }: StoredBytes): string =>
      seal(
        key,
        JSON.stringify({
          person: personId,
          dial: dialKey(dial),
          file: fileId,
          bytes: sizeBytes,
          sha256: sha256.toString('hex'),
          until: now.getTime() + HOURS * 3_600_000,
        }),
      ).toString('base64url'),
    /** Null for anything that was not sealed for this person and dial. */
    unwrap(dial: Dial, text: string | undefined): StoredBytes | null {
      if (!text) return null;
      try {
        const kept = Kept.parse(JSON.parse(unseal(key, Buffer.from(text, 'base64url'))));
        if (kept.person !== personId || kept.dial !== dialKey(dial) || kept.until < now.getTime()) return null;
        return { fileId: kept.file, sizeBytes: kept.bytes, sha256: Buffer.from(kept.sha256, 'hex') };
      } catch {
        return null;
      }
    },
  };
}
