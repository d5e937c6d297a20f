import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { PartKey } from './change-part.ts';

export type WaiverCause =
  | 'abusive'
  | 'unreadable'
  | 'no_substance'
  | 'repeated'
  | 'published'
  | 'secret'
  | 'judicial'
  | 'duplicate'
  | 'thanks'
  | 'other';

export interface Waiver {
  cause: WaiverCause;
  /** With the article, as the author reads it. */
  words: string;
  needsComment: boolean;
}

/** Why an addressee of the role need not answer: for bodies of power the closed list of 59-ФЗ, ст. 11. */
export function waiversOf(_powerCode: string): readonly Waiver[] {
  throw new Error('not written yet');
}

/** Closes a part without an answer, for a cause that the author reads. */
export async function waiveAnswer(
  _context: Context,
  _actor: Actor,
  _input: PartKey & { cause: WaiverCause; comment?: string; key: string },
): Promise<void> {
  throw new Error('not written yet');
}
