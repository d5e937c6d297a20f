import { hasPreview } from '../../../../platform/attachments/index.ts';
import { Button, Chosen, counted, FileList, type ListedFile } from '../../../../ui/index.ts';
import type { Draft } from '../../draft.ts';
import { draftPath } from './draft-paths.ts';
import type { FormView, KeptFile } from './read-form.ts';

/** S-APP-18, and what more is taken. */
export const FILE_NOTICE =
  'Размер каждого файла не больше 50 МБ; форматы PDF, RTF, doc, docx, xls, xlsx, JPEG, JPG, TIFF. Снимки PNG и HEIC мы сами переведём в JPEG.';

/** «Прикрепленные файлы» of the form (S-APP-17). */
export function FilesField({ view: { draft, files }, error }: { view: FormView; error: string | undefined }) {
  return (
    <Chosen
      name="files"
      label="Прикрепленные файлы"
      icon="paperclip"
      value={files.length > 0 && counted(files.length, ['файл', 'файла', 'файлов'])}
      empty="Файлов нет"
      hint={FILE_NOTICE}
      action={{ choose: 'Добавить файл', change: 'Добавить файл' }}
      submit={{ name: 'go', value: 'files' }}
      error={error}
    >
      {files.length > 0 && (
        <FileList
          label="Прикрепленные файлы"
          files={files.map((file) => ({
            ...listedFile(draft, file),
            action: (
              <Button kind="quiet" icon="trash-2" name="go" value={`remove.${file.fileId}`}>
                Убрать<span class="visually-hidden"> {file.name}</span>
              </Button>
            ),
          }))}
        />
      )}
    </Chosen>
  );
}

/** A file that the store has lost reads as one that does not open: its author attaches it again. */
export function listedFile({ draftId }: Pick<Draft, 'draftId'>, file: KeptFile): ListedFile {
  const href = `${draftPath(draftId, 'files')}/${file.fileId}`;
  const { attachment } = file;
  const verdict = attachment?.verdict ?? 'unreadable';
  return {
    key: file.fileId,
    name: file.name,
    sizeBytes: file.sizeBytes,
    state: verdict === 'none' ? 'unscanned' : verdict,
    href: attachment ? href : undefined,
    previewHref: attachment && hasPreview(attachment) ? `${href}?show=1` : undefined,
    description: file.description || undefined,
  };
}
