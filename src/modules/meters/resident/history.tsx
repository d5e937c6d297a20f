import {
  type Column,
  formatDateTime,
  formatMonth,
  formatNumericDate,
  Pager,
  Status,
  Table,
} from '../../../ui/index.ts';
import { DELIVERY_WORDS, type Delivery, type Meter, RESOURCE_NAMES, type Reading } from '../meter.ts';
import type { OwnMeters } from '../read-own-meters.ts';
import { ValuesCell } from './values-cell.tsx';
import { nameOf, sourceText } from './words.ts';

export interface HistoryView {
  readings: readonly Reading[];
  deliveries: ReadonlyMap<string, readonly Delivery[]>;
  newer: string | undefined;
  older: string | undefined;
}

interface HistoryProps {
  meter: Meter;
  zone: string;
  history: HistoryView;
  providers: OwnMeters['providers'];
  /** The address of a picture that the viewer may see; null where there is none. */
  photoOf: (reading: Reading) => string | null;
}

/** S-METER-2: every value ever entered, corrected and declined ones too. */
export function History(props: HistoryProps) {
  const { history } = props;
  return (
    <>
      <Table
        caption="История показаний"
        captionHidden
        columns={columnsOf(props)}
        rows={history.readings}
        rowKey={({ readingId }) => readingId}
        empty={<p>Показаний этого прибора ещё не передавали.</p>}
      />
      <Pager label="Страницы истории" previous={history.newer} next={history.older} />
    </>
  );
}

function columnsOf({ meter, zone, history, providers, photoOf }: HistoryProps): Column<Reading>[] {
  const unitOf = (reading: Reading) =>
    meter.resources.find(({ resource }) => resource === reading.resource)?.unit ?? '';
  const several = meter.resources.length > 1;
  return [
    {
      key: 'day',
      title: 'Снято',
      heading: true,
      cell: (reading) => (
        <span>
          {formatNumericDate(reading.takenOn)}
          {several && <span class="quiet-line">{RESOURCE_NAMES[reading.resource]}</span>}
        </span>
      ),
    },
    { key: 'month', title: 'За месяц', cell: ({ period }) => formatMonth(period) },
    {
      key: 'value',
      title: 'Показание',
      numeric: true,
      cell: (reading) => <ValuesCell values={reading} unit={unitOf(reading)} />,
    },
    {
      key: 'source',
      title: 'Кто передал',
      cell: (reading) => (
        <span>
          {sourceText(reading, providers)}
          <span class="quiet-line">{formatDateTime(reading.enteredAt, zone)}</span>
          {photoOf(reading) && <a href={photoOf(reading)!}>Фото прибора</a>}
        </span>
      ),
    },
    {
      key: 'state',
      title: 'Состояние',
      cell: (reading) => (
        <ReadingState
          reading={reading}
          deliveries={history.deliveries.get(reading.readingId) ?? []}
          providers={providers}
        />
      ),
    },
  ];
}

const TONES = {
  received: 'waiting',
  fetched: 'info',
  accepted: 'good',
  declined: 'danger',
  replaced: 'neutral',
} as const;

/** What became of a value: with each provider, or that a later one stands instead of it. */
export function ReadingState({
  reading,
  deliveries,
  providers,
}: {
  reading: Pick<Reading, 'state'>;
  deliveries: readonly Delivery[];
  providers: OwnMeters['providers'];
}) {
  if (reading.state === 'corrected') return <Status tone="neutral">исправлено следующим</Status>;
  if (deliveries.length === 0)
    return reading.state === 'declined' ? (
      <Status tone="danger">отклонено</Status>
    ) : (
      <Status tone="good">записано</Status>
    );
  return (
    <span>
      {deliveries.map(({ providerId, state, reason, period }) => (
        <span key={providerId} class="quiet-line">
          <Status tone={TONES[state]}>{DELIVERY_WORDS[state]}</Status> {nameOf(providerId, providers)}
          {state === 'declined' ? `: ${reason}` : `, за ${formatMonth(period)}`}
        </span>
      ))}
    </span>
  );
}
