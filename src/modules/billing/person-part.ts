import { exportTable, inPages, type PersonPart } from '../../platform/person-part.ts';
import { formatDateTime } from '../../ui/index.ts';
import { deleteBillViews, selectBillViews } from './queries/person.ts';

/** Which bills the person has opened. The bills themselves are their issuers'. */
export const billingPart: PersonPart = {
  name: 'billing',
  tables: [
    exportTable({
      name: 'opened-bills',
      title: 'Квитанции, которые вы открывали',
      rows: (db, personId) =>
        inPages(
          (after: string | null, limit) => selectBillViews(db, personId, after, limit),
          ({ documentId }) => documentId,
        ),
      columns: [
        { title: 'Номер записи', cell: (row) => row.documentId },
        { title: 'Когда впервые', cell: (row) => formatDateTime(row.firstAt, 'Europe/Moscow') },
      ],
    }),
  ],
  erase: (_context, trx, personId) => deleteBillViews(trx, personId),
  goes: ['Отметки, какие квитанции вы открывали'],
  deletes: ['bill_view'],
  stays: [
    {
      tables: ['account', 'payment_document', 'ledger_entry', 'ownership'],
      what: 'Лицевые счета, квитанции, начисления и долги, записи о праве собственности',
      rule: null,
      why: 'Это данные организаций, которые обслуживают дом: имя плательщика указали они. Удалить или исправить их может организация',
    },
  ],
};
