import { DefinitionList, formatDateTime, Timeline, TypedText } from '../../../../ui/index.ts';
import type { AppealEvent } from '../../appeal.ts';
import { Files } from './files.tsx';
import { FoldSummary } from './fold-summary.tsx';
import type { AppealView } from './read-view.ts';
import { doerOf, tellEvent, titleOf } from './tell-event.ts';

const REFUSALS: ReadonlySet<AppealEvent['kind']> = new Set(['overdue', 'withdrawn', 'answer_not_required']);

/** «Изменения по обращению»: all that happened, each with its day and organisation, the newest first. */
export function Changes({ view }: { view: AppealView }) {
  const { appeal, events } = view.whole;
  return (
    <Timeline
      items={events.toReversed().map((event) => ({
        title: titleOf(event),
        when: [formatDateTime(event.at, appeal.zone), view.names.get(doerOf(event)!)].filter(Boolean).join(', '),
        text: <Details {...{ view, event }} />,
        state: REFUSALS.has(event.kind) ? ('refused' as const) : ('done' as const),
      }))}
    />
  );
}

function Details({ view, event }: { view: AppealView; event: AppealEvent }) {
  const told = tellEvent(event);
  const files = view.whole.files.filter(({ eventId }) => eventId === event.eventId);
  if (told.length === 0 && files.length === 0) return null;
  return (
    <details>
      <FoldSummary />
      <DefinitionList
        items={[
          ...told.map(([term, words]) => ({ term, value: <TypedText>{words}</TypedText> })),
          ...(files.length > 0
            ? [
                {
                  term: 'Файлы',
                  value: (
                    <Files label="Файлы" appeal={view.whole.appeal} files={files} known={view.files} own={false} />
                  ),
                },
              ]
            : []),
        ]}
      />
    </details>
  );
}
