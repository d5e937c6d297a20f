import type { Config } from '../config.ts';
import type { FileId } from '../ids.ts';

/** One file that a person attaches: 50 MB of 1024 × 1024 bytes, and not a byte more. */
export const ATTACHMENT_LIMIT = 50 * 1_048_576;

/** What a file is by its content. PNG and HEIC are pictures of phones: others see a JPEG of them. */
export const MEDIA_TYPES = {
  pdf: 'application/pdf',
  rtf: 'application/rtf',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  jpeg: 'image/jpeg',
  tiff: 'image/tiff',
  png: 'image/png',
  heic: 'image/heic',
} as const;
export type AttachmentKind = keyof typeof MEDIA_TYPES;

/** The first ending is given where a name has none or a foreign one. */
export const ENDINGS: Readonly<Record<AttachmentKind, readonly string[]>> = {
  pdf: ['pdf'],
  rtf: ['rtf'],
  doc: ['doc'],
  docx: ['docx'],
  xls: ['xls'],
  xlsx: ['xlsx'],
  jpeg: ['jpg', 'jpeg', 'jpe', 'jfif'],
  tiff: ['tif', 'tiff'],
  png: ['png'],
  heic: ['heic', 'heif'],
};

/** For `accept` of a file field. A phone offers its camera for the pictures. */
export const ATTACHMENT_ACCEPT = '.pdf,.rtf,.doc,.docx,.xls,.xlsx,.jpg,.jpeg,.tif,.tiff,.png,.heic,.heif';

/** What is taken, in words: shown before a file is chosen and with a refusal. */
export const ATTACHMENT_WORDS =
  'PDF, RTF, DOC, DOCX, XLS, XLSX, JPG, JPEG, TIFF, до 50 МБ каждый; снимки PNG и HEIC мы сами переведём в JPEG';

/** What is taken, and that nobody looks for viruses where that is so: for the hint of a file field. */
export const attachmentHint = ({ CLAMD_URL }: Pick<Config, 'CLAMD_URL'>): string =>
  CLAMD_URL ? `${ATTACHMENT_WORDS}.` : `${ATTACHMENT_WORDS}. Файлы не проверяются антивирусом.`;

/**
 * - `none`: no attachment, a file of another part
 * - `waiting`: nobody sees it until it is judged
 * - `clean`: scanned, nothing found
 * - `unscanned`: the installation has no scanner
 * - `unreadable`: a picture that cannot be drawn anew: its sender alone may have it back
 * - `infected`: nobody gets it
 */
export type Verdict = 'none' | 'waiting' | 'clean' | 'unscanned' | 'unreadable' | 'infected';

/** A file that is in the store and was recognised; it has no row yet. */
export interface ReceivedAttachment {
  fileId: FileId;
  /** Safe to show, to store and to download under. */
  name: string;
  mediaType: string;
  sizeBytes: number;
  /** Of the bytes as they were sent. */
  sha256: Buffer;
}

export interface Attachment {
  fileId: FileId;
  /** The copy that others see, drawn anew; null: they see the file itself. */
  shownId: FileId | null;
  name: string;
  /** Its name with the ending of what is shown. */
  shownName: string;
  mediaType: string;
  shownMediaType: string;
  sizeBytes: number;
  shownSizeBytes: number;
  sha256: Buffer;
  shownSha256: Buffer;
  verdict: Verdict;
  /** What the scanner found. */
  threat: string | null;
}

const PREVIEWED: readonly string[] = [MEDIA_TYPES.jpeg, MEDIA_TYPES.pdf];

/** Whether a browser may show it in its window: a picture that we have drawn ourselves, or a PDF. */
export const hasPreview = ({ verdict, shownMediaType, shownId }: Attachment): boolean =>
  (verdict === 'clean' || verdict === 'unscanned') &&
  PREVIEWED.includes(shownMediaType) &&
  (shownId !== null || shownMediaType === MEDIA_TYPES.pdf);

/** Whether there is a small picture of it. */
export const hasThumbnail = (attachment: Attachment): boolean =>
  hasPreview(attachment) && attachment.shownMediaType === MEDIA_TYPES.jpeg;
