import type { Selectable } from 'kysely';
import type { Typed } from '../../platform/http/forms.ts';
import {
  Button,
  ButtonLink,
  Card,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  Notice,
  PageTitle,
  Stack,
} from '../../ui/index.ts';
import { CardFields } from './card-form.tsx';
import { RequisitesCard } from './organisation-page.tsx';
import type { OrganisationTable, RequisiteTable } from './tables.ts';

interface OwnCardProps {
  card: Selectable<OrganisationTable>;
  requisites: readonly Selectable<RequisiteTable>[];
  /** Values and errors of the card's form. */
  values: Typed;
  errors: readonly FieldError[];
  /** The same of the form that adds an account. */
  account: { values: Typed; errors: readonly FieldError[] };
  isHead: boolean;
  saved: 'card' | 'account' | null;
  token: string;
}

/** «Карточка организации»: the head changes it, a clerk sees what residents see. */
export function OwnCardPage({ card, requisites, values, errors, account, isHead, saved, token }: OwnCardProps) {
  return (
    <Stack>
      <PageTitle
        kicker="Карточка организации"
        lead="Эти сведения видят жители ваших домов и все посетители."
        actions={
          <ButtonLink kind="secondary" href={`/organisations/${card.organisation_id}`}>
            Как видят жители
          </ButtonLink>
        }
      >
        {card.short_name}
      </PageTitle>
      {saved && (
        <Notice tone="good" announce title={saved === 'card' ? 'Карточка сохранена' : 'Счёт добавлен'}>
          Жители уже видят новые сведения.
        </Notice>
      )}
      {!isHead && <Notice title="Карточку меняет руководитель организации">Вам она показана для сведения.</Notice>}
      <ErrorSummary errors={[...errors, ...account.errors]} />
      {isHead && (
        <Card note={`ОГРН ${card.ogrn}, КПП ${card.kpp || 'нет'}: их меняет администратор`}>
          <Form action="/work/organisation" csrf={token} marksRequired label="Карточка организации">
            <CardFields {...{ values, errors }} />
            <Button>Сохранить</Button>
          </Form>
        </Card>
      )}
      {requisites.length > 0 && <RequisitesCard requisites={requisites} />}
      {isHead && <AccountForm {...account} token={token} />}
    </Stack>
  );
}

function AccountForm({ values, errors, token }: OwnCardProps['account'] & { token: string }) {
  const of = (name: string) => ({ name, value: values[name], error: errorOf(errors, name) });
  return (
    <Card title="Добавить банковский счёт" note="Прежние счета остаются: на них ссылаются старые квитанции">
      <Form action="/work/organisation/requisites" csrf={token} marksRequired label="Банковский счёт">
        <Field kind="text" {...of('bankAccount')} label="Расчётный счёт" required inputMode="numeric" />
        <Field kind="text" {...of('bik')} label="БИК" required inputMode="numeric" short />
        <Field kind="text" {...of('bankName')} label="Название банка" required maxLength={255} />
        <Field kind="text" {...of('correspondentAccount')} label="Корреспондентский счёт" inputMode="numeric" />
        <Button kind="secondary">Добавить счёт</Button>
      </Form>
    </Card>
  );
}
