import type { OrganisationId } from '../../../platform/ids.ts';
import { addMonths, type Day, monthOf } from '../../../platform/month.ts';
import {
  Actions,
  BarChart,
  ButtonLink,
  Card,
  DefinitionList,
  formatDate,
  formatDateTime,
  formatMonth,
  formatNumericDate,
  formatQuantity,
  monthWord,
  Notice,
  Pager,
  PageTitle,
  Stack,
  Status,
  type StatusTone,
  Table,
  Timeline,
  type TimelineItem,
} from '../../../ui/index.ts';
import type { HouseCard } from '../../houses/index.ts';
import {
  DEFAULT_UNITS,
  DELIVERY_WORDS,
  type Delivery,
  type DeliveryState,
  KIND_NAMES,
  METHOD_WORDS,
  type Meter,
  READING_KIND_WORDS,
  RESOURCE_NAMES,
  type Reading,
  SOURCE_WORDS,
  UNITS,
} from '../meter.ts';
import type { MeterVersion } from '../queries/changes.ts';
import type { MonthOfMeter } from '../queries/consumption.ts';
import { actionsOf, CHANGE_WORDS } from './changes.ts';
import { Decline } from './decisions-page.tsx';
import { formatValues, MeterStatus, PhotoLink, pathOf, resourcesWord, unitOf } from './frame.tsx';

export interface Reasons {
  archive: ReadonlyMap<string, string>;
  failure: ReadonlyMap<string, string>;
  restore: ReadonlyMap<string, string>;
}

interface MeterPageProps {
  house: HouseCard;
  meter: Meter;
  organisationId: OrganisationId;
  isKept: boolean;
  today: Day;
  where: string;
  versions: readonly MeterVersion[];
  readings: readonly Reading[];
  hasMore: boolean;
  deliveries: readonly Delivery[];
  months: readonly MonthOfMeter[];
  accounts: readonly { accountId: string; number: string }[];
  previous: { meterId: string; serial: string; archivedOn: Day } | null;
  next: Meter | null;
  names: ReadonlyMap<string, string>;
  reasons: Reasons;
  token: string;
  done: string | null;
}

const DONE: Readonly<Record<string, string>> = {
  installed: 'Прибор добавлен',
  correct: 'Карточка исправлена',
  verify: 'Поверка записана',
  seal: 'Пломба записана',
  break: 'Прибор отмечен неисправным',
  repair: 'Ремонт записан',
  replace: 'Прибор заменён, это карточка нового',
  archive: 'Прибор снят с учёта',
  restore: 'Прибор возвращён в работу',
  control: 'Контрольное показание записано',
  declined: 'Показание отклонено',
};

export function MeterPage(props: MeterPageProps) {
  const { house, meter, where, today, isKept, done } = props;
  return (
    <Stack>
      <PageTitle kicker={house.shortAddress} lead={`№ ${meter.serial}${meter.brand && `, ${meter.brand}`}`}>
        {where}, {resourcesWord(meter.resources).toLowerCase()}
      </PageTitle>
      {done && DONE[done] && <Notice tone="good" announce title={DONE[done]} />}
      <Warnings {...props} />
      <Card title="Что сделать" aside={<MeterStatus state={meter.state} verifyBy={meter.verifyBy} today={today} />}>
        <Actions>
          {actionsOf(meter, isKept).map(({ action, label, icon }) => (
            <ButtonLink
              key={action}
              kind="secondary"
              icon={icon}
              href={pathOf(house.houseId, `${meter.meterId}/${action}`)}
            >
              {label}
            </ButtonLink>
          ))}
        </Actions>
        {!isKept && <p>Карточку общедомового прибора меняет управляющая организация.</p>}
      </Card>
      <Readings {...props} />
      <Months {...props} />
      <Passport {...props} />
      <Life {...props} />
    </Stack>
  );
}

