import { type Attachment, hasPreview, hasThumbnail } from '../../../../platform/attachments/index.ts';
import type { FileId } from '../../../../platform/ids.ts';
import { FileList, type ListedFile } from '../../../../ui/index.ts';
import type { AppealFile, AppealKey } from '../../appeal.ts';
import { appealFilePath } from '../../paths.ts';

interface FilesProps {
  /** Read aloud before the list. */
  label: string;
  appeal: AppealKey;
  files: readonly AppealFile[];
  known: ReadonlyMap<FileId, Attachment>;
  /** Of the reader's own sending: even what nobody else may have comes back. */
  own: boolean;
}

/** Files with what may be done with each: shown in a window, downloaded, or why not. */
export const Files = ({ label, appeal, files, known, own }: FilesProps) => (
  <FileList label={label} files={files.map((file) => listed(file, files, { appeal, known, own }))} />
);

function listed(
  file: AppealFile,
  all: readonly AppealFile[],
  { appeal, known, own }: Pick<FilesProps, 'appeal' | 'known' | 'own'>,
): ListedFile {
  const { fileId, name, sizeBytes, description, signsFileId } = file;
  const path = appealFilePath(appeal, fileId);
  const attachment = known.get(fileId);
  const verdict = attachment?.verdict ?? 'none';
  const isGiven = attachment && (own || verdict !== 'unreadable');
  const signed = signsFileId && all.find((one) => one.fileId === signsFileId)?.name;
  const about = [
    signed && `Электронная подпись к файлу «${signed}»`,
    description,
    !attachment && 'Файл больше не хранится',
  ];
  return {
    key: fileId,
    name,
    sizeBytes,
    state: verdict === 'none' ? 'unscanned' : verdict,
    href: isGiven ? `${path}?download=1` : undefined,
    previewHref: isGiven && hasPreview(attachment) ? path : undefined,
    thumbnail: isGiven && hasThumbnail(attachment) ? `${path}?thumbnail=1` : undefined,
    description: about.filter(Boolean).join('. ') || undefined,
  };
}
