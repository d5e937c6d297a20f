import {
  Actions,
  Button,
  ButtonLink,
  Card,
  DefinitionList,
  Form,
  formatDateTime,
  formatMonth,
  formatRubles,
  Money,
  Notice,
  PageTitle,
  Progress,
  Stack,
  Status,
  type StatusTone,
  Steps,
  Table,
  Timeline,
} from '../../ui/index.ts';
import { isOpen, type PaymentState } from './payment.ts';
import { fingerprint, isMoving, type Order, type OrderStep } from './read-order.ts';

/** Orders may hold accounts of several zones: one clock for all, named. */
const ZONE = 'Europe/Moscow';
const when = (instant: Date) => `${formatDateTime(instant, ZONE)} (мск)`;

export const STATE_WORDS: Readonly<Record<PaymentState, { tone: StatusTone; words: string }>> = {
  new: { tone: 'neutral', words: 'Ждёт оплаты' },
  creating: { tone: 'waiting', words: 'Связываемся с банком' },
  awaiting_payer: { tone: 'waiting', words: 'Проверяем оплату' },
  succeeded: { tone: 'good', words: 'Принято банком' },
  declined: { tone: 'danger', words: 'Банк отказал' },
  abandoned: { tone: 'neutral', words: 'Не оплачено' },
  needs_person: { tone: 'warn', words: 'Выясняем у банка' },
  refunded: { tone: 'info', words: 'Деньги возвращены' },
};

interface OrderPageProps {
  order: Order;
  token: string;
  isGuest: boolean;
}

export function OrderPage({ order, token, isGuest }: OrderPageProps) {
  const { steps } = order;
  const current = steps.findIndex(({ payment }) => isOpen(payment.state) || isFailed(payment.state));
  const paid = steps.every(({ payment }) => payment.state === 'succeeded');
  return (
    <Stack>
      <PageTitle kicker={`Заказ от ${when(order.createdAt)}`} lead={leadOf(order)}>
        {paid ? 'Платёж принят' : `Оплата ${formatRubles(order.total)}`}
      </PageTitle>
      {paid && <Confirmation />}
      {steps.length > 1 && current >= 0 && <Steps steps={stepNames(order)} current={current} />}
      {steps.some(({ payment }) => isMoving(payment)) && <Waiting order={order} />}
      {currentFirst(steps, current).map((step) => (
        <StepCard key={step.payment.payment_id} {...{ order, step, token }} isCurrent={step === steps[current]} />
      ))}
      <Actions>
        {isGuest ? (
          <ButtonLink kind="secondary" href="/pay/any">
            Оплатить другой счёт
          </ButtonLink>
        ) : (
          <ButtonLink kind="secondary" href="/history">
            История платежей
          </ButtonLink>
        )}
      </Actions>
    </Stack>
  );
}

/** What the payer has to do now stands on top; on a phone nothing else is seen at first. */
const currentFirst = (steps: readonly OrderStep[], current: number): OrderStep[] =>
  [...steps].sort((a, b) => Number(b === steps[current]) - Number(a === steps[current]));

const isFailed = (state: PaymentState) => state === 'declined' || state === 'abandoned';

const stepNames = ({ steps }: Order) =>
  steps.map(({ parts, payment }) => ({
    label: `${[...new Set(parts.map(({ recipient }) => recipient))].join(', ')}: ${formatRubles(payment.amount)}`,
  }));

function leadOf({ steps, mode }: Order): string {
  if (steps.every(({ payment }) => payment.state === 'succeeded'))
    return 'Сохраните или распечатайте эту страницу: это подтверждение оплаты.';
  if (mode === 'steps' && steps.length > 1)
    return 'Получатели принимают деньги каждый сам, поэтому оплата идёт по шагам: вы оплатите их по очереди и вернётесь сюда после каждого.';
  const { state } = steps[0]!.payment;
  if (state === 'new') return 'Проверьте, что и кому вы платите, и перейдите на страницу банка.';
  if (isFailed(state)) return 'Деньги не списаны. Можно попробовать ещё раз.';
  if (state === 'refunded') return 'Деньги возвращены тем же путём, каким вы платили.';
  return 'Ждём окончательного ответа банка. Платить ещё раз не нужно.';
}

const Confirmation = () => (
  <Notice tone="info" title="Это не кассовый чек">
    Кассовый чек присылает банк или получатель платежа на адрес, указанный при оплате. Здесь подтверждение, что деньги
    приняты и за что они зачтены.
  </Notice>
);

