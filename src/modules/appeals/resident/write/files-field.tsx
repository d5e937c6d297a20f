import { ATTACHMENT_WORDS, type Verdict } from '../../../../platform/attachments/index.ts';
import { Button, Chosen, formatFileSize, Status, type StatusTone } from '../../../../ui/index.ts';
import { draftPath } from './draft-paths.ts';
import type { FormView, KeptFile } from './read-form.ts';

const STATES: Readonly<Record<Verdict, { tone: StatusTone; words: string }>> = {
  none: { tone: 'neutral', words: 'Приложен' },
  waiting: { tone: 'waiting', words: 'Проверяется' },
  clean: { tone: 'good', words: 'Проверен' },
  unscanned: { tone: 'good', words: 'Приложен' },
  unreadable: { tone: 'danger', words: 'Не открывается, замените' },
  infected: { tone: 'danger', words: 'Найден вирус, уберите' },
};

/** S-APP-17, S-APP-18. */
export function FilesField({ view, error }: { view: FormView; error: string | undefined }) {
  return (
    <Chosen
      name="files"
      label="Прикрепленные файлы"
      icon="paperclip"
      value={view.files.length > 0 ? <FileRows view={view} /> : undefined}
      empty="Файлов нет"
      hint={`Размер каждого файла не больше 50 Мб; форматы PDF, RTF, doc, docx, xls, xlsx, JPEG, JPG, TIFF. ${AND_MORE}`}
      action={{ choose: 'Добавить файл', change: 'Добавить файл' }}
      submit={{ name: 'then', value: 'files' }}
      error={error}
    />
  );
}

const AND_MORE = ATTACHMENT_WORDS.includes('HEIC') ? 'Снимки PNG и HEIC мы сами переведём в JPEG.' : '';

function FileRows({ view: { files, draft } }: { view: FormView }) {
  return (
    <span class="kept-files">
      {files.map((file) => (
        <span class="kept-files__row" key={file.fileId}>
          <FileWords file={file} href={`${draftPath(draft.draftId, 'files')}/${file.fileId}`} />
          <Button kind="quiet" icon="trash-2" name="then" value={`remove.${file.fileId}`}>
            Убрать<span class="visually-hidden"> {file.name}</span>
          </Button>
        </span>
      ))}
    </span>
  );
}

export function FileWords({ file, href }: { file: KeptFile; href: string }) {
  const verdict = file.attachment?.verdict;
  const { tone, words } = verdict
    ? STATES[verdict]
    : { tone: 'danger' as const, words: 'Не сохранился, приложите снова' };
  const mayOpen = verdict && verdict !== 'waiting' && verdict !== 'infected';
  return (
    <span class="kept-files__words">
      <span>{mayOpen ? <a href={href}>{file.name}</a> : file.name}</span>{' '}
      <span class="quiet">{formatFileSize(file.sizeBytes)}</span> <Status tone={tone}>{words}</Status>
      {file.description && <span class="quiet kept-files__about">{file.description}</span>}
    </span>
  );
}
