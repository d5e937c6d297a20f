import { useMay } from '../../../pages/doors.tsx';
import {
  Card,
  EmptyState,
  formatNumericDate,
  maskedName,
  type Option,
  Pager,
  Stack,
  Status,
  Table,
} from '../../../ui/index.ts';
import { access } from '../access.ts';
import { premisesLabel } from '../house.ts';
import type { selectEntrances, selectLifts } from '../queries/houses.ts';
import type { selectOwnersPage } from '../queries/ownership.ts';
import { formatShare } from '../share.ts';

type Rows<Query extends (...given: never[]) => Promise<unknown[]>> = Awaited<ReturnType<Query>>;

interface EntrancesProps {
  entrances: Rows<typeof selectEntrances>;
  lifts: Rows<typeof selectLifts>;
  kinds: readonly Option[];
}

export function EntrancesTab({ entrances, lifts, kinds }: EntrancesProps) {
  const load = useMay(access.loadHouses) ? { action: { href: '/work/uploads', label: 'Загрузить файлом' } } : {};
  const kindOf = (code: string | null) => kinds.find((kind) => kind.value === code)?.label ?? 'не указан';
  return (
    <Stack>
      <Card title="Подъезды">
        <Table
          caption="Подъезды"
          captionHidden
          rows={entrances}
          rowKey={(row) => row.entranceId}
          empty={
            <EmptyState title="Подъездов пока нет" {...load}>
              Они появятся после загрузки шаблона «Дома».
            </EmptyState>
          }
          columns={[
            { key: 'number', title: 'Подъезд', heading: true, cell: (row) => row.number },
            { key: 'storeys', title: 'Этажей', numeric: true, cell: (row) => row.storeys ?? 'не указано' },
            { key: 'built', title: 'Год постройки', numeric: true, cell: (row) => row.yearBuilt ?? 'не указан' },
            {
              key: 'state',
              title: 'Состояние',
              cell: (row) =>
                row.closedOn ? (
                  <Status tone="neutral">Закрыт {formatNumericDate(row.closedOn)}</Status>
                ) : (
                  <Status tone="good">Действует</Status>
                ),
            },
          ]}
        />
      </Card>
      <Card title="Лифты">
        <Table
          caption="Лифты"
          captionHidden
          rows={lifts}
          rowKey={(row) => row.liftId}
          empty={<p>Лифтов в карточке дома нет. Если они есть, добавьте их в шаблон «Дома» и загрузите файл.</p>}
          columns={[
            { key: 'number', title: 'Заводской номер', heading: true, cell: (row) => row.factoryNumber },
            { key: 'entrance', title: 'Подъезд', cell: (row) => row.entranceNumber },
            { key: 'kind', title: 'Тип', cell: (row) => kindOf(row.kindCode) },
            { key: 'limit', title: 'Срок службы', cell: (row) => row.serviceLimit ?? 'не указан' },
          ]}
        />
      </Card>
    </Stack>
  );
}

interface OwnersProps {
  houseId: string;
  rows: Rows<typeof selectOwnersPage>;
  hasMore: boolean;
}

export function OwnersTab({ houseId, rows, hasMore }: OwnersProps) {
  const path = `/work/houses/${houseId}`;
  return (
    <Stack>
      <Table
        caption="Действующие права собственности"
        captionHidden
        rows={rows}
        rowKey={(row) => row.ownershipId}
        empty={
          <EmptyState title="Прав собственности пока не записано" action={{ href: path, label: 'К помещениям' }}>
            Право записывают на странице помещения: откройте её и нажмите «Записать право».
          </EmptyState>
        }
        columns={[
          {
            key: 'premises',
            title: 'Помещение',
            heading: true,
            cell: (row) => <a href={`${path}/premises/${row.premisesId}`}>{premisesLabel(row) || 'Дом целиком'}</a>,
          },
          { key: 'owner', title: 'Собственник', cell: ownerShort },
          { key: 'share', title: 'Доля', cell: formatShare },
          {
            key: 'since',
            title: 'Зарегистрировано',
            cell: (row) => (row.registeredOn ? formatNumericDate(row.registeredOn) : 'не указано'),
          },
        ]}
      />
      <Pager
        label="Страницы собственников"
        next={hasMore ? `${path}/owners?after=${rows.at(-1)?.ownershipId}` : undefined}
      />
    </Stack>
  );
}

const ownerShort = (row: OwnersProps['rows'][number]): string =>
  row.holder === 'organisation'
    ? (row.organisationName ?? 'Организация')
    : maskedName({ last: row.familyName ?? '', first: row.givenName ?? '', middle: row.middleName });
