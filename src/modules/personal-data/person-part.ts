import type { Looked } from '../../platform/audit/audit.ts';
import { deleteLooksOfPerson } from '../../platform/audit/queries/looks.ts';
import type { Db } from '../../platform/database/database.ts';
import { deleteDisclosuresOf } from '../../platform/disclosure/queries.ts';
import type { PersonId } from '../../platform/ids.ts';
import { day } from '../../platform/month.ts';
import { exportTable, inPages, type PersonPart } from '../../platform/person-part.ts';
import { formatDateTime } from '../../ui/index.ts';
import { lockErasure } from './queries/erasures.ts';
import { deleteExportsOf, deleteStoredFiles } from './queries/exports.ts';
import { deleteLettersBefore, deleteOwnEvents, selectLettersOf, selectOwnEvents } from './queries/journal.ts';
import { readLooks } from './read-looks.ts';
import { viewerWords, whenWords } from './views-page.tsx';

const ZONE = 'Europe/Moscow';
const EVER = { organisationId: null, from: day('2000-01-01'), to: day('2999-12-31') };
const PAGE = 500;

async function* allLooks(db: Db, personId: PersonId): AsyncGenerator<Looked & { organisation: string | null }> {
  let after: string | null = null;
  do {
    const page = await readLooks(db, personId, { ...EVER, after, limit: PAGE });
    for (const look of page.looks)
      yield { ...look, organisation: (look.organisationId && page.names.get(look.organisationId)) ?? null };
    after = page.next;
  } while (after);
}

/** What the platform keeps of a person: who looked, what they did, letters to them; their archives. */
export const journalPart: PersonPart = {
  name: 'journal',
  tables: [
    exportTable({
      name: 'looks',
      title: 'Кто смотрел ваши данные',
      rows: allLooks as (
        db: Db,
        personId: PersonId,
      ) => AsyncIterable<Looked & { organisation: string | null } & Record<string, unknown>>,
      columns: [
        { title: 'Что', cell: (row) => row.what },
        { title: 'Кто', cell: viewerWords },
        { title: 'Откуда', cell: (row) => row.organisation ?? '' },
        { title: 'Когда', cell: (row) => whenWords(row, ZONE) },
        { title: 'Для чего', cell: (row) => row.purpose },
      ],
    }),
    exportTable({
      name: 'actions',
      title: 'Журнал ваших действий',
      rows: (db, personId) =>
        inPages(
          (after: string | null, limit) => selectOwnEvents(db, personId, after, limit),
          ({ eventId }) => eventId,
        ),
      columns: [
        { title: 'Когда', cell: (row) => formatDateTime(row.at, ZONE) },
        { title: 'Действие, как его называет журнал', cell: (row) => row.action },
      ],
    }),
    exportTable({
      name: 'letters',
      title: 'Письма вам',
      rows: (db, personId) =>
        inPages(
          (after: string | null, limit) => selectLettersOf(db, personId, after, limit),
          ({ mailId }) => mailId,
        ),
      columns: [
        { title: 'Когда', cell: (row) => formatDateTime(row.createdAt, ZONE) },
        { title: 'Куда', cell: (row) => row.recipient },
        { title: 'Тема', cell: (row) => row.subject },
        { title: 'Текст', cell: (row) => row.body },
      ],
    }),
  ],
  async erase(_context, trx, personId) {
    const erasure = await lockErasure(trx, personId);
    await deleteLooksOfPerson(trx, personId);
    await deleteDisclosuresOf(trx, personId);
    await deleteStoredFiles(trx, await deleteExportsOf(trx, personId));
    if (erasure) await deleteLettersBefore(trx, personId, erasure.askedAt);
  },
  goes: ['Письма вам', 'Архивы ваших данных', 'Ваша страница «Кто смотрел мои данные»'],
  deletes: ['person_look', 'disclosure', 'data_export'],
  stays: [
    {
      tables: ['audit_event', 'idempotency_key'],
      what: 'Журнал того, что вы делали для себя. Вместо вашего имени внутренний номер',
      rule: 'keep.access_log',
      release: deleteOwnEvents,
    },
    {
      tables: ['home_look'],
      what: 'Кто и когда смотрел данные ваших лицевых счетов: это прочтут другие жильцы',
      rule: 'keep.access_log',
      release: 'swept',
    },
    {
      tables: ['mail_message'],
      what: 'Последнее письмо, о самом удалении',
      rule: 'keep.letters',
      release: 'swept',
    },
  ],
};
