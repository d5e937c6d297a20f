import { Card, counted, formatNumber, Pager, Table } from '../../../ui/index.ts';
import { kinds } from '../kinds/index.ts';
import type { Cause, NoteRow } from '../queries/verdicts.ts';
import { headingOf } from '../sections.ts';
import { columnLetter, type Difference, type Upload } from '../upload.ts';
import { isOfPeople, masked } from './concealed.ts';
import { pathOf } from './read-own.ts';

export interface NotePage {
  rows: readonly (NoteRow & { position: number; title: string })[];
  more: boolean;
  first: boolean;
  causes: readonly Cause[];
}

interface NotesProps {
  upload: Upload;
  page: NotePage;
  name: 'errors' | 'warnings';
  title: string;
  note: string;
}

/** «Разделы 3-6, строка 17, столбец K «Всего начислено»» in the clerk's own file. */
function placeWords(upload: Upload, { sheet: index, row, column }: Omit<Cause, 'rows' | 'message'> & { row?: number }) {
  const sheet = upload.details.sheets?.find((one) => one.index === index);
  const place = [sheet?.name ?? 'Лист', ...(row === undefined ? [] : [`строка ${row}`])].join(', ');
  if (column === null || !sheet) return place;
  const of = kinds[upload.kind].sections.find(({ key }) => key === sheet.section)!;
  return `${place}, столбец ${columnLetter(column)} «${headingOf(of, sheet.keys[sheet.columns.indexOf(column)] ?? '')}»`;
}

/** Thousands of notes have a few causes: whoever mends a whole column at once needs these. */
function Causes({ upload, causes, label }: { upload: Upload; causes: readonly Cause[]; label: string }) {
  if (causes.length === 0) return null;
  return (
    <Table
      caption={label}
      rows={causes.map((cause, index) => ({ ...cause, index }))}
      rowKey={({ index }) => String(index)}
      columns={[
        { key: 'what', title: 'Что', heading: true, cell: ({ message }) => sentence(message) },
        {
          key: 'place',
          title: 'Где',
          prose: true,
          cell: (cause) => placeWords(upload, { sheet: cause.sheet, column: cause.column }),
        },
        { key: 'rows', title: 'Строк', numeric: true, cell: ({ rows }) => formatNumber(rows) },
      ]}
    />
  );
}

/** Rows to look at, with where they are and what to type. */
export function Notes({ upload, page, name, title, note }: NotesProps) {
  const last = page.rows.at(-1);
  const next =
    last && page.more ? `${pathOf(upload)}?${name}=${last.sheet}-${last.row}-${last.position}#${name}` : undefined;
  return (
    <Card title={title} note={note} id={name}>
      <Causes upload={upload} causes={page.causes} label="Что повторяется чаще всего" />
      <Table
        caption={page.causes.length > 0 ? 'По строкам' : title}
        captionHidden={page.causes.length === 0}
        rows={page.rows}
        rowKey={({ sheet, row, position }) => `${sheet}-${row}-${position}`}
        columns={[
          { key: 'place', title: 'Где', heading: true, cell: (row) => placeWords(upload, row) },
          {
            key: 'what',
            title: name === 'errors' ? 'Что исправить' : 'Что проверить',
            prose: true,
            cell: ({ message }) => sentence(message),
          },
          { key: 'title', title: 'Запись', cell: (row) => row.title },
        ]}
      />
      <Pager label={title} next={next} previous={page.first ? undefined : `${pathOf(upload)}#${name}`} />
    </Card>
  );
}

const sentence = (message: string): string => `${message.charAt(0).toUpperCase()}${message.slice(1)}`;

/** The first differences in words: «было → стало». */
export function Differences({ upload, isOpen }: { upload: Upload; isOpen: boolean }) {
  const differences = upload.details.differences ?? [];
  if (differences.length === 0) return null;
  const shown = (one: Difference, value: string) => (!isOpen && isOfPeople(one) ? masked(value) : value);
  const done = upload.state === 'applied' || upload.state === 'undone';
  return (
    <Card
      title={done ? 'Что изменилось' : 'Что изменится'}
      note={
        upload.documents.changed + upload.documents.new > differences.length
          ? `Первые ${counted(differences.length, ['отличие', 'отличия', 'отличий'])}.`
          : undefined
      }
    >
      <Table
        caption={`Отличий показано: ${formatNumber(differences.length)}`}
        captionHidden
        rows={differences.map((difference, index) => ({ ...difference, index }))}
        rowKey={({ index }) => String(index)}
        columns={[
          { key: 'title', title: 'Запись', heading: true, cell: ({ title }) => title },
          { key: 'what', title: 'Что', cell: ({ what }) => what },
          { key: 'before', title: 'Было', prose: true, cell: (one) => shown(one, one.before) },
          { key: 'after', title: done ? 'Стало' : 'Станет', prose: true, cell: (one) => shown(one, one.after) },
        ]}
      />
    </Card>
  );
}
