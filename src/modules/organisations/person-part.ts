import { ROLE_NAMES } from '../../platform/access.ts';
import { allOf, exportTable, type PersonPart } from '../../platform/person-part.ts';
import { formatNumericDate } from '../../ui/index.ts';
import { deleteClaimedRoles, selectEmploymentHistory } from './queries/person.ts';

/** The person's work in organisations. The record of it is the organisation's own. */
export const organisationsPart: PersonPart = {
  name: 'organisations',
  tables: [
    exportTable({
      name: 'employment',
      title: 'Работа в организациях',
      rows: (db, personId) => allOf(selectEmploymentHistory(db, personId)),
      columns: [
        { title: 'Организация', cell: (row) => row.organisation },
        { title: 'Роль', cell: (row) => ROLE_NAMES[row.role] },
        { title: 'Должность', cell: (row) => row.post },
        { title: 'С', cell: (row) => formatNumericDate(row.from) },
        { title: 'По', cell: (row) => (row.to ? formatNumericDate(row.to) : '') },
      ],
    }),
  ],
  erase: (_context, trx, personId) => deleteClaimedRoles(trx, personId),
  goes: ['Сведения сервиса входа о ваших ролях в организациях'],
  deletes: ['organisation_claim'],
  stays: [],
};
