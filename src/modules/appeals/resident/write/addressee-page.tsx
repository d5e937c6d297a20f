import type { FieldError } from '../../../../platform/errors.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  ChoiceTree,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  Filter,
  Form,
  Notice,
  Pager,
  PageTitle,
  Stack,
  Table,
} from '../../../../ui/index.ts';
import { LEGAL_FORMS } from '../../../organisations/index.ts';
import type { Draft } from '../../draft.ts';
import type { FoundAddressee, OfferedAddressee } from '../../find-addressees.ts';
import { draftPath } from './draft-paths.ts';

export interface AddresseeSearch {
  name: string;
  inn: string;
  ogrn: string;
  power: string;
  form: string;
  everywhere: boolean;
}

interface AddresseePageProps {
  draft: Draft;
  offered: readonly OfferedAddressee[];
  search: AddresseeSearch;
  /** Null before a search. */
  found: readonly FoundAddressee[] | null;
  next: string | undefined;
  /** The page is not the first. */
  first: string | undefined;
  powers: readonly { code: string; name: string }[];
  /** The author asked for the search at once. */
  isSearching: boolean;
  errors: readonly FieldError[];
  token: string;
}

/** «Выберите организацию-ответчика» (S-TO-1…6). */
export function AddresseePage(props: AddresseePageProps) {
  const { draft, offered, search, found, errors, token } = props;
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Сначала пишут тому, кто управляет домом или оказывает услугу. Если он не отвечает — в жилищную инспекцию.">
        Выберите организацию-ответчика
      </PageTitle>
      {found === null && <Offered draft={draft} offered={offered} errors={errors} token={token} />}
      <SearchForm
        draft={draft}
        search={search}
        powers={props.powers}
        isOpen={props.isSearching || found !== null || offered.length === 0}
      />
      {found !== null && <Found {...props} found={found} />}
      <p>
        <ButtonLink kind="quiet" icon="arrow-left" href={draftPath(draft.draftId)}>
          Вернуться к обращению
        </ButtonLink>
      </p>
    </Stack>
  );
}

export const addresseeValue = ({ organisationId, powerCode }: Pick<OfferedAddressee, 'organisationId' | 'powerCode'>) =>
  `${organisationId}.${powerCode}`;

function Offered({
  draft,
  offered,
  errors,
  token,
}: Pick<AddresseePageProps, 'draft' | 'offered' | 'errors' | 'token'>) {
  if (offered.length === 0)
    return (
      <Notice title={draft.address ? 'По этому адресу пока никого не нашлось' : 'Сначала выберите адрес'}>
        {draft.address
          ? 'В системе нет сведений, кто управляет этим домом. Найдите организацию по названию или ИНН из квитанции.'
          : 'Тогда мы покажем, кто управляет домом и оказывает в нём услуги. Или найдите организацию по названию.'}
      </Notice>
    );
  const row = (one: OfferedAddressee) => ({ value: addresseeValue(one), label: one.shortName, hint: one.why });
  const fitting = offered.filter(({ fits }) => fits);
  const others = offered.filter(({ fits }) => !fits);
  const top = (fitting.length > 0 ? fitting : others).map((one) => ({
    key: one.organisationId,
    label: one.shortName,
    options: [],
    option: row(one),
  }));
  const rest =
    fitting.length > 0 && others.length > 0
      ? [{ key: 'others', label: 'Другие организации этого дома и территории', options: others.map(row) }]
      : [];
  return (
    <Form action={draftPath(draft.draftId, 'addressee')} csrf={token}>
      <ChoiceTree
        name="addressee"
        label={draft.topicCode && fitting.length > 0 ? 'Подходят по адресу и теме' : 'Подходят по адресу'}
        groups={[...top, ...rest]}
        value={draft.addresseeId ? `${draft.addresseeId}.${draft.addresseePower}` : undefined}
        error={errorOf(errors, 'addressee')}
      />
      <Actions>
        <Button>Выбрать</Button>
        <ButtonLink kind="quiet" href={draftPath(draft.draftId)}>
          Отменить
        </ButtonLink>
      </Actions>
    </Form>
  );
}

const NOTHING = 'Значение не выбрано';

function SearchForm({
  draft,
  search,
  powers,
  isOpen,
}: Pick<AddresseePageProps, 'draft' | 'search' | 'powers'> & { isOpen: boolean }) {
  const action = draftPath(draft.draftId, 'addressee');
  const { everywhere, ...criteria } = search;
  const conditions = Object.values(criteria).filter(Boolean).length + (everywhere ? 1 : 0);
  return (
    <Filter
      action={action}
      active={conditions}
      resetHref={action}
      label="Расширенный поиск"
      openLabel="Свернуть поиск"
      open={isOpen}
    >
      <Field kind="text" name="name" label="Наименование" value={search.name} autocomplete="off" maxLength={200} />
      <Field
        kind="text"
        name="inn"
        label="ИНН"
        value={search.inn}
        autocomplete="off"
        inputMode="numeric"
        maxLength={12}
      />
      <Field
        kind="text"
        name="ogrn"
        label="ОГРН/ОГРНИП"
        value={search.ogrn}
        autocomplete="off"
        inputMode="numeric"
        maxLength={15}
      />
      <Field
        kind="choice"
        as="select"
        name="power"
        label="Полномочие"
        placeholder={NOTHING}
        value={search.power}
        options={powers.map(({ code, name }) => ({ value: code, label: name }))}
      />
      <Field
        kind="choice"
        as="select"
        name="form"
        label="Наименование организационно-правовой формы"
        placeholder={NOTHING}
        value={search.form}
        options={LEGAL_FORMS.map(({ code, name }) => ({ value: code, label: name }))}
      />
      <Field
        kind="choice"
        as="checkbox"
        name="everywhere"
        label="Где искать"
        options={[{ value: 'yes', label: 'Показать организации без учета адреса, указанного в обращении' }]}
        value={everywhere ? 'yes' : undefined}
      />
    </Filter>
  );
}

function Found({
  draft,
  search,
  found,
  next,
  first,
  token,
}: AddresseePageProps & { found: readonly FoundAddressee[] }) {
  return (
    <Card title="Результаты поиска">
      <Form action={draftPath(draft.draftId, 'addressee')} csrf={token} wide>
        <Table
          caption="Найденные организации"
          captionHidden
          rows={found}
          rowKey={({ organisationId }) => organisationId}
          empty={
            <EmptyState title="Организация не нашлась" action={{ href: '/support', label: 'Написать в поддержку' }}>
              {search.everywhere
                ? 'Проверьте ИНН по квитанции. Если организации здесь нет, напишите в службу поддержки: её добавят.'
                : 'Поставьте отметку «Показать организации без учета адреса» и поищите снова.'}
            </EmptyState>
          }
          columns={[
            { key: 'name', title: 'Наименование', heading: true, cell: ({ shortName }) => shortName },
            { key: 'inn', title: 'ИНН', cell: ({ inn }) => inn },
            { key: 'ogrn', title: 'ОГРН/ОГРНИП', cell: ({ ogrn }) => ogrn },
            { key: 'address', title: 'Адрес', prose: true, cell: ({ address }) => address ?? '—' },
            {
              key: 'choose',
              title: 'Выбор',
              cell: (one) => (
                <Button kind="secondary" name="addressee" value={addresseeValue(one)}>
                  Выбрать<span class="visually-hidden"> {one.shortName}</span>
                </Button>
              ),
            },
          ]}
        />
      </Form>
      <Pager label="Страницы организаций" previous={first} next={next} />
    </Card>
  );
}
