/** Files that people attach to what they write: received, judged, shown. */
export {
  ATTACHMENT_ACCEPT,
  ATTACHMENT_LIMIT,
  ATTACHMENT_WORDS,
  type Attachment,
  attachmentHint,
  hasPreview,
  hasThumbnail,
  type ReceivedAttachment,
  type Verdict,
} from './attachment.ts';
export { attachmentJobs, attachmentSchedule, tryScannerAndGoOn } from './jobs.ts';
export { judgeFile } from './judge-file.ts';
export { type FilesForm, readFilesForm } from './read-files-form.ts';
export { receiveAttachment, steadily } from './receive-attachment.ts';
export { readVerdicts, recordAttachment, removeAttachment } from './record-attachment.ts';
export { parseClamdUrl } from './scan/clamd.ts';
export { tryScanner } from './scan/probe.ts';
export { sendAttachment } from './send-attachment.ts';
export type { Pace } from './steady.ts';
export { registerAttachmentUploads } from './upload-routes.ts';
