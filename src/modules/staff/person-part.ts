import { allOf, exportTable, type PersonPart } from '../../platform/person-part.ts';
import { formatNumericDate } from '../../ui/index.ts';
import { STATES } from './applications/applicant-pages.tsx';
import { forgetPerson, selectOwnApplications } from './queries/person.ts';
import { ZONE } from './staff.ts';

/** What the person asked to be registered. What they do at work is the organisation's. */
export const staffPart: PersonPart = {
  name: 'staff',
  tables: [
    exportTable({
      name: 'applications',
      title: 'Заявки на регистрацию организаций',
      rows: (db, personId) => allOf(selectOwnApplications(db, personId)),
      columns: [
        { title: 'Организация', cell: (row) => row.name },
        { title: 'ОГРН', cell: (row) => row.ogrn },
        { title: 'Отправлена', cell: (row) => formatNumericDate(row.sentAt, ZONE) },
        { title: 'Состояние', cell: (row) => STATES[row.state][1] },
        { title: 'Причина', cell: (row) => row.reason ?? '' },
      ],
    }),
  ],
  erase: (_context, trx, personId) => forgetPerson(trx, personId),
  goes: ['Заявка на регистрацию организации, которая ещё не решена; имя и почта, на которые вас приглашали'],
  deletes: [],
  stays: [
    {
      tables: ['organisation_application'],
      what: 'Решённые заявки на регистрацию организаций: карточка и решение. Без вашего имени',
      rule: null,
      why: 'По ней видно, на каком основании организация работает здесь',
    },
  ],
};
