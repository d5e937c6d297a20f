import type { FieldError } from '../../platform/errors.ts';
import type { Typed } from '../../platform/http/forms.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import {
  Button,
  Card,
  DefinitionList,
  ErrorSummary,
  errorOf,
  Field,
  Form,
  Notice,
  PageTitle,
  Stack,
  Steps,
} from '../../ui/index.ts';
import { ElsewhereCard } from './pay-page.tsx';
import type { Payable } from './payables.ts';
import { sumField } from './start-payment.ts';

const STEPS = [{ label: 'Счёт', href: '/pay/any' }, { label: 'Сумма' }, { label: 'Проверка и оплата' }];

interface SearchProps {
  number: string;
  provider: string;
  /** Organisations that the words may mean, when there are several. */
  candidates: readonly { organisationId: OrganisationId; shortName: string; inn: string }[];
  errors: readonly FieldError[];
}

/** S-PAY-3, the first step: whose account. */
export function AnySearchPage({ number, provider, candidates, errors }: SearchProps) {
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Войти не нужно. Возьмите квитанцию: номер напечатан в её верхней части.">
        Оплатить ЖКУ по любому лицевому счёту
      </PageTitle>
      <Steps steps={STEPS} current={0} />
      <Card>
        <Form action="/pay/any" method="get" label="Найти счёт">
          <Field
            kind="text"
            name="number"
            label="Номер"
            required
            value={number}
            autocomplete="off"
            hint="Подойдёт любой: лицевой счёт, единый лицевой счёт (ЕЛС, 10 знаков), идентификатор ЖКУ или идентификатор квитанции"
            error={errorOf(errors, 'number')}
          />
          <Field
            kind="text"
            name="provider"
            label="Организация: название или ИНН"
            value={provider}
            autocomplete="off"
            hint="Нужна, если вы ввели лицевой счёт: как назван получатель в квитанции"
            error={errorOf(errors, 'provider')}
          />
          {candidates.length > 0 && (
            <Field
              kind="choice"
              as="radio"
              name="providerId"
              label="Какая из организаций"
              error={errorOf(errors, 'providerId')}
              options={candidates.map(({ organisationId, shortName, inn }) => ({
                value: organisationId,
                label: shortName,
                hint: `ИНН ${inn}`,
              }))}
            />
          )}
          <Button wide>Найти</Button>
        </Form>
      </Card>
    </Stack>
  );
}

interface SumsProps {
  payables: readonly Payable[];
  number: string;
  providerId: OrganisationId | null;
  token: string;
  formKey: string;
  asksEmail: boolean;
  typed: Typed | null;
  errors: readonly FieldError[];
}

/** The second step: how much. Nothing of the payer and of the debt is shown to whoever knows a number. */
export function AnySumsPage({ payables, number, providerId, token, formKey, asksEmail, typed, errors }: SumsProps) {
  const taken = payables.filter(({ payable }) => payable);
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Проверьте получателя и начало адреса и укажите сумму из квитанции.">Сколько оплатить</PageTitle>
      <Steps steps={STEPS} current={1} />
      <Notice title="Почему здесь нет долга и фамилии">
        Номер счёта может узнать посторонний, поэтому плательщика, полный адрес и долг видит только тот, кто подключил
        счёт к своему кабинету.
      </Notice>
      <Form
        action="/pay/any"
        csrf={token}
        idempotencyKey={formKey}
        hidden={{ number, ...(providerId ? { providerId } : {}) }}
        label="Сумма оплаты"
      >
        {payables.map((payable) =>
          payable.payable ? (
            <AnySum key={sumField(payable)} {...{ payable, typed, errors }} />
          ) : (
            <ElsewhereCard key={sumField(payable)} payable={payable} showsOwed={false} />
          ),
        )}
        {taken.length > 0 && asksEmail && (
          <Field
            kind="text"
            type="email"
            name="email"
            label="Электронная почта для подтверждения"
            hint="Необязательно. Пришлём ссылку на подтверждение оплаты"
            autocomplete="email"
            value={typed?.email}
            error={errorOf(errors, 'email')}
          />
        )}
        {taken.length > 0 && <Button wide>Продолжить</Button>}
      </Form>
      <p>
        <a href="/pay/any">Ввести другой номер</a>
      </p>
    </Stack>
  );
}

function AnySum({ payable, typed, errors }: { payable: Payable; typed: Typed | null; errors: readonly FieldError[] }) {
  const name = sumField(payable);
  return (
    <Card title={payable.recipient.name} note={payable.kind}>
      <DefinitionList
        items={[
          { term: 'Лицевой счёт', value: payable.accountNumber },
          { term: 'Адрес', value: payable.address },
        ]}
      />
      <Field kind="money" name={name} label="Сумма" value={typed?.[name]} error={errorOf(errors, name)} />
    </Card>
  );
}
