import type { ComponentChildren } from 'preact';
import { formatFileSize } from './format.ts';
import { Icon } from './icon.tsx';
import { Status, type StatusTone } from './status.tsx';

/** What became of a file: as its verdict says. */
export type FileState = 'waiting' | 'clean' | 'unscanned' | 'unreadable' | 'infected';

export interface ListedFile {
  key: string;
  name: string;
  sizeBytes: number;
  state: FileState;
  /** Where it is downloaded; without it the name is no link. */
  href?: string | undefined;
  /** Where it is shown in a window of its own. */
  previewHref?: string | undefined;
  /** The address of a small picture of it, for 56 × 56. */
  thumbnail?: string | undefined;
  description?: ComponentChildren;
  /** «Удалить» with its form. */
  action?: ComponentChildren;
}

interface FileListProps {
  /** «Приложенные файлы»: read aloud before the list. */
  label: string;
  files: readonly ListedFile[];
}

const STATES: Readonly<Record<FileState, { tone: StatusTone; words: string; note?: string }>> = {
  waiting: { tone: 'waiting', words: 'Проверяется', note: 'Получатель увидит файл после проверки.' },
  clean: { tone: 'good', words: 'Проверен' },
  unscanned: { tone: 'neutral', words: 'Без проверки антивирусом' },
  unreadable: {
    tone: 'warn',
    words: 'Не открывается',
    note: 'Картинка повреждена, получатель её не увидит. Приложите её снова.',
  },
  infected: { tone: 'danger', words: 'Найден вирус', note: 'Файл никому не показывается и не скачивается.' },
};

/** Files that are attached to something, with what became of each. */
export function FileList({ label, files }: FileListProps) {
  return (
    <ul class="files" aria-label={label}>
      {files.map((file) => (
        <FileItem key={file.key} file={file} />
      ))}
    </ul>
  );
}

function FileItem({ file }: { file: ListedFile }) {
  const { name, sizeBytes, state, href, previewHref, thumbnail, description, action } = file;
  const { tone, words, note } = STATES[state];
  const isHeld = state === 'waiting' || state === 'infected';
  return (
    <li class="files__item">
      <span class="files__sign">
        {thumbnail && !isHeld ? (
          <span class="photo">
            <img src={thumbnail} alt="" width={56} height={56} loading="lazy" decoding="async" />
          </span>
        ) : (
          <Icon name="file-text" />
        )}
      </span>
      <div class="files__words">
        <p class="files__name">
          {href && !isHeld ? (
            <a href={href} download>
              {name}
            </a>
          ) : (
            name
          )}
        </p>
        <p class="files__about">
          <span class="quiet">{formatFileSize(sizeBytes)}</span> <Status tone={tone}>{words}</Status>
          {previewHref && !isHeld && (
            <a class="files__preview" href={previewHref} target="_blank" rel="noopener">
              Посмотреть<span class="visually-hidden"> {name}, в новом окне</span>
            </a>
          )}
        </p>
        {note && <p class="quiet">{note}</p>}
        {description && <div>{description}</div>}
      </div>
      {action && <div class="files__action">{action}</div>}
    </li>
  );
}
