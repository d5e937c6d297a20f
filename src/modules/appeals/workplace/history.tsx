import { formatDateTime, Timeline } from '../../../ui/index.ts';
import { isOpen } from '../appeal.ts';
import type { AppealAtDesk } from '../open-at-desk.ts';
import { doerOf, tellEvent, titleOf } from '../resident/view/tell-event.ts';
import { Files } from './files.tsx';

/** «Изменения по обращению»: all that happened, with what staff alone may see. */
export function History({ whole, names, files, part }: AppealAtDesk) {
  const { appeal, events } = whole;
  return (
    <Timeline
      items={events.map((event, index) => ({
        title: titleOf(event),
        when: (
          <>
            {formatDateTime(event.at, appeal.zone)}
            {doerOf(event) && `, ${names.get(doerOf(event)!)}`}
            {event.internal && ', видят только сотрудники'}
          </>
        ),
        text: (
          <>
            {tellEvent(event).map(([term, words]) => (
              <p key={term}>
                {term}: {words}
              </p>
            ))}
            <Files
              label="Файлы события"
              of={appeal}
              shown={whole.files.filter(({ eventId }) => eventId === event.eventId)}
              files={files}
            />
          </>
        ),
        state: index === events.length - 1 && isOpen(part.state) ? 'current' : 'done',
      }))}
    />
  );
}
