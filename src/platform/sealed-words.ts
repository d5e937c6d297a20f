import type { z } from 'zod';
import { type Config, deriveKey } from './config.ts';
import type { PersonId } from './ids.ts';
import { seal, unseal } from './sealing.ts';

const HOURS = 24;

/**
 * Words that a page carries and its person cannot make up: good for that person, purpose and kind alone, for a day, which is shorter than
 * the sweep of forsaken files waits.
 */
export function sealedWords(
  config: Pick<Config, 'SECRET_KEY'>,
  { purpose, personId, now }: { purpose: string; personId: PersonId; now: Date },
) {
  const key = deriveKey(config, purpose);
  return {
    wrap(kind: string, content: object): string {
      const until = now.getTime() + HOURS * 3_600_000;
      return seal(key, JSON.stringify({ kind, personId, until, content })).toString('base64url');
    },
    /** Null for anything that was not sealed so. */
    unwrap<T>(kind: string, schema: z.ZodType<T>, text: string | undefined): T | null {
      if (!text) return null;
      try {
        const word = JSON.parse(unseal(key, Buffer.from(text, 'base64url')));
        if (word.kind !== kind || word.personId !== personId || word.until < now.getTime()) return null;
        return schema.parse(word.content);
      } catch {
        return null;
      }
    },
  };
}
