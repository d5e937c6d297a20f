import { sha256 } from '../../platform/config.ts';
import { allOf, exportTable, inPages, type PersonPart } from '../../platform/person-part.ts';
import { formatDateTime } from '../../ui/index.ts';
import { isNoticeKind, kindOf } from './kinds.ts';
import type { NoticeId } from './notice.ts';
import { selectDevices } from './push/queries.ts';
import { deleteNoticesOf, selectChosen, selectNoticesOfPerson } from './queries/person.ts';
import { selectReader } from './queries.ts';

const ZONE = 'Europe/Moscow';
const nameOf = (kind: string): string => (isNoticeKind(kind) ? kindOf(kind).name : kind);

/** What the person was told of, where to, and what they chose. */
export const noticesPart: PersonPart = {
  name: 'notices',
  tables: [
    exportTable({
      name: 'notice-address',
      title: 'Куда приходят уведомления',
      rows: async function* (db, personId) {
        const reader = await selectReader(db, personId);
        if (reader) yield { address: reader.address, given: reader.given, own: reader.own };
        for (const { label, createdAt } of await selectDevices(db, personId)) yield { device: label, createdAt };
      },
      columns: [
        { title: 'Адрес', cell: (row) => row.address ?? '' },
        { title: 'Устройство', cell: (row) => row.device ?? '' },
      ],
    }),
    exportTable({
      name: 'notice-choices',
      title: 'Какие уведомления вы выбрали',
      rows: (db, personId) => allOf(selectChosen(db, personId)),
      columns: [
        { title: 'Уведомление', cell: (row) => nameOf(row.kind) },
        { title: 'Как', cell: (row) => (row.channel === 'email' ? 'письмом' : 'на устройство') },
        { title: 'Выбор', cell: (row) => (row.wanted ? 'присылать' : 'не присылать') },
      ],
    }),
    exportTable({
      name: 'notices',
      title: 'О чём вам сообщали',
      rows: (db, personId) =>
        inPages(
          (after: NoticeId | null, limit) => selectNoticesOfPerson(db, personId, after, limit),
          ({ noticeId }) => noticeId,
        ),
      columns: [
        { title: 'О чём', cell: (row) => nameOf(row.kind) },
        { title: 'Когда', cell: (row) => formatDateTime(row.createdAt, ZONE) },
      ],
    }),
  ],
  async erase(_context, trx, personId) {
    const devices = await selectDevices(trx, personId);
    await deleteNoticesOf(
      trx,
      personId,
      devices.map(({ endpoint }) => sha256(endpoint)),
    );
  },
  goes: ['Выбор уведомлений, свой адрес для писем, подписки устройств'],
  deletes: ['notice', 'notice_choice', 'notice_address', 'notice_address_proof', 'push_device', 'push_message'],
  stays: [],
};
