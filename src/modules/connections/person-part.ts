import { allOf, exportTable, inPages, type PersonPart } from '../../platform/person-part.ts';
import { formatDateTime } from '../../ui/index.ts';
import { rightsInWords, SHARE_USES, type ShareUse } from '../accounts/index.ts';
import { blankClaim, deleteBlankedClaims, deleteLinksOf, lockLinks, NOBODY, selectAllLinks } from './queries/person.ts';
import { blankHelper, deleteSharesOf, selectAllShares, selectAllUses, type UseOfShare } from './queries/shares.ts';
import { describeLinks } from './read-links.ts';
import { declineShare, endSharesOfLink } from './sharing/end-share.ts';

const STATES: Readonly<Record<string, string>> = {
  connected: 'подключён',
  pending: 'ждёт ответа организации',
  refused: 'отказано',
  removed: 'отключён',
  shared: 'доступ к счёту другого человека',
  suspended: 'приостановлен: сменился плательщик',
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
    exportTable({
      name: 'shares',
      title: 'Кому вы открывали доступ к счетам',
      rows: (db, personId) => allOf(selectAllShares(db, personId)),
      columns: [
        { title: 'Кому', cell: (row) => row.helper_name ?? row.invited_as },
        { title: 'Что можно', cell: (row) => rightsInWords(row.rights) },
        { title: 'До', cell: (row) => row.until ?? 'не указано' },
        { title: 'Открыт', cell: (row) => formatDateTime(row.created_at, 'Europe/Moscow') },
        { title: 'Закрыт', cell: (row) => (row.ended_at ? formatDateTime(row.ended_at, 'Europe/Moscow') : '') },
      ],
    }),
    exportTable({
      name: 'share-uses',
      title: 'Что делали с вашими счетами те, кому вы открыли доступ',
      rows: (db, personId) =>
        inPages(
          (after: UseOfShare | null, limit) => selectAllUses(db, personId, after, limit),
          (use) => use,
        ),
      columns: [
        { title: 'День', cell: (row) => row.day as string },
        { title: 'Что', cell: (row) => [SHARE_USES[row.kind as ShareUse], row.what].filter(Boolean).join(': ') },
        { title: 'Раз за день', cell: (row) => String(row.times) },
      ],
    }),
  ],
  async erase(context, trx, personId) {
    const { clock } = context;
    await lockLinks(trx, personId);
    for (const link of await selectAllLinks(trx, personId)) {
      const { provider_id: organisationId, claim_id: claimId, link_id: linkId } = link;
      if (claimId) await blankClaim(trx, { organisationId, claimId, personId }, clock());
      if (link.state === 'connected') await endSharesOfLink(context, trx, personId, linkId);
      // Somebody else's account: the owner keeps what was done with it, not the name of who did it.
      if (link.state === 'shared')
        await declineShare(context, trx, personId, { ownerId: link.owner_id!, shareId: link.share_id! });
      if (link.share_id) await blankHelper(trx, link.owner_id!, link.share_id, NOBODY);
    }
    await deleteSharesOf(trx, personId);
    await deleteLinksOf(trx, personId);
  },
  goes: [
    'Связи с лицевыми счетами и ваши названия счетов',
    'Открытые заявки на подключение: они отзываются сами',
    'Доступ к вашим счетам, который вы открыли, и его журнал; ваш доступ к чужим счетам',
  ],
  deletes: ['account_link', 'connect_attempt', 'account_share', 'share_use'],
  stays: [
    {
      tables: ['connection_claim'],
      what: 'Заявки на подключение: номер счёта, решение организации и его причина. Без имени и текста',
      rule: 'keep.claims',
      release: deleteBlankedClaims,
    },
    {
      tables: ['failed_proof'],
      what: 'Неудачные попытки подключить счёт: когда. Без имени',
      rule: 'keep.proof_attempts',
      release: 'swept',
    },
  ],
};
