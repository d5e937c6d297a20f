import type { HouseId } from '../../../platform/ids.ts';
import {
  Actions,
  Button,
  counted,
  EmptyState,
  ErrorSummary,
  Field,
  type FieldError,
  FieldGroup,
  Filter,
  Form,
  Notice,
  Pager,
  PageTitle,
  Stack,
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
  /** Where this page of the list begins. */
  after: string;
  id: string;
  next: string | undefined;
  saved: boolean;
  /** The letter has just gone. */
  invited: boolean;
  errors: readonly FieldError[];
  token: string;
}

/** Houses that are open to somebody, page by page: what a page shows is saved, the rest stays. */
export function HousesPage(props: HousesPageProps) {
  const { name, path, rows, chosen, count, search, after, id, next, saved, invited, errors, token } = props;
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle
        kicker="Открытые дома"
        lead={count === 0 ? 'Пока не открыт ни один дом.' : `Открыто ${counted(count, ['дом', 'дома', 'домов'])}.`}
      >
        {name}
      </PageTitle>
      {invited && (
        <Notice tone="good" announce title="Приглашение отправлено">
          Теперь отметьте дома, которые сотрудник увидит.
        </Notice>
      )}
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
          label="Открытые дома"
          hidden={{ search, after, id, shown: rows.map(({ houseId }) => houseId).join(' ') }}
        >
          <FieldGroup legend="Дома организации">
            {rows.map(({ houseId, address }) => (
              <Field
                key={houseId}
                kind="choice"
                as="checkbox"
                name={pickName(houseId)}
                label={address}
                options={[{ value: '1', label: address }]}
                value={chosen.has(houseId) ? '1' : ''}
              />
            ))}
          </FieldGroup>
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