function Waiting({ order }: { order: Order }) {
  const waits = order.steps.some(({ payment }) => payment.state === 'awaiting_payer');
  const creates = order.steps.some(({ payment }) => payment.state === 'creating');
  return (
    <Card>
      <Progress
        label={creates ? 'Связываемся с банком' : waits ? 'Проверяем оплату' : 'Зачисляем на лицевой счёт'}
        note={
          creates
            ? 'Банк отвечает не сразу. Второй раз платить не нужно: мы повторяем тот же запрос.'
            : waits
              ? 'Спрашиваем банк, страница обновится сама. Если вы ещё не заплатили, вернитесь на страницу банка.'
              : 'Банк принял деньги. Осталось несколько секунд.'
        }
        src={`/pay/orders/${order.orderId}/state?seen=${fingerprint(order.steps)}`}
      />
    </Card>
  );
}

interface StepProps {
  order: Order;
  step: OrderStep;
  token: string;
  isCurrent: boolean;
}

function StepCard({ order, step, token, isCurrent }: StepProps) {
  const { payment, parts, earlier } = step;
  const { tone, words } = STATE_WORDS[payment.state];
  const title =
    order.steps.length > 1 ? `Шаг ${payment.position}: ${formatRubles(payment.amount)}` : 'Что оплачивается';
  return (
    <Card title={title} aside={<Status tone={tone}>{words}</Status>}>
      <Table
        caption="Что оплачивается"
        captionHidden
        rows={parts}
        rowKey={({ part_id }) => part_id}
        columns={[
          { key: 'account', title: 'Лицевой счёт', heading: true, cell: ({ account_number }) => account_number },
          { key: 'address', title: 'Адрес', cell: ({ address }) => address },
          {
            key: 'recipient',
            title: 'Получатель',
            cell: ({ recipient }) => recipient,
            total: parts.length > 1 ? 'Итого' : undefined,
          },
          {
            key: 'period',
            title: 'За месяц',
            cell: ({ period }) => (period ? formatMonth(period.slice(0, 7)) : 'сначала старый долг'),
          },
          {
            key: 'amount',
            title: 'Сумма',
            numeric: true,
            cell: ({ amount }) => <Money amount={amount} />,
            total: parts.length > 1 ? <Money amount={payment.amount} /> : undefined,
          },
        ]}
      />
      {earlier > 0 && <p class="quiet">Прошлая попытка не удалась, деньги не списаны.</p>}
      <StepState {...{ order, step, token, isCurrent }} />
    </Card>
  );
}

function StepState({ order, step: { payment }, token, isCurrent }: StepProps) {
  const path = `/pay/orders/${order.orderId}/payments/${payment.payment_id}`;
  switch (payment.state) {
    case 'new':
      return (
        <Form action={`${path}/begin`} csrf={token}>
          <Button wide kind={isCurrent ? 'primary' : 'secondary'} icon="credit-card">
            Перейти в банк и оплатить {formatRubles(payment.amount)}
          </Button>
        </Form>
      );
    case 'awaiting_payer':
      return payment.confirmation_url ? (
        <Actions>
          <ButtonLink kind="secondary" href={payment.confirmation_url} icon="external-link">
            Вернуться на страницу банка
          </ButtonLink>
        </Actions>
      ) : null;
    case 'declined':
    case 'abandoned':
      return (
        <>
          <Notice tone="warn" title={payment.state === 'declined' ? 'Платёж не прошёл' : 'Платёж не оплачен'} announce>
            {payment.refusal}
          </Notice>
          <Form action={`${path}/repeat`} csrf={token}>
            <Button wide>Попробовать ещё раз</Button>
          </Form>
        </>
      );
    case 'needs_person':
      return (
        <Notice tone="warn" title="Банк не дал ясного ответа" announce>
          Судьбу этого платежа проверяет сотрудник получателя: ему уже отправлен вопрос. Если деньги списаны, они не
          пропадут: их зачтут или вернут. Платить второй раз не нужно.
        </Notice>
      );
    case 'succeeded':
    case 'refunded':
      return <Course payment={payment} />;
    default:
      return null;
  }
}

function Course({ payment }: Pick<OrderStep, 'payment'>) {
  const { posted_at: posted, reversed_at: reversed, state } = payment;
  return (
    <>
      <Timeline
        items={[
          { title: 'Принято банком', when: payment.paid_at && when(payment.paid_at), state: 'done' },
          { title: 'Передано организации', when: payment.succeeded_at && when(payment.succeeded_at), state: 'done' },
          {
            title: 'Учтено в лицевом счёте',
            when: posted && when(posted),
            text: posted ? undefined : 'Обычно несколько секунд; бывает до 3 дней',
            state: posted ? 'done' : 'current',
          },
          ...(state === 'refunded'
            ? [
                {
                  title: 'Деньги возвращены, долг снова открыт',
                  when: reversed && when(reversed),
                  state: reversed ? ('refused' as const) : ('current' as const),
                },
              ]
            : []),
        ]}
      />
      <DefinitionList
        items={[
          { term: 'Номер операции у банка', value: payment.external_id },
          { term: 'Номер платежа', value: payment.payment_id },
        ]}
      />
    </>
  );
}
