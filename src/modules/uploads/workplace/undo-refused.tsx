import {
  Actions,
  Button,
  ButtonLink,
  Card,
  counted,
  DefinitionList,
  Form,
  formatDateTime,
  formatNumber,
  Notice,
  Pager,
  Table,
} from '../../../ui/index.ts';
import type { ListedDependent } from '../queries/undo.ts';
import { DEPENDENT_NAMES, type Dependent, type Undo } from '../undo/undo.ts';
import type { Upload } from '../upload.ts';
import { pathOf } from './read-own.ts';
import { WAY } from './undo-words.ts';
import { ZONE } from './words.tsx';

export interface Dependents {
  rows: readonly ListedDependent[];
  more: boolean;
  first: boolean;
  counts: readonly { kind: Dependent['kind']; count: number }[];
  /** Later ones that have to be taken back before. */
  uploads: readonly { uploadId: string; fileName: string; createdAt: Date }[];
}

interface Props {
  upload: Upload;
  undo: Undo;
  dependents: Dependents;
  csrf: string;
}

export const LookAgain = ({
  upload,
  csrf,
  words,
  kind,
}: Pick<Props, 'upload' | 'csrf'> & { words: string; kind?: 'secondary' }) => (
  <Form action={`${pathOf(upload)}/undo/look`} csrf={csrf} label="Проверка">
    <Button {...(kind && { kind })}>{words}</Button>
  </Form>
);

/** What depends, and the way that is left. */
export function Refused({ upload, undo, dependents, csrf }: Props) {
  const path = pathOf(upload);
  const last = dependents.rows.at(-1);
  return (
    <>
      <Notice
        tone="danger"
        title={`Отменить нельзя: от загрузки зависит ${counted(undo.dependents, ['запись', 'записи', 'записей'])}`}
        announce
      >
        {undo.problem && <p>{undo.problem}</p>}
        <p>{WAY[upload.kind]}</p>
        {dependents.uploads.length > 0 && (
          <>
            <p>Раньше этой нужно отменить:</p>
            <ul>
              {dependents.uploads.map(({ uploadId, fileName, createdAt }) => (
                <li key={uploadId}>
                  <a href={`/work/uploads/${uploadId}/undo`}>{fileName}</a>, {formatDateTime(createdAt, ZONE)}
                </li>
              ))}
            </ul>
          </>
        )}
        <Actions>
          <ButtonLink href={`/work/uploads/new?kind=${upload.kind}`} icon="upload">
            {upload.kind === 'bills' ? 'Загрузить исправленные квитанции' : 'Загрузить файл с верными данными'}
          </ButtonLink>
          <ButtonLink kind="secondary" icon="download" href={`${path}/undo/dependents.csv`} download>
            Скачать список
          </ButtonLink>
          <ButtonLink kind="quiet" href={`/work/uploads/templates/${upload.kind}`} download>
            Скачать шаблон
          </ButtonLink>
        </Actions>
      </Notice>
      <Card title="Что зависит" note={`Проверено ${formatDateTime(undo.lookedAt!, ZONE)}.`}>
        <DefinitionList
          items={dependents.counts.map(({ kind, count }) => ({
            term: DEPENDENT_NAMES[kind],
            value: formatNumber(count),
          }))}
        />
        <Table
          caption="Записи"
          captionHidden
          rows={dependents.rows}
          rowKey={({ position }) => String(position)}
          columns={[
            { key: 'title', title: 'Где', heading: true, cell: (row) => <Where row={row} /> },
            { key: 'kind', title: 'Почему', cell: ({ kind }) => DEPENDENT_NAMES[kind] },
            { key: 'what', title: 'Подробно', prose: true, cell: (row) => <What row={row} /> },
          ]}
        />
        <Pager
          label="Страницы зависимых записей"
          next={last && dependents.more ? `${path}/undo?after=${last.position}` : undefined}
          previous={dependents.first ? undefined : `${path}/undo`}
        />
        <LookAgain upload={upload} csrf={csrf} words="Проверить ещё раз" kind="secondary" />
      </Card>
    </>
  );
}

function Where({ row: { houseId, accountId, title } }: { row: ListedDependent }) {
  if (!houseId || !accountId) return <span>{title}</span>;
  return <a href={`/work/houses/${houseId}/accounts/${accountId}`}>{title}</a>;
}

function What({ row }: { row: ListedDependent }) {
  const { houseId, accountId, documentId, what } = row;
  return (
    <>
      {what}.
      {houseId && accountId && documentId && (
        <>
          {' '}
          <a href={`/work/houses/${houseId}/accounts/${accountId}/money/${documentId}`}>Открыть квитанцию</a>
        </>
      )}
    </>
  );
}
