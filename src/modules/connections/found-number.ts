import { z } from 'zod';
import type { Config } from '../../platform/config.ts';
import type { PersonId } from '../../platform/ids.ts';
import { sealedWords } from '../../platform/sealed-words.ts';

const Found = z.object({ number: z.string(), provider: z.string() });

/** What a person typed to find an account, as the form has it. */
export type FoundNumber = z.output<typeof Found>;

/**
 * The address of the step that proves an account names a number that the person's own form has found, sealed: no link of somebody else's
 * makes them look numbers up.
 */
export function foundNumbers(config: Pick<Config, 'SECRET_KEY'>, personId: PersonId, now: Date) {
  const words = sealedWords(config, { purpose: 'found numbers', personId, now });
  return {
    wrap: (found: FoundNumber) => words.wrap('number', found),
    /** Null for anything that was not sealed for this person, or too long ago. */
    unwrap: (text: string | undefined): FoundNumber | null => words.unwrap('number', Found, text),
  };
}
