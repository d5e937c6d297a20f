import type { Day } from '../../../platform/month.ts';
import {
  Actions,
  ButtonLink,
  Card,
  DefinitionList,
  formatDate,
  formatDateTime,
  formatPhone,
  formatTime,
  TypedText,
} from '../../../ui/index.ts';
import { isOpen, PART_STATES } from '../appeal.ts';
import type { AppealAtDesk } from '../open-at-desk.ts';
import { SentAnswers } from './answers.tsx';
import { Files } from './files.tsx';
import { appealHref, type QueueQuery } from './queue-query.ts';
import { TermStatus } from './words.tsx';

/** The request of an inspectorate stands before the appeal that it is about. */
export function RequestText({ part, names, whole }: AppealAtDesk) {
  const asker = whole.parts.find(({ partId }) => partId === part.fromPartId);
  if (part.kind !== 'request') return null;
  return (
    <Card title="О чём спрашивает инспекция" note={asker && names.get(asker.organisationId)} tone="tint">
      <TypedText>{part.requestText}</TypedText>
    </Card>
  );
}

export function AppealText({ whole, files }: AppealAtDesk) {
  const { appeal } = whole;
  return (
    <Card
      title="Что пишет автор"
      note={`${appeal.address}${appeal.flat && `, кв. ${appeal.flat}`}. Отправлено ${formatDateTime(appeal.sentAt, appeal.zone)}`}
    >
      <TypedText>{appeal.text}</TypedText>
      <Files
        label="Файлы обращения"
        of={appeal}
        shown={whole.files.filter(({ answerId, eventId }) => !answerId && !eventId)}
        files={files}
      />
    </Card>
  );
}

/** What an escalation brings along: the first appeal, its answers, its dates. */
export function ParentFile({ parent, names, files, whole }: AppealAtDesk) {
  if (!parent) return null;
  const { appeal, parts } = parent;
  return (
    <Card
      title={whole.appeal.relation === 'escalation' ? 'На что жалуется автор' : 'Продолжает обращение'}
      note={`Обращение № ${appeal.number} от ${formatDate(appeal.sentAt, appeal.zone)}`}
    >
      <TypedText>{appeal.text}</TypedText>
      <Files
        label="Файлы прежнего обращения"
        of={whole.appeal}
        shown={parent.files.filter(({ answerId, eventId }) => !answerId && !eventId)}
        files={files}
      />
      <DefinitionList
        items={parts
          .filter(({ kind }) => kind === 'appeal')
          .map((part) => ({
            term: names.get(part.organisationId) ?? '',
            value: `${PART_STATES[part.state]}${part.dueOn ? `, срок ${formatDate(part.dueOn)}` : ''}`,
          }))}
      />
      <SentAnswers of={whole.appeal} whole={parent} {...{ names, files }} level={3} />
    </Card>
  );
}

/** When to answer, by which act, and who does it. */
export function TermCard({ at: { part, whole }, today, queue }: { at: AppealAtDesk; today: Day; queue: QueueQuery }) {
  const { appeal } = whole;
  const open = isOpen(part.state);
  const place = { houseId: appeal.houseId, appealId: appeal.appealId, deskId: part.partId };
  return (
    <Card title="Срок и исполнитель" aside={open && <TermStatus dueOn={part.dueOn} today={today} />}>
      <DefinitionList
        items={[
          { term: 'Состояние', value: PART_STATES[part.state] },
          {
            term: 'Ответить до',
            value: part.dueOn && formatDate(part.dueOn),
            empty: 'Срок не установлен',
          },
          ...(part.extendedFrom ? [{ term: 'Срок продлён с', value: formatDate(part.extendedFrom) }] : []),
          ...(part.dueAt
            ? [
                {
                  term: appeal.emergency ? 'Локализовать аварию до' : 'Осмотреть до',
                  value: `${formatDate(part.dueAt, appeal.zone)}, ${formatTime(part.dueAt, appeal.zone)}`,
                },
              ]
            : []),
          { term: 'Почему такой срок', value: part.termSource },
          { term: 'Поступило', value: formatDateTime(part.receivedAt, appeal.zone) },
          {
            term: 'Зарегистрировано',
            value: part.registeredOn && `№ ${part.registrationNumber} от ${formatDate(part.registeredOn)}`,
            empty: 'Ещё нет',
          },
          { term: 'Исполнитель', value: part.performerName, empty: 'Не назначен' },
          ...(part.plannedOn ? [{ term: 'План', value: formatDate(part.plannedOn) }] : []),
        ]}
      />
      {open && (
        <Actions>
          {part.state === 'received' && (
            <ButtonLink kind="secondary" href={appealHref(place, queue, 'register')}>
              Зарегистрировать
            </ButtonLink>
          )}
          <ButtonLink shortcut="a" kind="secondary" href={appealHref(place, queue, 'assign')}>
            {part.performerName ? 'Сменить исполнителя' : 'Назначить исполнителя'}
          </ButtonLink>
        </Actions>
      )}
    </Card>
  );
}

export function AuthorCard({ whole }: AppealAtDesk) {
  const { appeal, joiners } = whole;
  return (
    <Card title="Автор">
      <DefinitionList
        items={[
          { term: 'Имя', value: [appeal.familyName, appeal.givenName, appeal.middleName].filter(Boolean).join(' ') },
          {
            term: 'Телефон',
            value: appeal.phone && <a href={`tel:${appeal.phone}`}>{formatPhone(appeal.phone)}</a>,
          },
          { term: 'Почта для ответа', value: appeal.answerEmail },
          { term: 'Муниципальное образование', value: appeal.municipality },
        ]}
      />
      {joiners.length > 0 && (
        <details>
          <summary>Присоединились соседи: {joiners.length}</summary>
          <ul>
            {joiners.map((joiner) => (
              <li key={joiner.personId}>
                {[joiner.familyName, joiner.givenName, joiner.middleName].filter(Boolean).join(' ')}
                {joiner.flat && `, кв. ${joiner.flat}`}, {joiner.answerEmail}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}
