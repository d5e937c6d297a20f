import { Door, useMay } from '../../../pages/doors.tsx';
import {
  EmptyState,
  Field,
  Filter,
  formatNumericDate,
  formatQuantity,
  NO_FIGURE,
  Pager,
  Stack,
  Status,
  Table,
} from '../../../ui/index.ts';
import { access } from '../access.ts';
import { CATEGORY_NAMES, premisesLabel } from '../house.ts';
import type { selectPremisesPage } from '../queries/premises.ts';

type Row = Awaited<ReturnType<typeof selectPremisesPage>>[number];

interface PremisesTabProps {
  /** Address of the house's page. */
  path: string;
  rows: readonly Row[];
  hasMore: boolean;
  search: string;
  showOwners: boolean;
}

export function PremisesTab({ path, rows, hasMore, search, showOwners }: PremisesTabProps) {
  const load = useMay(access.loadHouses) ? { action: { href: '/work/uploads', label: 'Загрузить файлом' } } : {};
  const last = rows.at(-1);
  const next = new URLSearchParams({
    ...(search && { search }),
    digits: String(last?.digits ?? 0),
    number: last?.number ?? '',
    category: last?.category ?? '',
  });
  const owners = { key: 'owners', title: 'Прав собственности', numeric: true, cell: (row: Row) => Number(row.owners) };
  return (
    <Stack>
      <Filter action={path} active={search ? 1 : 0} resetHref={path} label="Поиск помещения">
        <Field kind="text" type="search" name="search" label="Номер помещения или его начало" value={search} short />
      </Filter>
      <Table
        caption="Помещения дома"
        captionHidden
        rows={rows}
        rowKey={(row) => row.premisesId}
        empty={
          search ? (
            <EmptyState title="Такого помещения нет" action={{ href: path, label: 'Показать все помещения' }}>
              Проверьте номер: он ищется с начала, как записан в карточке.
            </EmptyState>
          ) : (
            <EmptyState title="Помещений пока нет" {...load}>
              Они появятся после загрузки шаблона «Дома» или лицевых счетов.
            </EmptyState>
          )
        }
        columns={[
          {
            key: 'number',
            title: 'Помещение',
            heading: true,
            cell: (row) => (
              <Door to={access.viewPremises} href={`${path}/premises/${row.premisesId}`}>
                {premisesLabel(row) || 'Дом целиком'}
              </Door>
            ),
          },
          { key: 'category', title: 'Вид', cell: (row) => CATEGORY_NAMES[row.category] },
          { key: 'entrance', title: 'Подъезд', cell: (row) => row.entranceNumber ?? 'не указан' },
          {
            key: 'area',
            title: 'Общая площадь',
            numeric: true,
            cell: (row) => (row.totalArea ? formatQuantity(row.totalArea, 'м²') : NO_FIGURE),
          },
          ...(showOwners ? [owners] : []),
          {
            key: 'state',
            title: 'Состояние',
            cell: (row) =>
              row.closedOn ? (
                <Status tone="neutral">Закрыто {formatNumericDate(row.closedOn)}</Status>
              ) : (
                <Status tone="good">Действует</Status>
              ),
          },
        ]}
      />
      <Pager label="Страницы помещений" next={hasMore ? `${path}?${next}` : undefined} />
    </Stack>
  );
}
