import { allOf, exportTable, type PersonPart } from '../../platform/person-part.ts';
import { deviceName, formatDateTime, formatNumericDate } from '../../ui/index.ts';
import { listCapacities } from '../organisations/index.ts';
import { deleteConsentsOf, selectConsents } from './queries/consents.ts';
import { deleteDevicesOf, selectDevices } from './queries/devices.ts';
import { selectProfile, selectSessionsOf } from './queries/erasing.ts';
import { deleteSessionsOf } from './queries/sessions.ts';

const ZONE = 'Europe/Moscow';
const moment = (at: Date | null): string => (at ? formatDateTime(at, ZONE) : '');

/** Who the person is here, where they were signed in, what they accepted. */
export const identityPart: PersonPart = {
  name: 'identity',
  tables: [
    exportTable({
      name: 'profile',
      title: 'Кто вы',
      rows: (db, personId) => allOf(selectProfile(db, personId)),
      columns: [
        {
          title: 'Имя',
          cell: (row) => [row.familyName, row.givenName, row.middleName].filter(Boolean).join(' '),
        },
        { title: 'Дата рождения', cell: (row) => (row.birthDate ? formatNumericDate(row.birthDate) : '') },
        { title: 'СНИЛС', cell: (row) => row.snils ?? '' },
        { title: 'Почта', cell: (row) => row.email ?? '' },
        { title: 'Телефон', cell: (row) => row.phone ?? '' },
        { title: 'Первый вход', cell: (row) => moment(row.firstSignInAt) },
      ],
    }),
    exportTable({
      name: 'sessions',
      title: 'Входы',
      rows: (db, personId) => allOf(selectSessionsOf(db, personId)),
      columns: [
        { title: 'Вход', cell: (row) => moment(row.createdAt) },
        { title: 'Последнее действие', cell: (row) => moment(row.seenAt) },
        { title: 'Завершён', cell: (row) => moment(row.endedAt) },
        { title: 'Устройство', cell: (row) => deviceName(row.userAgent) },
        { title: 'Сеть', cell: (row) => row.network },
      ],
    }),
    exportTable({
      name: 'devices',
      title: 'Устройства, которые мы узнаём',
      rows: (db, personId) => allOf(selectDevices(db, personId)),
      columns: [
        { title: 'Устройство', cell: (row) => deviceName(row.userAgent) },
        { title: 'Сеть', cell: (row) => row.network },
        { title: 'Первый вход', cell: (row) => moment(row.firstAt) },
        { title: 'Последний вход', cell: (row) => moment(row.lastAt) },
      ],
    }),
    exportTable({
      name: 'consents',
      title: 'Соглашения и согласия',
      rows: async function* (db, personId) {
        for (const { id: _id, ...consent } of await selectConsents(db, personId)) yield consent;
      },
      columns: [
        { title: 'Документ', cell: (row) => row.title || 'Согласие на обработку персональных данных' },
        { title: 'Редакция', cell: (row) => String(row.version ?? '') },
        { title: 'Что сделано', cell: (row) => (row.what === 'accepted' ? 'принято' : 'отозвано') },
        { title: 'Когда', cell: (row) => moment(row.at) },
        { title: 'От чьего имени', cell: (row) => (row.organisationId ? 'организации' : 'собственного') },
      ],
    }),
  ],
  async obstacles({ db, clock }, personId) {
    const capacities = await listCapacities(db, personId, clock());
    return capacities.map(({ name }) => ({
      what: `Вы сотрудник: ${name}`,
      todo: 'Попросите руководителя прекратить вам доступ: ваши решения в организации кто-то должен вести дальше',
      href: '/acting',
    }));
  },
  async erase(_context, trx, personId) {
    await deleteSessionsOf(trx, personId);
    await deleteDevicesOf(trx, personId);
  },
  goes: ['Входы и устройства', 'Имя, СНИЛС, дата рождения, почта и телефон, которые передал сервис входа'],
  deletes: ['session', 'device'],
  stays: [
    {
      tables: ['acceptance', 'consent_withdrawal'],
      what: 'Какие редакции соглашения и согласия вы приняли и отозвали, и когда. Без имени',
      rule: 'keep.consents',
      release: deleteConsentsOf,
    },
    {
      tables: ['person', 'erasure'],
      what: 'Пустая запись без имени: день удаления и внутренний номер, на который ссылаются остающиеся данные',
      rule: null,
      why: 'По ней никого нельзя узнать; без неё рассыпались бы платежи и обращения',
    },
    {
      tables: ['employee'],
      what: 'Если вы работали в организации: когда и кем, и журнал того, что вы для неё делали. Без имени',
      rule: null,
      why: 'Это учёт организации: кто отвечал за решения от её имени',
    },
  ],
};
