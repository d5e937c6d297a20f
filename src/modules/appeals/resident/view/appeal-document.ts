import type { FileId } from '../../../../platform/ids.ts';
import { dayIn } from '../../../../platform/month.ts';
import type { Block } from '../../../../platform/pdf/write-pdf.ts';
import { formatDate, formatDateTime, formatFileSize, formatPhone } from '../../../../ui/index.ts';
import { type Answer, type AppealFile, AUTHOR_STATES, isOpen, OUTCOMES, PART_STATES, type Part } from '../../appeal.ts';
import { topicWords } from './about.tsx';
import type { AppealView } from './read-view.ts';
import { isLate } from './standing.ts';
import { doerOf, tellEvent, titleOf } from './tell-event.ts';

type Fact = readonly [term: string, value: string];

/** The whole file of an appeal as it stands now: requisites, text, addressees with terms, answers, events, files with their hashes. */
export function* appealDocument(view: AppealView, hashes: ReadonlyMap<FileId, string>, now: Date): Generator<Block> {
  const { appeal, answers, events, files } = view.whole;
  const { zone } = appeal;
  yield { kind: 'title', text: `Обращение № ${appeal.number}` };
  yield { kind: 'note', text: `Состояние на ${formatDateTime(now, zone)}. Время указано по часовому поясу ${zone}.` };
  yield* applicant(view);
  yield { kind: 'heading', text: 'Информация об обращении' };
  yield { kind: 'facts', facts: aboutAppeal(view) };
  yield { kind: 'heading', text: 'Текст обращения' };
  yield { kind: 'text', text: appeal.text };
  yield* addressees(view, now);
  yield { kind: 'heading', text: `Ответы на обращение (${answers.length})` };
  if (answers.length === 0) yield { kind: 'text', text: 'Ответов нет.' };
  for (const answer of answers) yield* answerBlocks(view, answer);
  yield { kind: 'heading', text: `Изменения по обращению (${events.length})` };
  for (const event of events) {
    const doer = doerOf(event);
    const who = doer && view.names.get(doer);
    yield { kind: 'subheading', text: [formatDateTime(event.at, zone), titleOf(event)].join(' — ') };
    const told: Fact[] = [...(who ? [['Организация', who] as const] : []), ...tellEvent(event)];
    if (told.length > 0) yield { kind: 'facts', facts: told };
  }
  yield { kind: 'heading', text: `Файлы (${files.length})` };
  if (files.length === 0) yield { kind: 'text', text: 'Нет прикрепленных файлов.' };
  else yield { kind: 'note', text: 'По SHA-256 можно убедиться, что файл тот самый, который отправили.' };
  for (const file of files) yield fileBlock(file, view, hashes);
}

function* applicant({ role, whole: { appeal } }: AppealView): Generator<Block> {
  yield { kind: 'heading', text: 'Информация о заявителе' };
  if (role === 'joined')
    return yield { kind: 'text', text: 'Обращение написал сосед. Его имя и контакты видят только адресаты.' };
  const name = [appeal.familyName, appeal.givenName, appeal.middleName].filter(Boolean).join(' ');
  yield {
    kind: 'facts',
    facts: [
      ['Заявитель', name],
      ['Номер телефона', appeal.phone && formatPhone(appeal.phone)],
      ['E-mail', appeal.email],
      ['Ответ придёт на адрес', appeal.answerEmail],
    ],
  };
}

function aboutAppeal({ role, parent, children, whole: { appeal } }: AppealView): Fact[] {
  const facts: Fact[] = [
    ['Статус обращения', AUTHOR_STATES[appeal.state]],
    ['Дата создания обращения', formatDateTime(appeal.createdAt, appeal.zone)],
    ['Дата отправки', formatDateTime(appeal.sentAt, appeal.zone)],
    ['Тема обращения', topicWords(appeal)],
    ['Адрес дома/территории', appeal.address],
    ...(role === 'author' ? [['Номер помещения', appeal.flat] as const] : []),
    ['Муниципальное образование', appeal.municipality],
  ];
  if (appeal.joined > 0) facts.push(['Присоединились соседи', String(appeal.joined)]);
  if (parent) facts.push(['Продолжает обращение', `№ ${parent.number}`]);
  if (children.length > 0)
    facts.push(['Продолжено в обращениях', children.map(({ number }) => `№ ${number}`).join(', ')]);
  return facts;
}

function* addressees({ whole, names }: AppealView, now: Date): Generator<Block> {
  const { zone } = whole.appeal;
  const today = dayIn(zone, now);
  yield { kind: 'heading', text: 'Кому направлено' };
  for (const part of whole.parts) {
    yield { kind: 'subheading', text: names.get(part.organisationId) ?? '' };
    yield {
      kind: 'facts',
      facts: [
        ['Состояние', `${PART_STATES[part.state]}${isLate(part, today) ? ', просрочено' : ''}`],
        ['Получено', formatDateTime(part.receivedAt, zone)],
        [
          'Регистрация',
          part.registeredOn ? `№ ${part.registrationNumber} от ${formatDate(part.registeredOn)}` : 'ещё нет',
        ],
        ['Срок ответа', termOf(part)],
        ['Основание срока', part.termSource],
        ...(part.closedAt ? [['Завершено', formatDateTime(part.closedAt, zone)] as const] : []),
      ],
    };
  }
}

const termOf = ({ dueOn, extendedFrom, state }: Part): string => {
  if (!dueOn) return isOpen(state) ? 'законом не установлен' : '';
  return `до ${formatDate(dueOn)}${extendedFrom ? ` (продлён, был до ${formatDate(extendedFrom)})` : ''}`;
};

function* answerBlocks({ whole: { parts, files, appeal }, names }: AppealView, answer: Answer): Generator<Block> {
  const part = parts.find(({ partId }) => partId === answer.partId);
  const own = files.filter(({ answerId }) => answerId === answer.answerId).map(({ name }) => name);
  yield { kind: 'subheading', text: (part && names.get(part.organisationId)) ?? '' };
  yield {
    kind: 'facts',
    facts: [
      [answer.interim ? 'Промежуточный ответ' : 'Ответ', `№ ${answer.number}`],
      ['Дата', answer.sentAt ? formatDateTime(answer.sentAt, appeal.zone) : ''],
      ['Итог', answer.outcome ? OUTCOMES[answer.outcome] : ''],
      ['Исполнитель', [answer.performerPost, answer.performerName].filter(Boolean).join(', ')],
      ...(own.length > 0 ? [['Файлы', own.join('\n')] as const] : []),
    ],
  };
  yield { kind: 'text', text: answer.text };
}

function fileBlock(file: AppealFile, { whole }: AppealView, hashes: ReadonlyMap<FileId, string>): Block {
  const signed = whole.files.find(({ fileId }) => fileId === file.signsFileId);
  const of = file.answerId ? 'к ответу' : file.eventId ? 'к изменению' : 'к обращению';
  return {
    kind: 'facts',
    facts: [
      ['Имя', file.name],
      ['Приложен', signed ? `${of}, электронная подпись к файлу «${signed.name}»` : of],
      ...(file.description ? [['Описание', file.description] as const] : []),
      ['Размер', formatFileSize(file.sizeBytes)],
      ['SHA-256', hashes.get(file.fileId) ?? 'файл больше не хранится'],
    ],
  };
}
