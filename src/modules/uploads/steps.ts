import type { Context } from '../../platform/context.ts';
import { answerUpload } from './answer-upload.ts';
import { applyUpload } from './apply-upload.ts';
import { readUpload } from './read-upload.ts';
import type { StepName } from './run-apart.ts';
import { lookAtUndo } from './undo/look-at-undo.ts';
import { undoUpload } from './undo/undo-upload.ts';
import type { UploadKey } from './upload.ts';

/** The work of a step, in whatever process it runs. */
export const steps: Readonly<Record<StepName, (context: Context, key: UploadKey) => Promise<void>>> = {
  read: readUpload,
  apply: applyUpload,
  answer: answerUpload,
  look: lookAtUndo,
  undo: undoUpload,
};
