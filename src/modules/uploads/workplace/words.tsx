import { counted, formatNumber, Status, type StatusTone } from '../../../ui/index.ts';
import { THINGS, type Upload, type UploadState } from '../upload.ts';

export const ZONE = 'Europe/Moscow';

const STATES: Readonly<Record<UploadState, { tone: StatusTone; word: string }>> = {
  stored: { tone: 'waiting', word: 'В очереди' },
  reading: { tone: 'waiting', word: 'Проверяется' },
  needs_mapping: { tone: 'warn', word: 'Нужны столбцы' },
  checked: { tone: 'info', word: 'Ждёт решения' },
  applying: { tone: 'waiting', word: 'Загружается' },
  applied: { tone: 'good', word: 'Загружен' },
  undone: { tone: 'neutral', word: 'Отменён целиком' },
  refused: { tone: 'danger', word: 'Не принят' },
  failed: { tone: 'danger', word: 'Не получилось' },
  cancelled: { tone: 'neutral', word: 'Отменён' },
};

export function UploadStatus({ upload }: { upload: Upload }) {
  const { tone, word } = statusOf(upload);
  return <Status tone={tone}>{word}</Status>;
}

/** A file with nothing to load waits for nobody's decision. */
function statusOf({ state, documents }: Upload): { tone: StatusTone; word: string } {
  if (state !== 'checked' || documents.new + documents.changed > 0) return STATES[state];
  return documents.bad > 0 ? { tone: 'danger', word: 'С ошибками' } : { tone: 'neutral', word: 'Без изменений' };
}

const documentsDone = ({ documents }: Upload): number =>
  documents.new + documents.changed + documents.same + documents.bad;

export interface Progressing {
  label: string;
  value?: number;
  max?: number;
  note: string;
}

/** How far the present step of a running upload is. */
export function progressOf(upload: Upload): Progressing {
  const { state, documents, rowsRead, rowsTotal, kind } = upload;
  if (state === 'stored') return { label: 'Файл в очереди', note: 'Сейчас начнём читать.' };
  if (state === 'applying') {
    const max = documents.new + documents.changed;
    return {
      label: 'Загружаем',
      value: documents.applied,
      max,
      note: `Готово ${formatNumber(documents.applied)} из ${formatNumber(max)}`,
    };
  }
  if (rowsTotal === 0)
    return {
      label: 'Читаем файл',
      note: rowsRead === 0 ? 'Открываем файл.' : `Прочитано ${counted(rowsRead, ['строка', 'строки', 'строк'])}`,
    };
  const done = documentsDone(upload);
  return {
    label: 'Сверяем с тем, что уже есть',
    value: done,
    max: documents.total,
    note: `Сверено ${formatNumber(done)} из ${counted(documents.total, genitive(kind))}`,
  };
}

/** «из 21 документа»: the count stands after «из». */
const genitive = (kind: Upload['kind']): readonly [string, string, string] => {
  const [, one, many] = THINGS[kind];
  return [one, many, many];
};

const sentence = (parts: readonly (string | false)[]): string => {
  const text = parts.filter(Boolean).join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
};

const MOST_LETTERS = 90;

/** The first sentence, or as much of it as fits a list; the whole stands on the page of the file. */
function shorten(text: string): string {
  const first = /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
  return first.length <= MOST_LETTERS ? first : `${first.slice(0, MOST_LETTERS).replace(/\s+\S*$/, '')}…`;
}

/** What became of an upload, in one line for the list. */
export function summaryOf(upload: Upload): string {
  const { state, documents, kind, problem } = upload;
  const things = (count: number) => counted(count, THINGS[kind]);
  switch (state) {
    case 'applied':
      return [
        `Загружено: ${things(documents.applied)}`,
        documents.bad > 0 && `с ошибками: ${formatNumber(documents.bad)}`,
      ]
        .filter(Boolean)
        .join(', ');
    case 'undone':
      return `Было загружено и отменено: ${things(documents.applied)}`;
    case 'checked':
      return sentence([
        documents.new > 0 && `новых: ${formatNumber(documents.new)}`,
        documents.changed > 0 && `изменится: ${formatNumber(documents.changed)}`,
        documents.same > 0 && `без изменений: ${formatNumber(documents.same)}`,
        documents.bad > 0 && `с ошибками: ${formatNumber(documents.bad)}`,
      ]);
    case 'refused':
    case 'failed':
      return shorten(problem ?? '');
    case 'needs_mapping':
      return 'Укажите, что в незнакомых столбцах';
    case 'cancelled':
      return 'Ничего не загружено';
    default:
      return progressOf(upload).note;
  }
}
