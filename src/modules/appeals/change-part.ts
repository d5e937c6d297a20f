import type { ReceivedAttachment } from '../../platform/attachments/index.ts';
import type { AppealPartId } from '../../platform/ids.ts';
import type { AppealKey } from './appeal.ts';

/** Which addressee's handling of which appeal. */
export interface PartKey extends AppealKey {
  partId: AppealPartId;
}

/** A file that comes with a step: received before, recorded with the step. */
export interface GivenFile {
  received: ReceivedAttachment;
  description?: string;
}
