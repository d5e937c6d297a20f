import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Config, deriveKey } from '../../../../platform/config.ts';
import type { DraftId, PersonId } from '../../../../platform/ids.ts';

type Keys = Pick<Config, 'SECRET_KEY'>;

/**
 * Proves that we have given a new draft its id, for an appeal keeps the id of its draft: whoever chose one freely could take that of
 * another's appeal.
 */
export const sealNewDraft = (config: Keys, personId: PersonId, draftId: DraftId): string =>
  createHmac('sha256', deriveKey(config, 'new drafts of appeals')).update(`${personId} ${draftId}`).digest('base64url');

export function isSealed(config: Keys, personId: PersonId, draftId: DraftId, seal: string): boolean {
  const [expected, given] = [Buffer.from(sealNewDraft(config, personId, draftId)), Buffer.from(seal)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
