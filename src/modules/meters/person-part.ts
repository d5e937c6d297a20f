import type { Db } from '../../platform/database/database.ts';
import type { PersonId, ReadingId } from '../../platform/ids.ts';
import { exportTable, inPages, type PersonPart } from '../../platform/person-part.ts';
import { formatDateTime, formatMonth, formatNumber } from '../../ui/index.ts';
import { RESOURCE_NAMES, type Resource } from './meter.ts';
import { type GivenReading, selectHousesOfPerson, selectReadingsOfPerson } from './queries/person.ts';

const STATES: Readonly<Record<string, string>> = {
  active: 'учтено',
  corrected: 'исправлено вами',
  declined: 'отклонено',
};

async function* givenBy(db: Db, personId: PersonId): AsyncGenerator<GivenReading> {
  for (const houseId of await selectHousesOfPerson(db, personId))
    yield* inPages(
      (after: ReadingId | null, limit) => selectReadingsOfPerson(db, houseId, personId, after, limit),
      ({ readingId }) => readingId,
    );
}

/** Readings that the person gave. What was charged by them is the organisations' record, so they stay. */
export const metersPart: PersonPart = {
  name: 'meters',
  tables: [
    exportTable({
      name: 'readings',
      title: 'Показания, которые вы передали',
      rows: async function* (db, personId) {
        for await (const { photoId, ...given } of givenBy(db, personId))
          yield { ...given, photo: photoId ? `${photoId}.jpg` : null };
      },
      columns: [
        { title: 'Передано', cell: (row) => formatDateTime(row.enteredAt, 'Europe/Moscow') },
        { title: 'За месяц', cell: (row) => formatMonth(row.period) },
        { title: 'Прибор', cell: (row) => `${RESOURCE_NAMES[row.resource as Resource]}, № ${row.serial}` },
        {
          title: 'Показание',
          cell: (row) =>
            [row.t1, row.t2, row.t3].flatMap((value) => (value === null ? [] : [formatNumber(value)])).join('; '),
        },
        { title: 'Состояние', cell: (row) => STATES[row.state] ?? row.state },
        { title: 'Снимок', cell: (row) => row.photo ?? '' },
      ],
    }),
  ],
  async *files(db, personId) {
    for await (const { photoId } of givenBy(db, personId))
      if (photoId) yield { fileId: photoId, name: `${photoId}.jpg` };
  },
  erase: async () => undefined,
  goes: [],
  deletes: [],
  stays: [
    {
      tables: ['reading', 'meter_version'],
      what: 'Показания приборов и снимки к ним. Без имени: кто их передал, узнать нельзя',
      rule: 'keep.readings',
    },
  ],
};
