import type { DamagedFile, StoreHealth } from '../../platform/files/queries.ts';
import {
  Card,
  type Column,
  DefinitionList,
  EmptyState,
  formatDateTime,
  formatFileSize,
  Notice,
  PageTitle,
  Stack,
  Status,
  Table,
} from '../../ui/index.ts';

interface StoragePageProps {
  place: string;
  health: StoreHealth;
  damaged: readonly DamagedFile[];
  now: Date;
}

/** The installation has no zone of its own. */
const ZONE = 'Europe/Moscow';
const WORDS = { missing: 'Файла нет', changed: 'Содержимое другое', unreadable: 'Не читается' } as const;

const COLUMNS: readonly Column<DamagedFile>[] = [
  { key: 'file', title: 'Файл', heading: true, prose: true, cell: ({ fileId }) => <code>{fileId}</code> },
  { key: 'damage', title: 'Что не так', cell: ({ damage }) => <Status tone="danger">{WORDS[damage]}</Status> },
  { key: 'type', title: 'Вид', cell: ({ mediaType }) => mediaType },
  { key: 'size', title: 'Размер', numeric: true, cell: ({ sizeBytes }) => formatFileSize(sizeBytes) },
  { key: 'created', title: 'Принят', cell: ({ createdAt }) => formatDateTime(createdAt, ZONE) },
  { key: 'checked', title: 'Проверен', cell: ({ checkedAt }) => formatDateTime(checkedAt, ZONE) },
];

/** Every file is read again once a week; what does not match its row is listed, with what to do. */
export function StoragePage({ place, health, damaged, now }: StoragePageProps) {
  const { missing, changed, unreadable } = health.damaged;
  const count = missing + changed + unreadable;
  return (
    <Stack>
      <PageTitle lead="Каждый файл раз в неделю читается заново и сравнивается с тем, что было принято. Повреждённые проверяются каждый час.">
        Хранилище файлов
      </PageTitle>
      <Card title="Состояние">
        <DefinitionList
          items={[
            { term: 'Где лежат файлы', value: <code>{place}</code> },
            { term: 'Файла нет в хранилище', value: String(missing) },
            { term: 'Содержимое не то, что принято', value: String(changed) },
            { term: 'Не читается', value: String(unreadable) },
            {
              term: 'Остальные проверены или приняты не раньше',
              value: health.checkedSince && formatDateTime(health.checkedSince, ZONE),
              empty: 'Файлов ещё нет',
            },
          ]}
        />
        {isBehind(health, now) && (
          <Notice tone="warn" title="Проверка отстаёт">
            Давно не прочитаны некоторые файлы. Посмотрите, работает ли исполнитель заданий и доступно ли хранилище:
            причина есть в его журнале.
          </Notice>
        )}
      </Card>
      <Table
        caption="Повреждённые файлы"
        columns={COLUMNS}
        rows={damaged}
        rowKey={({ fileId }) => fileId}
        empty={
          <EmptyState title="Повреждённых файлов нет">
            Если такой найдётся, он появится здесь, в журнале исполнителя заданий и в показателе domovoy_files_damaged.
          </EmptyState>
        }
      />
      {count > damaged.length && (
        <p>
          Показаны первые {damaged.length} из {count}.
        </p>
      )}
      {count > 0 && (
        <Notice tone="info" title="Как вернуть">
          Файл с этим же именем лежит в резервной копии, в папке files. Положите его обратно туда, где он был; в течение
          часа проверка увидит его и уберёт из списка.
        </Notice>
      )}
    </Stack>
  );
}

/** A week to be due, and a week to get through what is due. */
const BEHIND_MS = 14 * 24 * 3_600_000;
const isBehind = ({ checkedSince }: StoreHealth, now: Date) =>
  checkedSince !== null && now.getTime() - checkedSince.getTime() > BEHIND_MS;
