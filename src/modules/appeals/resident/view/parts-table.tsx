import { type Day, dayIn } from '../../../../platform/month.ts';
import { formatDate, formatDateTime, Status, Table } from '../../../../ui/index.ts';
import { isOpen, PART_STATES, type Part } from '../../appeal.ts';
import type { AppealView } from './read-view.ts';
import { isLate } from './standing.ts';
import { daysLeft, STATE_TONES } from './words.ts';

/** One row for each addressee: who, in what state, by when and by what act. */
export function PartsTable({ view: { whole, names }, now }: { view: AppealView; now: Date }) {
  const { appeal, parts } = whole;
  const today = dayIn(appeal.zone, now);
  return (
    <Table
      caption="Кому направлено и когда ответят"
      captionHidden
      rows={parts}
      rowKey={({ partId }) => partId}
      columns={[
        {
          key: 'organisation',
          title: 'Адресат обращения',
          heading: true,
          cell: ({ organisationId }) => <a href={`/organisations/${organisationId}`}>{names.get(organisationId)}</a>,
        },
        {
          key: 'state',
          title: 'Состояние',
          cell: (part) => (
            <div>
              <Status tone={STATE_TONES[part.state]}>{PART_STATES[part.state]}</Status>
              {isLate(part, today) && (
                <>
                  {' '}
                  <Status tone="danger">Просрочено</Status>
                </>
              )}
              <Registered part={part} />
            </div>
          ),
        },
        {
          key: 'term',
          title: 'Срок ответа',
          prose: true,
          cell: (part) => <Term part={part} zone={appeal.zone} today={today} />,
        },
      ]}
    />
  );
}

function Registered({ part: { registeredOn, registrationNumber } }: { part: Part }) {
  if (!registeredOn) return null;
  return (
    <small class="quiet-line">
      № {registrationNumber} от {formatDate(registeredOn)}
    </small>
  );
}

/** The last day, how many are left, and the act that says so; of what is over, when it ended. */
function Term({ part, zone, today }: { part: Part; zone: string; today: Day }) {
  const { dueOn, dueAt, closedAt, extendedFrom, termSource } = part;
  const source = <small class="quiet-line">{termSource}</small>;
  if (!isOpen(part.state))
    return (
      <div>
        {closedAt && ENDS[part.state] ? `${ENDS[part.state]} ${formatDate(closedAt, zone)}` : '—'}
        {dueOn && part.state === 'executed' && <small class="quiet-line">срок был до {formatDate(dueOn)}</small>}
      </div>
    );
  if (!dueOn) return <div>{termSource}</div>;
  return (
    <div>
      {/* A legal term of zero days is the day itself. */}
      до {formatDate(dueOn)}, <b>{daysLeft(dueOn, today)}</b>
      {extendedFrom && <small class="quiet-line">продлён, был до {formatDate(extendedFrom)}</small>}
      {dueAt && <small class="quiet-line">первое действие — до {formatDateTime(dueAt, zone)}</small>}
      {source}
    </div>
  );
}

const ENDS: Readonly<Partial<Record<Part['state'], string>>> = {
  executed: 'Завершено',
  redirected: 'Передано дальше',
  withdrawn: 'Отозвано',
};
