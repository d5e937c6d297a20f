import { Page } from '../page.tsx';
import type { Bank } from './bank.ts';
import type { StoredPayment } from './ledger.ts';
import { type Amount, toKopecks } from './objects.ts';
import { type Outcome, SLOW_DELAY } from './outcomes.ts';

const CHOICES: Record<Outcome, [label: string, hint: string]> = {
  success: ['Оплатить', 'Банк спишет деньги и сразу сообщит магазину'],
  decline: ['Отказ: не хватает денег', 'Банк отклонит платёж'],
  slow: ['Медленно', `Банк ответит «в обработке», а спишет через ${SLOW_DELAY / 1000} секунд`],
  silent: ['Молча', 'Деньги спишутся, но уведомление магазину не придёт'],
  lying: ['Ложное уведомление', 'Магазину сообщат «оплачено», хотя платёж отменён'],
  duplicated: ['Повторы и старые новости', 'Уведомление придёт дважды, а после него — устаревшее'],
};

const rubles = new Intl.NumberFormat('ru-RU', { style: 'currency', currency: 'RUB' });
/** For the eye only; the sum itself is never a floating number. */
const money = (amount: Amount): string => rubles.format(`${toKopecks(amount)}E-2` as Intl.StringNumericLiteral);

const BANK = 'Учебный банк';
const WARNING = 'Деньги ненастоящие. Карта не нужна, ничего не спишется.';

interface PayPageProps {
  bank: Bank;
  payment: StoredPayment;
}

export function PayPage({ bank, payment }: PayPageProps) {
  const { object } = payment;
  const open = object.status === 'pending' && payment.due?.course === 'expire';
  return (
    <Page title={open ? 'Оплата' : 'Платёж'} place={BANK} warning={WARNING}>
      <h1>{open ? 'Оплата' : headline(payment)}</h1>
      <Order bank={bank} payment={payment} />
      {open ? <Choices id={object.id} /> : null}
      <a class={open ? 'button center' : 'button main center'} href={object.confirmation?.return_url ?? '/'}>
        {open ? 'Вернуться без оплаты' : 'Вернуться в магазин'}
      </a>
    </Page>
  );
}

function headline({ object }: StoredPayment): string {
  if (object.status === 'succeeded') return 'Оплачено';
  if (object.status === 'waiting_for_capture') return 'Деньги отложены';
  if (object.status === 'pending') return 'Платёж в обработке';
  return object.cancellation_details?.reason === 'expired_on_confirmation' ? 'Время оплаты вышло' : 'Платёж отменён';
}

function Order({ bank, payment: { shopId, object } }: PayPageProps) {
  const shopName = (id: string) => bank.shops.get(id)?.name ?? id;
  return (
    <section class="card" aria-label="Что оплачивается">
      <p class="sum">{money(object.amount)}</p>
      <dl>
        <dt>Магазин</dt>
        <dd>{shopName(shopId)}</dd>
        {object.description ? (
          <>
            <dt>Назначение</dt>
            <dd>{object.description}</dd>
          </>
        ) : null}
      </dl>
      {object.transfers ? (
        <>
          <p class="quiet">Получатели</p>
          <ul class="rows">
            {object.transfers.map((transfer) => (
              <li>
                <span>
                  {shopName(transfer.account_id)}
                  {transfer.description ? <span class="quiet">{transfer.description}</span> : null}
                </span>
                <span class="amount">{money(transfer.amount)}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}

function Choices({ id }: { id: string }) {
  const [first, ...others] = Object.entries(CHOICES);
  return (
    <form method="post" action={`/pay/${id}`}>
      <div class="choices">
        <Choice outcome={first![0]} text={first![1]} main />
      </div>
      <h2>Или проверьте, как бывает</h2>
      <div class="choices two">
        {others.map(([outcome, text]) => (
          <Choice outcome={outcome} text={text} />
        ))}
      </div>
      <h2>Передумали?</h2>
    </form>
  );
}

function Choice({ outcome, text: [label, hint], main }: { outcome: string; text: [string, string]; main?: boolean }) {
  return (
    <button class={main ? 'main' : undefined} name="outcome" value={outcome} type="submit">
      <b>{label}</b>
      <small>{hint}</small>
    </button>
  );
}

export function NoPaymentPage() {
  return (
    <Page title="Платёж не найден" place={BANK} warning={WARNING}>
      <h1>Платёж не найден</h1>
      <p>Проверьте адрес или вернитесь в магазин и начните оплату заново.</p>
    </Page>
  );
}

export function FrontPage({ bank }: { bank: Bank }) {
  return (
    <Page title="Магазины" place={BANK} warning={WARNING}>
      <h1>Учебный банк работает</h1>
      <p>
        Он говорит с магазинами на языке ЮKassa API v3. Чтобы попасть на страницу оплаты, начните платёж в магазине.
      </p>
      <h2>Магазины</h2>
      <ul class="rows">
        {[...bank.shops.values()].map(({ shopId, name }) => (
          <li>
            <span>{name}</span>
            <span class="quiet">{shopId}</span>
          </li>
        ))}
      </ul>
    </Page>
  );
}
