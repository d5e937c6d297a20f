import type { ComponentChildren } from 'preact';
import { hasPreview, hasThumbnail } from '../../../platform/attachments/index.ts';
import { FileList, type FileState, type ListedFile } from '../../../ui/index.ts';
import type { AppealFile, AppealKey } from '../appeal.ts';
import type { AppealAtDesk } from '../open-at-desk.ts';
import { DESK } from './queue-query.ts';

interface FilesProps {
  label: string;
  of: AppealKey;
  shown: readonly AppealFile[];
  files: AppealAtDesk['files'];
  action?: (file: AppealFile) => ComponentChildren;
}

/** Files of an appeal, of an answer or of a step; a detached signature says what it signs. */
export function Files({ label, of, shown, files, action }: FilesProps) {
  if (shown.length === 0) return null;
  const listed = shown.flatMap((file): ListedFile[] => {
    const attachment = files.get(file.fileId);
    if (!attachment || attachment.verdict === 'none') return [];
    const href = `${DESK}/${of.houseId}/${of.appealId}/files/${file.fileId}`;
    const signed = shown.find(({ fileId }) => fileId === file.signsFileId);
    return [
      {
        key: file.fileId,
        name: attachment.name,
        sizeBytes: attachment.sizeBytes,
        state: attachment.verdict satisfies FileState,
        href,
        previewHref: hasPreview(attachment) ? `${href}?preview=1` : undefined,
        thumbnail: hasThumbnail(attachment) ? `${href}?thumbnail=1` : undefined,
        description: signed
          ? `Подпись файла «${signed.name}». Действительность подписи не проверена.`
          : file.description,
        action: action?.(file),
      },
    ];
  });
  return <FileList label={label} files={listed} />;
}
