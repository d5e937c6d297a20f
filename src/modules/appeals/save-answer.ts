import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { AnswerId, FileId } from '../../platform/ids.ts';
import type { Outcome } from './appeal.ts';
import type { GivenFile, PartKey } from './change-part.ts';

export interface AnswerDraft extends PartKey {
  /** Absent: a new draft. */
  answerId?: AnswerId;
  /** At most 35; made when it is empty at sending. */
  number: string;
  outcome: Outcome | null;
  performerPost: string;
  text: string;
  /** More answers will follow: the part stays open. */
  interim: boolean;
  /** When the draft was read: a newer save of a colleague is not overwritten in silence. */
  seenAt?: Date;
}

/** Keeps a draft of an answer; what is missing is asked for when it is sent. */
export async function saveAnswer(
  _context: Context,
  _actor: Actor,
  _input: AnswerDraft,
): Promise<{ answerId: AnswerId; changedAt: Date }> {
  throw new Error('not written yet');
}

export interface DraftKey extends PartKey {
  answerId: AnswerId;
}

/** Forgets a draft with its files. */
export async function deleteAnswer(_context: Context, _actor: Actor, _input: DraftKey): Promise<void> {
  throw new Error('not written yet');
}

export interface AnswerFile extends DraftKey {
  /** From `receiveAttachment`, or from `receiveSignature` for a detached signature. */
  file: GivenFile['received'];
  description?: string;
  /** Of a detached signature: the file of the same answer that it signs. */
  signsFileId?: FileId;
}

/** Puts a file to a draft. */
export async function attachToAnswer(
  _context: Context,
  _actor: Actor,
  _input: AnswerFile,
): Promise<{ fileId: FileId }> {
  throw new Error('not written yet');
}

/** Takes a file from a draft, with the signatures of it. */
export async function detachFromAnswer(
  _context: Context,
  _actor: Actor,
  _input: DraftKey & { fileId: FileId },
): Promise<void> {
  throw new Error('not written yet');
}
