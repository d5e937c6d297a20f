import {
  Actions,
  ButtonLink,
  Card,
  type Column,
  counted,
  formatNumericDate,
  PageTitle,
  Stack,
  Table,
} from '../../../ui/index.ts';
import { RESOURCE_NAMES } from '../meter.ts';
import type { OwnMeter, OwnResource } from '../present-meter.ts';
import type { OwnHome, OwnMeters } from '../read-own-meters.ts';
import { LapseNotice, VerificationStatus, verificationAt } from './lapse.tsx';
import { NoMeters } from './no-meters.tsx';
import { ValuesCell } from './values-cell.tsx';
import { sourceText } from './words.ts';

interface Row {
  home: OwnHome;
  own: OwnMeter;
  one: OwnResource;
}

/** S-METER-1: the devices of all homes. */
export function MeterListPage({ view }: { view: OwnMeters }) {
  const inUse = view.homes.flatMap(({ meters }) => meters.filter(isInUse));
  return (
    <Stack>
      <PageTitle lead={inUse.length > 0 ? 'Что за приборы стоят, что они показали и когда их поверять.' : undefined}>
        Приборы учёта
      </PageTitle>
      {view.homes.length === 0 && <NoMeters {...view} />}
      {inUse.length > 0 && (
        <Actions>
          <ButtonLink href="/readings" icon="gauge">
            Передать показания
          </ButtonLink>
          <a href="/statistics">Аналитика и отчёты</a>
          <a href="/settings/notices">Напоминания по почте</a>
        </Actions>
      )}
      {view.homes.map((home) => (
        <HomeMeters key={home.key} home={home} view={view} />
      ))}
    </Stack>
  );
}

const isInUse = ({ meter }: OwnMeter) => meter.state !== 'archived';

function HomeMeters({ home, view }: { home: OwnHome; view: OwnMeters }) {
  const rows = (meters: readonly OwnMeter[]): Row[] =>
    meters.flatMap((own) => own.resources.map((one) => ({ home, own, one })));
  const inUse = rows(home.meters.filter(isInUse));
  const archived = rows(home.meters.filter((own) => !isInUse(own)));
  return (
    <Card title={home.title} note={home.address ?? undefined}>
      {home.meters.map((own) => (
        <LapseNotice key={own.meter.meterId} home={home} own={own} />
      ))}
      <Table
        caption={`Приборы учёта: ${home.title}`}
        captionHidden
        columns={columnsOf(view)}
        rows={inUse}
        rowKey={keyOf}
        empty={<p>Действующих приборов здесь нет.</p>}
      />
      {archived.length > 0 && (
        <details class="dial__more">
          <summary>Снятые приборы: {counted(archived.length, ['прибор', 'прибора', 'приборов'])}</summary>
          <Table
            caption={`Снятые приборы: ${home.title}`}
            captionHidden
            columns={columnsOf(view)}
            rows={archived}
            rowKey={keyOf}
          />
        </details>
      )}
    </Card>
  );
}

const keyOf = ({ own, one }: Row) => `${own.meter.meterId} ${one.resource}`;

const columnsOf = ({ providers }: OwnMeters): Column<Row>[] => [
  {
    key: 'resource',
    title: 'Коммунальный ресурс',
    heading: true,
    cell: ({ own, one }) => (
      <span>
        <a href={`/meters/${own.houseId}/${own.meter.meterId}`}>
          {RESOURCE_NAMES[one.resource]}
          <span class="visually-hidden">, прибор № {own.meter.serial}</span>
        </a>
        {own.meter.place && <span class="quiet-line">{own.meter.place}</span>}
      </span>
    ),
  },
  { key: 'number', title: 'Номер прибора', cell: ({ own }) => <span class="serial">{own.meter.serial}</span> },
  {
    key: 'last',
    title: 'Последние показания',
    numeric: true,
    cell: ({ one: { last, counting } }) =>
      last ? <ValuesCell values={last} unit={counting.unit} /> : <span class="quiet">ещё нет</span>,
  },
  {
    key: 'date',
    title: 'Дата',
    cell: ({ one: { last } }) =>
      last ? (
        <span>
          {formatNumericDate(last.takenOn)}
          <span class="quiet-line">{sourceText(last, providers)}</span>
        </span>
      ) : (
        '—'
      ),
  },
  {
    key: 'verification',
    title: 'Следующая поверка',
    cell: ({ home, own }) =>
      own.meter.archivedOn ? (
        `снят ${formatNumericDate(own.meter.archivedOn)}`
      ) : (
        <VerificationStatus verification={verificationAt(home, own)} />
      ),
  },
];
