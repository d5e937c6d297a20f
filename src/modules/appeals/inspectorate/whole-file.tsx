import { type Attachment, hasPreview, hasThumbnail } from '../../../platform/attachments/index.ts';
import type { FileId, OrganisationId } from '../../../platform/ids.ts';
import {
  Card,
  DefinitionList,
  FileList,
  type FileState,
  formatDate,
  formatDateTime,
  formatPhone,
  type ListedFile,
  Status,
  Table,
  Timeline,
  TypedText,
} from '../../../ui/index.ts';
import {
  type AppealFile,
  type AppealWhole,
  AUTHOR_STATES,
  isOpen,
  OUTCOMES,
  PART_STATES,
  type Part,
} from '../appeal.ts';
import { doerOf, tellEvent, titleOf } from '../resident/view/tell-event.ts';
import { STATE_TONES } from '../resident/view/words.ts';

export interface WholeProps {
  whole: AppealWhole;
  names: ReadonlyMap<OrganisationId, string>;
  files: ReadonlyMap<FileId, Attachment>;
  /** Where a file is downloaded. */
  fileHref: (fileId: FileId) => string;
}

/** An appeal as its author wrote it, with the author and whoever joined. */
export function AppealText(props: WholeProps) {
  const { appeal, files, joiners } = props.whole;
  const joined = joiners.map(({ familyName, givenName, middleName, flat }) =>
    [[familyName, givenName, middleName].filter(Boolean).join(' '), flat && `кв. ${flat}`].filter(Boolean).join(', '),
  );
  return (
    <Card
      title="Что пишет автор"
      note={`Отправлено ${formatDateTime(appeal.sentAt, appeal.zone)}`}
      aside={<Status tone={STATE_TONES[appeal.state]}>{AUTHOR_STATES[appeal.state]}</Status>}
    >
      <TypedText>{appeal.text}</TypedText>
      <Files
        {...props}
        label="Файлы обращения"
        shown={files.filter(({ answerId, eventId }) => !answerId && !eventId)}
      />
      <DefinitionList
        items={[
          { term: 'Автор', value: [appeal.familyName, appeal.givenName, appeal.middleName].filter(Boolean).join(' ') },
          { term: 'Телефон', value: appeal.phone && formatPhone(appeal.phone) },
          { term: 'Почта для ответа', value: appeal.answerEmail },
          { term: 'Адрес', value: `${appeal.address}${appeal.flat && `, кв. ${appeal.flat}`}` },
          { term: 'Муниципальное образование', value: appeal.municipality },
          { term: 'Тема', value: `${appeal.topicCode} ${appeal.ownTopic || appeal.topicName}` },
          ...(joined.length > 0 ? [{ term: 'Присоединились', value: joined.join('; ') }] : []),
        ]}
      />
    </Card>
  );
}

export function Files({ files, fileHref, label, shown }: WholeProps & { label: string; shown: readonly AppealFile[] }) {
  const listed = shown.flatMap(({ fileId, description }): ListedFile[] => {
    const attachment = files.get(fileId);
    if (!attachment || attachment.verdict === 'none') return [];
    const { name, sizeBytes, verdict } = attachment;
    const href = fileHref(fileId);
    return [
      {
        key: fileId,
        name,
        sizeBytes,
        state: verdict satisfies FileState,
        href,
        previewHref: hasPreview(attachment) ? `${href}?preview=1` : undefined,
        thumbnail: hasThumbnail(attachment) ? `${href}?thumbnail=1` : undefined,
        description,
      },
    ];
  });
  return listed.length > 0 ? <FileList label={label} files={listed} /> : null;
}

/** Who answers by when, and by which act. */
export function PartsTable({ whole, names }: Pick<WholeProps, 'whole' | 'names'>) {
  return (
    <Card title="Кто отвечает">
      <Table
        caption="Кто отвечает"
        captionHidden
        rows={whole.parts.filter(({ kind }) => kind === 'appeal')}
        rowKey={({ partId }) => partId}
        columns={[
          {
            key: 'who',
            title: 'Организация',
            heading: true,
            cell: (part) => (
              <span class="desk-line">
                <span>{names.get(part.organisationId)}</span>
                <small class="quiet">
                  {part.registeredOn
                    ? `Зарегистрировано: № ${part.registrationNumber} от ${formatDate(part.registeredOn)}`
                    : 'Ещё не зарегистрировано'}
                </small>
              </span>
            ),
          },
          {
            key: 'term',
            title: 'Срок',
            prose: true,
            cell: (part) => (
              <span>
                {part.dueOn ? `до ${formatDate(part.dueOn)}` : 'не установлен'}
                <small class="quiet-line">{part.termSource}</small>
              </span>
            ),
          },
          { key: 'state', title: 'Состояние', cell: (part) => <PartStatus part={part} /> },
        ]}
      />
    </Card>
  );
}

export function PartStatus({ part }: { part: Part }) {
  if (part.overdueAt && isOpen(part.state)) return <Status tone="danger">Просрочено</Status>;
  const late = part.overdueAt ? ', с опозданием' : '';
  return (
    <Status tone={part.state === 'executed' ? 'good' : isOpen(part.state) ? 'waiting' : 'neutral'}>
      {PART_STATES[part.state]}
      {late}
    </Status>
  );
}

/** Answers that were sent: to the author, or to a request of the inspectorate. */
export function Answers(props: WholeProps & { of: 'appeal' | 'request'; empty: string }) {
  const { whole, names, of, empty } = props;
  const parts = new Map(whole.parts.filter(({ kind }) => kind === of).map((part) => [part.partId, part]));
  const sent = whole.answers.filter(({ state, partId }) => state === 'sent' && parts.has(partId));
  if (sent.length === 0) return <p class="quiet">{empty}</p>;
  return (
    <>
      {sent.map((answer) => (
        <Card
          key={answer.answerId}
          level={3}
          title={
            answer.interim ? 'Промежуточный ответ' : (names.get(parts.get(answer.partId)!.organisationId) ?? 'Ответ')
          }
          note={`№ ${answer.number} от ${formatDate(answer.answeredOn!)}, ${[answer.performerPost, answer.performerName].filter(Boolean).join(' ')}`}
          aside={answer.outcome && <Status tone="info">{OUTCOMES[answer.outcome]}</Status>}
        >
          <TypedText>{answer.text}</TypedText>
          <Files
            {...props}
            label="Файлы ответа"
            shown={whole.files.filter(({ answerId }) => answerId === answer.answerId)}
          />
        </Card>
      ))}
    </>
  );
}

/** «Изменения по обращению»: all that happened, in order. */
export function Changes(props: WholeProps) {
  const { whole, names } = props;
  const { appeal, events } = whole;
  return (
    <Timeline
      items={events.map((event) => ({
        title: titleOf(event),
        when: `${formatDateTime(event.at, appeal.zone)}${doerOf(event) ? `, ${names.get(doerOf(event)!)}` : ''}${event.internal ? ', видят только сотрудники' : ''}`,
        text: (
          <>
            {tellEvent(event).map(([term, words]) => (
              <p key={term}>
                {term}: {words}
              </p>
            ))}
            <Files
              {...props}
              label="Файлы события"
              shown={whole.files.filter(({ eventId }) => eventId === event.eventId)}
            />
          </>
        ),
        state: 'done' as const,
      }))}
    />
  );
}
