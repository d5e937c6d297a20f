import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { formatDateTime, formatRubles } from '../../ui/index.ts';
import { sendNotice } from '../notices/index.ts';
import { returnUrl } from './create-at-acquirer.ts';
import type { PartRow, PaymentRow } from './queries/orders.ts';

/** Payments are told of on the clock of the bank. */
const ZONE = 'Europe/Moscow';

type Result = Pick<Parameters<typeof sendNotice>[2], 'subject' | 'content' | 'brief'>;

/** Each result of a payment is told of once. */
const tell = (
  context: Context,
  trx: Transaction,
  { person_id: personId, payment_id: paymentId }: PaymentRow,
  state: 'succeeded' | 'declined' | 'refunded',
  result: Result,
) => sendNotice(context, trx, { kind: 'payment_result', personId, object: `${paymentId} ${state}`, ...result });

const openPayment = (context: Context, payment: PaymentRow, label: string) => ({
  label,
  url: returnUrl(context, payment.order_id),
});

/** The acquirer gives no address of the receipt of 54-ФЗ: whoever takes the money sends it. Ours is the page of the payment. */
export const tellPaid = (context: Context, trx: Transaction, payment: PaymentRow, parts: readonly PartRow[]) =>
  tell(context, trx, payment, 'succeeded', {
    subject: `Оплачено ${formatRubles(payment.amount)}`,
    brief: { title: 'Оплата прошла', body: 'Деньги учтены на лицевом счёте' },
    content: {
      title: `Оплачено ${formatRubles(payment.amount)}`,
      paragraphs: ['Банк принял ваш платёж, деньги учтены на лицевых счетах.'],
      facts: [
        ...parts.map(({ account_number, address, amount }) => ({
          name: `Лицевой счёт ${account_number}`,
          value: `${formatRubles(amount)}\n${address}`,
        })),
        { name: 'Когда', value: `${formatDateTime(payment.paid_at!, ZONE)} (мск)` },
        ...(payment.external_id ? [{ name: 'Номер платежа в банке', value: payment.external_id }] : []),
      ],
      action: openPayment(context, payment, 'Подтверждение платежа'),
      after: ['Это не кассовый чек: его присылает банк или получатель платежа.'],
    },
  });

/** @param reason the acquirer's, in words */
export const tellDeclined = (context: Context, trx: Transaction, payment: PaymentRow, reason: string) =>
  tell(context, trx, payment, 'declined', {
    subject: 'Платёж не прошёл',
    brief: { title: 'Платёж не прошёл', body: 'Посмотрите причину' },
    content: {
      title: 'Платёж не прошёл',
      paragraphs: [reason, 'Долг по лицевому счёту прежний.'],
      facts: [{ name: 'Сумма', value: formatRubles(payment.amount) }],
      action: openPayment(context, payment, 'Посмотреть и повторить оплату'),
      after: ['Если деньги всё же списаны, банк вернёт их сам: спросите у него, показав это письмо.'],
    },
  });

export const tellRefunded = (context: Context, trx: Transaction, payment: PaymentRow) =>
  tell(context, trx, payment, 'refunded', {
    subject: `Возвращено ${formatRubles(payment.amount)}`,
    brief: { title: 'Платёж возвращён', body: 'Долг по лицевому счёту снова открыт' },
    content: {
      title: `Возвращено ${formatRubles(payment.amount)}`,
      paragraphs: [
        'Получатель вернул ваш платёж. Деньги придут на карту, с которой вы платили, а долг по лицевому счёту снова открыт.',
      ],
      action: openPayment(context, payment, 'Подробности'),
    },
  });
