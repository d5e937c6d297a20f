import { removeAttachment } from '../../platform/attachments/index.ts';
import type { Db } from '../../platform/database/database.ts';
import type { AppealId, PersonId, SupportRequestId } from '../../platform/ids.ts';
import { allOf, exportTable, inPages, type PersonPart } from '../../platform/person-part.ts';
import { formatDate, formatDateTime } from '../../ui/index.ts';
import { type AppealState, type AppealWhole, AUTHOR_STATES } from './appeal.ts';
import { appealPath } from './paths.ts';
import {
  blankContacts,
  deleteDraftsOf,
  deleteOwnAppeals,
  deleteSupportOf,
  selectAppealsOfPerson,
  selectDraftFilesOfPerson,
  selectDraftsOfPerson,
  selectOpenAppeals,
} from './queries/person.ts';
import { selectAppealWhole } from './queries/read-appeals.ts';
import { seenByAuthor } from './see-appeal.ts';
import { selectMessages, selectOwnRequests } from './support/queries.ts';

const ZONE = 'Europe/Moscow';
const PAGE = 50;

const stateWords = (state: string): string => (AUTHOR_STATES[state as AppealState] ?? state).toLowerCase();

const linesOf = (db: Db, personId: PersonId) =>
  inPages(
    (after: AppealId | null, limit) => selectAppealsOfPerson(db, personId, after, limit),
    ({ appealId }) => appealId,
    PAGE,
  );

/** The person's own appeals, one at a time, as their author sees them. */
async function* writtenBy(db: Db, personId: PersonId): AsyncGenerator<AppealWhole> {
  for await (const line of linesOf(db, personId)) {
    const whole = line.role === 'author' ? await selectAppealWhole(db, line) : null;
    if (whole) yield seenByAuthor(whole);
  }
}

/** Appeals and questions that the person wrote. Correspondence with bodies is kept by law; its contacts are not. */
export const appealsPart: PersonPart = {
  name: 'appeals',
  tables: [
    exportTable({
      name: 'appeals',
      title: 'Ваши обращения и ответы на них',
      rows: async function* (db, personId) {
        for await (const { appeal, answers, files } of writtenBy(db, personId))
          yield {
            number: appeal.number,
            state: appeal.state as string,
            sentAt: appeal.sentAt,
            topic: appeal.ownTopic || appeal.topicName,
            address: [appeal.address, appeal.flat].filter(Boolean).join(', кв. '),
            phone: appeal.phone,
            email: appeal.email,
            answerEmail: appeal.answerEmail,
            text: appeal.text,
            answers: answers.map(({ number, answeredOn, performerName, text }) => ({
              number,
              answeredOn,
              performerName,
              text,
            })),
            files: files.map(({ fileId, name }) => fileName(appeal.number, fileId, name)),
          };
      },
      columns: [
        { title: 'Номер', cell: (row) => row.number },
        { title: 'Отправлено', cell: (row) => formatDateTime(row.sentAt, ZONE) },
        { title: 'О чём', cell: (row) => row.topic },
        { title: 'Адрес', cell: (row) => row.address },
        { title: 'Состояние', cell: (row) => stateWords(row.state) },
        { title: 'Текст', cell: (row) => row.text },
        { title: 'Ответы', cell: (row) => row.answers.map(({ number, text }) => `№ ${number}: ${text}`).join('\n\n') },
      ],
    }),
    exportTable({
      name: 'joined-appeals',
      title: 'Обращения соседей, к которым вы присоединились',
      rows: async function* (db, personId) {
        for await (const { number, topic, address, state, role } of linesOf(db, personId))
          if (role === 'joined') yield { number, topic, address, state };
      },
      columns: [
        { title: 'Номер', cell: (row) => row.number },
        { title: 'О чём', cell: (row) => row.topic },
        { title: 'Адрес', cell: (row) => row.address },
        { title: 'Состояние', cell: (row) => stateWords(row.state) },
      ],
    }),
    exportTable({
      name: 'drafts',
      title: 'Черновики обращений',
      rows: (db, personId) => allOf(selectDraftsOfPerson(db, personId)),
      columns: [
        { title: 'Изменён', cell: (row) => formatDateTime(row.updatedAt, ZONE) },
        { title: 'Адрес', cell: (row) => row.address },
        { title: 'Текст', cell: (row) => row.text },
      ],
    }),
    exportTable({
      name: 'support',
      title: 'Вопросы в поддержку',
      rows: async function* (db, personId) {
        const requests = inPages(
          (after: SupportRequestId | null, limit) => selectOwnRequests(db, personId, after, limit),
          ({ requestId }) => requestId,
          PAGE,
        );
        for await (const { requestId, number, subject, text, email, createdAt } of requests) {
          const messages = await selectMessages(db, requestId, false);
          const written = messages.map(({ at, fromSupport, text: words }) => ({ at, fromSupport, text: words }));
          yield { number, subject, text, email, createdAt, messages: written };
        }
      },
      columns: [
        { title: 'Номер', cell: (row) => row.number },
        { title: 'Когда', cell: (row) => formatDateTime(row.createdAt, ZONE) },
        { title: 'О чём', cell: (row) => row.subject },
        { title: 'Текст', cell: (row) => row.text },
        { title: 'Переписка', cell: (row) => row.messages.map(({ text }) => text).join('\n\n') },
      ],
    }),
  ],
  async *files(db, personId) {
    for await (const { appeal, files } of writtenBy(db, personId))
      for (const { fileId, name } of files) yield { fileId, name: fileName(appeal.number, fileId, name) };
    for (const { fileId, name } of await selectDraftFilesOfPerson(db, personId))
      yield { fileId, name: fileName('черновик', fileId, name) };
  },
  async obstacles({ db }, personId) {
    return (await selectOpenAppeals(db, personId)).map(({ houseId, appealId, number, sentAt }) => ({
      what: `На обращение № ${number} от ${formatDate(sentAt, ZONE)} ещё не ответили`,
      todo: 'Дождитесь ответа или отзовите обращение: после удаления ответ было бы некому прислать',
      href: appealPath({ houseId, appealId }),
    }));
  },
  async erase(_context, trx, personId) {
    for await (const key of linesOf(trx, personId)) await blankContacts(trx, key, personId);
    const files = await selectDraftFilesOfPerson(trx, personId);
    await deleteDraftsOf(trx, personId);
    for (const { fileId } of files) await removeAttachment(trx, fileId);
    await deleteOwnAppeals(trx, personId);
    await deleteSupportOf(trx, personId);
  },
  goes: ['Черновики обращений и их файлы', 'Телефон и почта в отправленных обращениях', 'Вопросы в поддержку'],
  deletes: ['appeal_draft', 'appeal_draft_file', 'own_appeal'],
  stays: [
    {
      tables: [
        'appeal',
        'appeal_part',
        'appeal_event',
        'appeal_answer',
        'appeal_file',
        'appeal_joiner',
        'appeal_letter',
        'desk_appeal',
      ],
      what: 'Отправленные обращения, ответы и файлы к ним, с именем и адресом. Без телефона и почты',
      rule: 'keep.appeals',
    },
  ],
};

/** Names may repeat and hold anything: the id keeps files apart, the number says whose they are. */
const fileName = (number: string, fileId: string, name: string): string => `${number}-${fileId.slice(-6)}-${name}`;
