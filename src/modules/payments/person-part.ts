import type { PartId } from '../../platform/ids.ts';
import { exportTable, inPages, type PersonPart } from '../../platform/person-part.ts';
import { formatDate, formatDateTime, formatRubles } from '../../ui/index.ts';
import { selectPartsOfPerson, selectUnfinished } from './queries/person.ts';

const ZONE = 'Europe/Moscow';
const STATES: Readonly<Record<string, string>> = {
  new: 'не начат',
  creating: 'создаётся у банка',
  awaiting_payer: 'ждёт оплаты',
  succeeded: 'оплачен',
  declined: 'отклонён',
  abandoned: 'не оплачен',
  needs_person: 'разбирается сотрудник',
  refunded: 'возвращён',
};

/** What the person has paid. Money has two sides: what was paid is the recipients' record too, and stays. */
export const paymentsPart: PersonPart = {
  name: 'payments',
  tables: [
    exportTable({
      name: 'payments',
      title: 'Платежи',
      rows: (db, personId) =>
        inPages(
          (after: PartId | null, limit) => selectPartsOfPerson(db, personId, after, limit),
          ({ partId }) => partId,
        ),
      columns: [
        { title: 'Когда', cell: (row) => formatDateTime(row.paidAt ?? row.createdAt, ZONE) },
        { title: 'Сумма', cell: (row) => formatRubles(row.amount) },
        { title: 'Лицевой счёт', cell: (row) => row.account },
        { title: 'Адрес', cell: (row) => row.address },
        { title: 'Состояние', cell: (row) => STATES[row.state] ?? row.state },
        { title: 'Номер у банка', cell: (row) => row.bankNumber ?? '' },
      ],
    }),
  ],
  async obstacles({ db }, personId) {
    return (await selectUnfinished(db, personId)).map(({ orderId, amount, createdAt }) => ({
      what: `Платёж на ${formatRubles(amount)} от ${formatDate(createdAt, ZONE)} ещё не закончен`,
      todo: 'Дождитесь ответа банка: деньги могут быть списаны, и узнать об этом должны вы',
      href: `/pay/orders/${orderId}`,
    }));
  },
  erase: async () => undefined,
  goes: [],
  deletes: [],
  stays: [
    {
      tables: [
        'payment_order',
        'payment',
        'payment_part',
        'payment_event',
        'external_payment',
        'payment_question',
        'receipt',
      ],
      what: 'Платежи: сумма, день, номер лицевого счёта и адрес, номер у банка. Без имени и контактов',
      rule: 'keep.payments',
    },
  ],
};
