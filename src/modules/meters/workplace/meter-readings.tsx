import { useMay } from '../../../pages/doors.tsx';
import { addMonths, monthOf } from '../../../platform/month.ts';
import {
  BarChart,
  Card,
  formatMonth,
  formatNumericDate,
  formatQuantity,
  monthWord,
  Pager,
  Status,
  type StatusTone,
  Table,
} from '../../../ui/index.ts';
import { access } from '../access.ts';
import {
  DEFAULT_UNITS,
  DELIVERY_WORDS,
  type DeliveryState,
  METHOD_WORDS,
  READING_KIND_WORDS,
  RESOURCE_NAMES,
  SOURCE_WORDS,
  UNITS,
} from '../meter.ts';
import { Decline } from './decisions-page.tsx';
import { formatValues, PhotoLink, pathOf, unitOf } from './frame.tsx';
import type { MeterPageProps } from './meter-page.tsx';

/** Months that an accepted value may still be declined from here: older ones are in bills that were paid long ago. */
const DECLINED_BACK = 3;

const TONES: Readonly<Record<DeliveryState, StatusTone>> = {
  received: 'waiting',
  fetched: 'info',
  accepted: 'good',
  declined: 'danger',
  replaced: 'neutral',
};

export function Readings({
  house,
  meter,
  today,
  readings,
  hasMore,
  deliveries,
  organisationId,
  names,
  token,
}: MeterPageProps) {
  const mine = new Map(
    deliveries.filter((one) => one.providerId === organisationId).map((one) => [one.readingId, one] as const),
  );
  const path = pathOf(house.houseId, meter.meterId);
  const last = readings.at(-1);
  const mayDecide = useMay(access.decideDeliveries);
  const since = addMonths(monthOf(today), -DECLINED_BACK);
  return (
    <Card title="Показания">
      <Table
        caption="Показания"
        captionHidden
        rows={readings}
        rowKey={(row) => row.readingId}
        empty={<p>Показаний ещё не было. Внесите первое: контрольное или со слов жителя в реестре дома.</p>}
        columns={[
          {
            key: 'value',
            title: 'Показание',
            heading: true,
            cell: (row) => (
              <span>
                {meter.resources.length > 1 && `${RESOURCE_NAMES[row.resource]}: `}
                {formatValues(row)}{' '}
                {unitOf(meter.resources.find(({ resource }) => resource === row.resource)?.unit ?? '')}
              </span>
            ),
          },
          { key: 'day', title: 'Снято', cell: (row) => formatNumericDate(row.takenOn) },
          { key: 'month', title: 'За месяц', cell: (row) => formatMonth(row.period) },
          {
            key: 'source',
            title: 'Источник',
            cell: (row) => (
              <span>
                {row.organisationId
                  ? (names.get(row.organisationId) ?? SOURCE_WORDS[row.source])
                  : SOURCE_WORDS[row.source]}
                {mine.has(row.readingId) && (
                  <PhotoLink houseId={house.houseId} meterId={meter.meterId} photoId={row.photoId} />
                )}
                {row.kind !== 'current' && (
                  <>
                    <br />
                    <small class="quiet">{READING_KIND_WORDS[row.kind]}</small>
                  </>
                )}
              </span>
            ),
          },
          {
            key: 'state',
            title: 'Решение',
            cell: (row) => {
              const delivery = mine.get(row.readingId);
              if (row.state === 'corrected') return <Status tone="neutral">исправлено</Status>;
              if (!delivery) return row.state === 'declined' ? <Status tone="danger">отклонено</Status> : '—';
              return (
                <span>
                  <Status tone={TONES[delivery.state]}>{DELIVERY_WORDS[delivery.state]}</Status>
                  {delivery.reason && (
                    <>
                      <br />
                      <small>{delivery.reason}</small>
                    </>
                  )}
                  {mayDecide && row.state === 'active' && delivery.state === 'accepted' && row.period >= since && (
                    <details>
                      <summary>Отклонить…</summary>
                      <Decline
                        token={token}
                        path={pathOf(house.houseId, 'decisions')}
                        readingId={row.readingId}
                        title={`показание от ${formatNumericDate(row.takenOn)}`}
                        back={path}
                      />
                    </details>
                  )}
                </span>
              );
            },
          },
        ]}
      />
      <Pager
        label="Страницы показаний"
        next={
          hasMore && last
            ? `${path}?${new URLSearchParams({ at: last.enteredAt.toISOString(), after: last.readingId })}`
            : undefined
        }
      />
    </Card>
  );
}

export function Months({ meter, months }: MeterPageProps) {
  if (months.length === 0) return null;
  return (
    <Card title="Расход по месяцам">
      {meter.resources.map(({ resource }) => {
        const own = months.filter((month) => month.resource === resource);
        const unit = UNITS[DEFAULT_UNITS[resource]]!;
        if (own.length === 0) return null;
        return (
          <BarChart
            key={resource}
            id={`months-${resource}`}
            title={`${RESOURCE_NAMES[resource]}, ${unit}`}
            desc={`Расход за ${own.length} последних месяцев. ${own.map((month) => `${formatMonth(month.period)}: ${METHOD_WORDS[month.method]}`).join('; ')}`}
            headings={['Месяц', `Расход, ${unit}`]}
            format={(value) => formatQuantity(value, unit)}
            bars={own.map((month) => ({
              label: monthWord(month.period).slice(0, 3),
              name: `${formatMonth(month.period)}, ${METHOD_WORDS[month.method]}`,
              value: Math.max(0, Number(month.volume)),
              highlight: month.method === 'average' || month.method === 'norm',
            }))}
          />
        );
      })}
    </Card>
  );
}
