import { exportTable, type PersonPart } from '../../platform/person-part.ts';
import { formatDateTime } from '../../ui/index.ts';
import { blankClaim, deleteLinksOf, selectAllLinks } from './queries/person.ts';
import { describeLinks } from './read-links.ts';

const STATES: Readonly<Record<string, string>> = {
  connected: 'подключён',
  pending: 'ждёт ответа организации',
  refused: 'отказано',
  removed: 'отключён',
};

/** The accounts that the person has connected. The accounts themselves are their providers'. */
export const connectionsPart: PersonPart = {
  name: 'connections',
  tables: [
    exportTable({
      name: 'accounts',
      title: 'Подключённые лицевые счета',
      rows: async function* (db, personId) {
        const shown = new Map((await describeLinks(db, personId)).map((link) => [link.linkId, link]));
        for (const row of await selectAllLinks(db, personId)) {
          const link = shown.get(row.link_id);
          yield {
            number: link?.number ?? null,
            els: link?.els ?? null,
            serviceId: link?.serviceId ?? null,
            address: link?.address ?? null,
            provider: link?.provider ?? null,
            title: row.title,
            state: row.state as string,
            refusal: row.refusal,
            askedAt: row.created_at,
            connectedAt: row.connected_at,
            changedAt: row.changed_at,
          };
        }
      },
      columns: [
        { title: 'Лицевой счёт', cell: (row) => row.number ?? 'отключён' },
        { title: 'Адрес', cell: (row) => row.address ?? '' },
        { title: 'Организация', cell: (row) => row.provider ?? '' },
        { title: 'Ваше название', cell: (row) => row.title },
        { title: 'Состояние', cell: (row) => STATES[row.state] ?? row.state },
        { title: 'Изменено', cell: (row) => formatDateTime(row.changedAt, 'Europe/Moscow') },
      ],
    }),
  ],
  async erase({ clock }, trx, personId) {
    for (const { provider_id: organisationId, claim_id: claimId } of await selectAllLinks(trx, personId))
      if (claimId) await blankClaim(trx, { organisationId, claimId, personId }, clock());
    await deleteLinksOf(trx, personId);
  },
  goes: ['Связи с лицевыми счетами и ваши названия счетов', 'Открытые заявки на подключение: они отзываются сами'],
  deletes: ['account_link', 'connect_attempt'],
  stays: [
    {
      tables: ['connection_claim'],
      what: 'Заявки на подключение: номер счёта, решение организации и его причина. Без имени и текста',
      rule: 'keep.claims',
    },
    {
      tables: ['failed_proof'],
      what: 'Неудачные попытки подключить счёт: когда. Без имени',
      rule: 'keep.proof_attempts',
    },
  ],
};
