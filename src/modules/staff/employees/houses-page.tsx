import type { HouseId } from '../../../platform/ids.ts';
import {
  Actions,
  Button,
  counted,
  EmptyState,
  ErrorSummary,
  Field,
  type FieldError,
  Filter,
  Form,
  Notice,
  Pager,
  PageTitle,
  Stack,
  Table,
} from '../../../ui/index.ts';
import { BackLink } from './employees-page.tsx';

export const pickName = (houseId: HouseId): string => `house.${houseId}`;

interface HousesPageProps {
  /** Whose houses. */
  name: string;
  path: string;
  rows: readonly { houseId: HouseId; address: string }[];
  chosen: ReadonlySet<HouseId>;
  count: number;
  search: string;
  next: string | undefined;
  saved: boolean;
  errors: readonly FieldError[];
  token: string;
}

/** Houses that are open to somebody, page by page: what a page shows is saved, the rest stays. */
export function HousesPage({ name, path, rows, chosen, count, search, next, saved, errors, token }: HousesPageProps) {
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle
        kicker="Открытые дома"
        lead={count === 0 ? 'Пока не открыт ни один дом.' : `Открыто ${counted(count, ['дом', 'дома', 'домов'])}.`}
      >
        {name}
      </PageTitle>
      {saved && (
        <Notice tone="good" announce title="Сохранено">
          Другие страницы списка остались прежними.
        </Notice>
      )}
      <Filter action={path} active={search ? 1 : 0} resetHref={path} label="Поиск по адресу">
        <Field kind="text" type="search" name="search" label="Улица и дом" value={search} />
      </Filter>
      {rows.length === 0 ? (
        <EmptyState title={search ? 'По этому адресу домов нет' : 'У организации пока нет домов'}>
          {search ? 'Проверьте название улицы и номер дома.' : 'Сначала загрузите дома файлом.'}
        </EmptyState>
      ) : (
        <Form
          action={path}
          csrf={token}
          wide
          label="Открытые дома"
          hidden={{ search, shown: rows.map(({ houseId }) => houseId).join(' ') }}
        >
          <Table
            caption="Дома организации"
            captionHidden
            rows={rows}
            rowKey={({ houseId }) => houseId}
            columns={[
              {
                key: 'open',
                title: 'Открыт',
                cell: ({ houseId, address }) => (
                  <label class="pick">
                    <input type="checkbox" name={pickName(houseId)} value="1" checked={chosen.has(houseId)} />
                    <span class="visually-hidden">Открыть {address}</span>
                  </label>
                ),
              },
              {
                key: 'address',
                title: 'Адрес',
                heading: true,
                cell: ({ address }) => address,
              },
            ]}
          />
          <Actions>
            <Button>Сохранить эту страницу</Button>
            <BackLink />
          </Actions>
        </Form>
      )}
      <Pager label="Страницы домов" next={next} />
    </Stack>
  );
}
