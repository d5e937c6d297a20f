import type { Typed } from '../../platform/http/forms.ts';
import {
  Button,
  ButtonLink,
  Card,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  FieldGroup,
  Filter,
  Form,
  Notice,
  Pager,
  PageTitle,
  Stack,
  Table,
} from '../../ui/index.ts';
import { CardFields } from './card-form.tsx';
import type { selectOrganisationPage } from './queries/cards.ts';

const LIST = '/administration/organisations';

interface ListProps {
  rows: Awaited<ReturnType<typeof selectOrganisationPage>>;
  hasMore: boolean;
  search: string;
}

export function OrganisationListPage({ rows, hasMore, search }: ListProps) {
  const last = rows.at(-1);
  const next = new URLSearchParams({
    ...(search && { search }),
    after: last?.shortName ?? '',
    id: last?.organisationId ?? '',
  });
  return (
    <Stack>
      <PageTitle
        lead="Организации, которые работают в этом кабинете, и их полномочия."
        actions={
          <ButtonLink icon="plus" href={`${LIST}/new`}>
            Добавить
          </ButtonLink>
        }
      >
        Организации
      </PageTitle>
      <Filter action={LIST} active={search ? 1 : 0} resetHref={LIST}>
        <Field kind="text" type="search" name="search" label="Название, ИНН или ОГРН" value={search} />
      </Filter>
      <Table
        caption="Организации"
        captionHidden
        rows={rows}
        rowKey={(row) => row.organisationId}
        empty={
          <EmptyState
            title={search ? 'Ничего не нашлось' : 'Организаций пока нет'}
            action={{ href: `${LIST}/new`, label: 'Добавить организацию' }}
          >
            {search ? (
              'Проверьте номер или часть названия.'
            ) : (
              <>
                Руководитель входит со своей ролью и подаёт заявку сам, вы её решаете:{' '}
                <a href={`${LIST}/applications`}>заявки организаций</a>. Или добавьте карточку по ОГРН и пригласите его.
              </>
            )}
          </EmptyState>
        }
        columns={[
          {
            key: 'name',
            title: 'Название',
            heading: true,
            cell: (row) => <a href={`${LIST}/${row.organisationId}`}>{row.shortName}</a>,
          },
          { key: 'inn', title: 'ИНН', cell: (row) => row.inn },
          { key: 'ogrn', title: 'ОГРН', cell: (row) => row.ogrn },
          { key: 'kpp', title: 'КПП', cell: (row) => row.kpp || 'нет' },
        ]}
      />
      <Pager label="Страницы организаций" next={hasMore ? `${LIST}?${next}` : undefined} />
    </Stack>
  );
}

interface FormProps {
  title: string;
  organisationId: string | null;
  values: Typed;
  errors: readonly FieldError[];
  given: readonly { powerCode: string; regionCode: string; oktmo: string }[];
  powers: readonly { code: string; name: string }[];
  regions: readonly { code: string; name: string }[];
  saved: boolean;
  token: string;
}

const KINDS = [
  { value: 'legal', label: 'Юридическое лицо' },
  { value: 'entrepreneur', label: 'Индивидуальный предприниматель' },
  { value: 'branch', label: 'Обособленное подразделение' },
  { value: 'foreign_branch', label: 'Филиал иностранного юридического лица' },
];

export function OrganisationFormPage(props: FormProps) {
  const { title, organisationId, values, errors, regions, saved, token } = props;
  const of = (name: string) => ({ name, value: values[name], error: errorOf(errors, name) });
  return (
    <Stack>
      <PageTitle
        kicker={organisationId ? 'Организация' : undefined}
        {...(organisationId && {
          actions: (
            <ButtonLink kind="secondary" icon="users" href={`${LIST}/${organisationId}/employees`}>
              Сотрудники
            </ButtonLink>
          ),
        })}
      >
        {title}
      </PageTitle>
      {saved && <Notice tone="good" announce title="Сохранено" />}
      <ErrorSummary errors={errors} />
      {organisationId && <PowersCard {...props} organisationId={organisationId} />}
      <Card title="Карточка">
        <Form action={organisationId ? `${LIST}/${organisationId}` : LIST} csrf={token} marksRequired label={title}>
          <FieldGroup legend="Регистрация">
            <Field kind="choice" as="select" {...of('kind')} label="Вид" required options={KINDS} />
            <Field kind="text" {...of('ogrn')} label="ОГРН или ОГРНИП" required inputMode="numeric" />
            <Field kind="text" {...of('kpp')} label="КПП" hint="У предпринимателя его нет" short />
            <Field
              kind="choice"
              as="select"
              {...of('region_code')}
              label="Регион"
              options={regions.map(({ code, name }) => ({ value: code, label: name }))}
              placeholder="Не указан"
            />
          </FieldGroup>
          <CardFields {...{ values, errors }} />
          <Button>{organisationId ? 'Сохранить' : 'Добавить организацию'}</Button>
        </Form>
      </Card>
    </Stack>
  );
}

function PowersCard({ organisationId, given, powers, regions, errors, token }: FormProps & { organisationId: string }) {
  const action = `${LIST}/${organisationId}/powers`;
  const powerName = (code: string) => powers.find((power) => power.code === code)?.name ?? `код ${code}`;
  const regionName = (code: string) => regions.find((region) => region.code === code)?.name ?? code;
  return (
    <Card title="Полномочия" note="От них зависит, что организация может делать в кабинете">
      <Table
        caption="Полномочия"
        captionHidden
        rows={given}
        rowKey={(row) => `${row.powerCode} ${row.regionCode}`}
        empty={<p>Полномочий нет: сотрудники организации не увидят ни домов, ни заявок.</p>}
        columns={[
          { key: 'power', title: 'Полномочие', heading: true, cell: (row) => powerName(row.powerCode) },
          { key: 'region', title: 'Регион', cell: (row) => regionName(row.regionCode) },
          { key: 'oktmo', title: 'Территория', cell: (row) => (row.oktmo ? `ОКТМО ${row.oktmo}` : 'Весь регион') },
          {
            key: 'act',
            title: 'Действие',
            cell: (row) => (
              <Form action={`${action}/take`} csrf={token} hidden={{ ...row }}>
                <Button kind="quiet">Снять полномочие</Button>
              </Form>
            ),
          },
        ]}
      />
      <Form action={action} csrf={token} label="Новое полномочие">
        <Field
          kind="choice"
          as="select"
          name="powerCode"
          label="Полномочие"
          error={errorOf(errors, 'powerCode')}
          options={powers.map(({ code, name }) => ({ value: code, label: name }))}
          placeholder="Выберите полномочие"
        />
        <Field
          kind="choice"
          as="select"
          name="regionCode"
          label="Регион"
          error={errorOf(errors, 'regionCode')}
          options={regions.map(({ code, name }) => ({ value: code, label: name }))}
          placeholder="Выберите регион"
        />
        <Field
          kind="text"
          name="oktmo"
          label="ОКТМО муниципалитета"
          hint="8 или 11 цифр, если орган работает в одном муниципалитете. Пусто: весь регион"
          inputMode="numeric"
          maxLength={11}
          error={errorOf(errors, 'oktmo')}
          short
        />
        <Button kind="secondary">Дать полномочие</Button>
      </Form>
    </Card>
  );
}