function Warnings({ house, meter, today, previous, next, reasons }: MeterPageProps) {
  const link = (meterId: string, serial: string) => <a href={pathOf(house.houseId, meterId)}>№ {serial}</a>;
  return (
    <>
      {meter.state === 'archived' && (
        <Notice tone="info" title={`Снят с учёта ${formatDate(meter.archivedOn!)}`}>
          {reasons.archive.get(meter.archiveReason ?? '')}.{' '}
          {next && <>Вместо него {link(next.meterId, next.serial)}.</>}
        </Notice>
      )}
      {meter.state === 'broken' && (
        <Notice tone="danger" title={`Неисправен с ${formatDate(meter.brokenOn!)}`}>
          {reasons.failure.get(meter.brokenReason ?? '')}. Показания с этого дня не учитываются.
        </Notice>
      )}
      {meter.state === 'working' && meter.verifyBy && meter.verifyBy < today && (
        <Notice tone="danger" title={`Поверка закончилась ${formatDate(meter.verifyBy)}`}>
          Показания после этого дня не учитываются, начисление идёт по среднему, потом по нормативу.
        </Notice>
      )}
      {previous && (
        <Notice tone="info" title="Поставлен на место другого прибора">
          До {formatDate(previous.archivedOn)} здесь стоял {link(previous.meterId, previous.serial)}.
        </Notice>
      )}
    </>
  );
}

function Passport({ meter, accounts, names }: MeterPageProps) {
  const day = (value: Day | null) => value && formatNumericDate(value);
  const others = [...new Set(meter.accounts.map(({ providerId }) => names.get(providerId)))].filter(Boolean);
  return (
    <Card title="Паспорт прибора">
      <DefinitionList
        items={[
          { term: 'Номер в Домовом', value: meter.number },
          { term: 'Вид', value: KIND_NAMES[meter.kind] },
          { term: 'Модель', value: meter.model },
          { term: 'Где стоит', value: meter.place },
          {
            term: 'Измеряет',
            value: meter.resources
              .map(({ resource, unit }) => `${RESOURCE_NAMES[resource]}, ${unitOf(unit)}`)
              .join('; '),
          },
          ...(meter.tariffs > 1 ? [{ term: 'Тарифов', value: String(meter.tariffs) }] : []),
          { term: 'Цифр до запятой', value: meter.digits === null ? null : String(meter.digits) },
          ...(Number(meter.ratio) === 1 ? [] : [{ term: 'Коэффициент трансформации', value: meter.ratio }]),
          { term: 'Введён в эксплуатацию', value: day(meter.usedFrom) },
          { term: 'Опломбирован', value: day(meter.sealedOn) },
          {
            term: 'Поверен',
            value:
              meter.verifiedOn &&
              `${formatNumericDate(meter.verifiedOn)}${meter.verifyBy ? `, действует до ${formatNumericDate(meter.verifyBy)}` : ''}`,
          },
          ...(meter.remote ? [{ term: 'Дистанционный съём', value: meter.remoteNote ?? 'да' }] : []),
          {
            term: 'Ваши лицевые счета',
            value: accounts.map(({ number }) => number).join(', '),
            empty: meter.kind === 'house' ? 'общедомовой прибор, счетов нет' : 'нет',
          },
          ...(others.length > 1 ? [{ term: 'Показания получают', value: others.join(', ') }] : []),
        ]}
      />
    </Card>
  );
}

/** Months that an accepted value may still be declined from here: older ones are in bills that were paid long ago. */
const DECLINED_BACK = 3;

const TONES: Readonly<Record<DeliveryState, StatusTone>> = {
  received: 'waiting',
  fetched: 'info',
  accepted: 'good',
  declined: 'danger',
  replaced: 'neutral',
};

function Readings({
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
                  {row.state === 'active' && delivery.state === 'accepted' && row.period >= since && (
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

function Months({ meter, months }: MeterPageProps) {
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

function Life({ house, meter, versions, names, reasons }: MeterPageProps) {
  const items = [...versions].reverse().map((version): TimelineItem => {
    const { card } = version;
    const code = String(card.reason ?? card.archiveReason ?? card.brokenReason ?? '');
    const list = {
      archived: reasons.archive,
      replaced: reasons.archive,
      broken: reasons.failure,
      restored: reasons.restore,
    };
    const reason = list[version.change as keyof typeof list]?.get(code);
    const who = version.organisationId ? names.get(version.organisationId) : null;
    return {
      title: CHANGE_WORDS[version.change],
      when: formatDate(version.onDay),
      text: [reason, who && `записала ${who} ${formatDateTime(version.at, house.zone)}`].filter(Boolean).join('; '),
      state: version.change === 'broken' || version.change === 'archived' ? 'refused' : 'done',
    };
  });
  if (meter.state === 'working' && meter.verifyBy)
    items.push({ title: 'Следующая поверка', when: `до ${formatDate(meter.verifyBy)}`, state: 'future' });
  return <Card title="Жизнь прибора">{items.length > 0 ? <Timeline items={items} /> : <p>Записей пока нет.</p>}</Card>;
}
