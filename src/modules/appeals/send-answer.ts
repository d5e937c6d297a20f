import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { PartState } from './appeal.ts';
import type { DraftKey } from './save-answer.ts';

/** Sends a draft: to the author's cabinet and e-mail and to those who joined; the answer to a request goes to the inspectorate alone. */
export async function sendAnswer(
  _context: Context,
  _actor: Actor,
  _input: DraftKey & { key: string },
): Promise<{ number: string; state: PartState }> {
  throw new Error('not written yet');
}
