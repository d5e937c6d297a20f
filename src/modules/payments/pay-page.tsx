import type { FieldError } from '../../platform/errors.ts';
import type { Typed } from '../../platform/http/forms.ts';
import { formatDecimal, sum } from '../../platform/money.ts';
import type { Month } from '../../platform/month.ts';
import {
  Balance,
  Button,
  Card,
  Copy,
  DefinitionList,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  Form,
  formatDayMonth,
  formatMonth,
  Notice,
  PageTitle,
  Stack,
  SumCard,
} from '../../ui/index.ts';
import { NoRight } from '../accounts/index.ts';
import type { Payable } from './payables.ts';
import { sumField } from './start-payment.ts';

export const chooseField = (payable: Pick<Payable, 'accountId' | 'requisiteId'>): string =>
  `choose.${payable.accountId}.${payable.requisiteId}`;

export const wireSum = (amount: bigint): string => formatDecimal(amount).replace('.', ',');

interface PayPageProps {
  payables: readonly Payable[];
  /** What is missing where nothing can be paid. */
  lack: 'account' | 'right' | 'requisites' | null;
  token: string;
  formKey: string;
  /** Only this account is ticked at first. */
  only: string | null;
  period: Month | null;
  /** What was sent, to be shown again; null at the first showing. */
  typed: Typed | null;
  errors: readonly FieldError[];
}

/** S-PAY-1 and S-PAY-2: what is owed on connected accounts, or that nothing is; a part, another sum or ahead may be paid. */
export function PayPage(props: PayPageProps) {
  const { payables, token, formKey, period, errors } = props;
  const debts = payables.filter(({ owed }) => owed > 0n);
  if (payables.length === 0)
    return (
      <Stack>
        <PageTitle>Оплатить ЖКУ</PageTitle>
        <Nothing lack={props.lack} />
      </Stack>
    );
  const here = payables.filter(({ payable }) => payable);
  const elsewhere = payables.filter(({ payable }) => !payable);
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Отметьте счета и проверьте суммы. Можно оплатить часть, больше долга или несколько счетов сразу.">
        Оплатить ЖКУ
      </PageTitle>
      {debts.length > 0 ? (
        <SumCard
          label="Всего к оплате"
          amount={sum(debts.map(({ owed }) => owed))}
          note={dueNote(debts)}
          source="По данным организаций, которые выставили квитанции, за вычетом уже оплаченного здесь"
        />
      ) : (
        <Notice tone="good" title="Вы ничего не должны" announce>
          Неоплаченных начислений нет. Если хотите, заплатите вперёд: деньги зачтутся в следующих месяцах.
        </Notice>
      )}
      {period && (
        <Notice title={`Деньги пойдут в счёт месяца: ${formatMonth(period)}`}>Остаток закроет старые долги.</Notice>
      )}
      <Form
        action="/pay"
        csrf={token}
        idempotencyKey={formKey}
        label="Что оплатить"
        {...(period ? { hidden: { period } } : {})}
      >
        {here.map((payable) => (
          <PayableCard key={sumField(payable)} {...props} payable={payable} />
        ))}
        {here.length > 0 && <Button wide>Продолжить</Button>}
      </Form>
      {elsewhere.map((payable) => (
        <ElsewhereCard key={sumField(payable)} payable={payable} />
      ))}
      <p>
        Нужен другой счёт? <a href="/pay/any">Оплатить по любому лицевому счёту</a>
      </p>
    </Stack>
  );
}

function Nothing({ lack }: Pick<PayPageProps, 'lack'>) {
  const anyAccount = { href: '/pay/any', label: 'Оплатить по любому лицевому счёту' };
  if (lack === 'right') return <NoRight right="pay" action={anyAccount} />;
  if (lack === 'requisites')
    return (
      <EmptyState title="Платить здесь пока некуда" action={anyAccount}>
        Организации ещё не указали, куда принимать деньги по вашим счетам: это приходит вместе с первой квитанцией.
        Бумажную квитанцию можно оплатить уже сейчас.
      </EmptyState>
    );
  return (
    <EmptyState
      title="К кабинету ещё не подключён ни один лицевой счёт"
      action={{ href: '/accounts/connect', label: 'Подключить лицевой счёт' }}
    >
      Подключите счёт по номеру из квитанции, и здесь появятся начисления. Заплатить можно и без подключения:{' '}
      <a href="/pay/any">по любому лицевому счёту</a>.
    </EmptyState>
  );
}

function dueNote(debts: readonly Payable[]): string | undefined {
  const days = debts.flatMap(({ dueDay }) => (dueDay ? [dueDay] : [])).sort();
  if (debts.some(({ overdue }) => overdue)) return 'Есть просроченный долг: на него могут начисляться пени';
  return days[0] ? `Оплатить до ${formatDayMonth(days[0])}` : undefined;
}

function PayableCard({ payable, only, typed, errors }: PayPageProps & { payable: Payable }) {
  const choose = chooseField(payable);
  const name = sumField(payable);
  const ticked = typed ? choose in typed : only ? only === payable.accountId : payable.owed > 0n;
  return (
    <Card
      title={headingOf(payable)}
      note={`${payable.kind}, ${payable.address}. ${payable.title ? `${payable.recipient.name}, счёт` : 'Счёт'} ${payable.accountNumber}`}
      aside={<Balance owed={payable.owed} />}
    >
      <Field
        kind="choice"
        as="checkbox"
        name={choose}
        label={`Оплатить счёт ${payable.accountNumber}`}
        options={[{ value: '1', label: 'Оплатить этот счёт' }]}
        value={ticked ? '1' : ''}
      />
      <Field
        kind="money"
        name={name}
        label="Сумма"
        value={typed?.[name] ?? (payable.owed > 0n ? wireSum(payable.owed) : '')}
        error={errorOf(errors, name)}
      />
    </Card>
  );
}

const headingOf = ({ title, recipient }: Payable): string => title || recipient.name;

/** The recipient takes no payments here: where and how to pay instead. */
export function ElsewhereCard({ payable, showsOwed = true }: { payable: Payable; showsOwed?: boolean }) {
  const { recipient } = payable;
  return (
    <Card
      title={headingOf(payable)}
      note={`${payable.kind}, ${payable.address}`}
      aside={showsOwed ? <Balance owed={payable.owed} /> : undefined}
    >
      <Notice title="Здесь этот получатель пока не принимает оплату">
        Заплатите в своём банке по реквизитам и укажите в назначении номер лицевого счёта.
      </Notice>
      <DefinitionList
        items={[
          { term: 'Лицевой счёт', value: <Copy text={payable.accountNumber} what="номер лицевого счёта" /> },
          { term: 'Получатель', value: recipient.name },
          { term: 'ИНН', value: <Copy text={recipient.inn} what="ИНН" shown={recipient.inn} /> },
          { term: 'КПП', value: recipient.kpp },
          { term: 'Расчётный счёт', value: <Copy text={recipient.bankAccount} what="расчётный счёт" /> },
          { term: 'БИК', value: <Copy text={recipient.bik} what="БИК" shown={recipient.bik} /> },
          { term: 'Банк', value: recipient.bankName },
          { term: 'Корреспондентский счёт', value: recipient.correspondentAccount },
        ]}
      />
    </Card>
  );
}
