import {
  Card,
  counted,
  EmptyState,
  Field,
  Filter,
  formatMonth,
  formatNumber,
  formatQuantity,
  LineChart,
  monthWord,
  Notice,
  Stack,
  Status,
  Table,
} from '../../../ui/index.ts';
import type { HouseCard } from '../../houses/index.ts';
import { differenceOf, type HouseBalance } from '../house-balance.ts';
import { DEFAULT_UNITS, METHOD_WORDS, RESOURCE_NAMES, type Resource, UNITS } from '../meter.ts';
import type { BalanceMonth, HomeOfMonth } from '../queries/balance.ts';
import { HouseMetersFrame, pathOf, whereOf } from './frame.tsx';

interface BalancePageProps {
  house: HouseCard;
  waiting: number;
  resources: readonly Resource[];
  balance: HouseBalance | null;
  manages: boolean;
}

const HOMES = ['квартиры', 'квартир', 'квартир'] as const;

export function BalancePage({ house, waiting, resources, balance, manages }: BalancePageProps) {
  const path = pathOf(house.houseId, 'balance');
  return (
    <HouseMetersFrame
      {...{ house, waiting }}
      active="balance"
      lead="Сколько показал общедомовой прибор и сколько все квартиры вместе."
    >
      {!balance ? (
        <EmptyState title="Сравнивать пока нечего" action={{ href: pathOf(house.houseId), label: 'К приборам дома' }}>
          Баланс появится, когда по приборам дома будет хотя бы два показания.
        </EmptyState>
      ) : (
        <>
          <Filter action={path} active={0} resetHref={path} label="Ресурс и месяц">
            <Field
              kind="choice"
              as="select"
              name="resource"
              label="Ресурс"
              options={resources.map((value) => ({ value, label: RESOURCE_NAMES[value] }))}
              value={balance.resource}
            />
            <Field
              kind="choice"
              as="select"
              name="period"
              label="Месяц"
              options={[...balance.months]
                .reverse()
                .map(({ period }) => ({ value: period, label: formatMonth(period) }))}
              value={balance.month.period}
            />
          </Filter>
          <Balance {...balance} manages={manages} />
        </>
      )}
    </HouseMetersFrame>
  );
}

function Balance(props: HouseBalance & { manages: boolean }) {
  const { resource, month, months, diagnosis, homes, withDevice } = props;
  const unit = UNITS[DEFAULT_UNITS[resource]]!;
  const show = (value: string | null) => (value === null ? 'нет показания' : formatQuantity(value, unit));
  const difference = differenceOf(month);
  return (
    <Stack>
      <Notice tone={diagnosis.tone} title={diagnosis.title}>
        {diagnosis.reasons.length > 0 && (
          <ul>
            {diagnosis.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
      </Notice>
      <Card
        title={`${RESOURCE_NAMES[resource]}, ${formatMonth(month.period)}`}
        note={`Приборы есть у ${formatNumber(withDevice)} из ${counted(homes, HOMES)}`}
      >
        <Table
          caption="Баланс за месяц"
          captionHidden
          rows={[
            { name: 'Общедомовой прибор', value: show(month.house) },
            { name: 'Все квартиры вместе', value: month.homes === null ? 'не показываем' : show(month.homes) },
            {
              name: 'Разница',
              value: difference
                ? `${show(difference.volume)}${difference.percent === null ? '' : `, ${formatNumber(difference.percent)} %`}`
                : 'не посчитать',
            },
          ]}
          rowKey={(row) => row.name}
          columns={[
            { key: 'name', title: 'Что', heading: true, cell: (row) => row.name },
            { key: 'value', title: `Объём, ${unit}`, numeric: true, cell: (row) => row.value },
          ]}
        />
      </Card>
      {month.homes === null && (
        <p class="quiet-line">
          Чужих квартир в сумме слишком мало: по ней можно было бы узнать расход одной из них. Сумму видит управляющая
          организация.
        </p>
      )}
      <Chart {...{ resource, months, unit }} />
      <Unmeasured {...props} />
    </Stack>
  );
}

function Chart({ resource, months: all, unit }: { resource: Resource; months: readonly BalanceMonth[]; unit: string }) {
  // A month that the house's device has not closed would look like a fall.
  const last = all.findLastIndex(({ house }) => house !== null);
  const months = last < 0 ? all : all.slice(0, last + 1);
  if (months.length < 2) return null;
  return (
    <Card title="По месяцам">
      <LineChart
        id="balance"
        title={`${RESOURCE_NAMES[resource]}: дом и квартиры`}
        desc="Объём общедомового прибора и сумма квартир по месяцам"
        heading="Месяц"
        labels={months.map(({ period }) => `${monthWord(period).slice(0, 3)} ${period.slice(2, 4)}`)}
        series={[
          {
            name: 'Общедомовой прибор',
            values: months.map(({ house }) => (house === null ? null : Math.max(0, Number(house)))),
          },
          {
            name: 'Квартиры',
            values: months.map(({ homes }) => (homes === null ? null : Math.max(0, Number(homes)))),
          },
        ]}
        format={(value) => formatQuantity(value, unit)}
      />
    </Card>
  );
}

const CAUSES: Readonly<Record<string, string>> = {
  not_sent: 'не передали показание',
  verification: 'поверка закончилась',
  failed: 'прибор неисправен',
  no_access: 'не пустили для проверки',
};

/** Why a home is on the list: its device, or that there is none. */
function causeOf(row: HomeOfMonth): string {
  if (row.meterId === null) return 'прибора нет';
  return CAUSES[row.cause ?? ''] ?? 'показания за месяц нет';
}

function Unmeasured({ resource, unmeasured, manages }: HouseBalance & { manages: boolean }) {
  const homes = new Set(unmeasured.map(({ premisesId }) => premisesId)).size;
  if (!manages)
    return (
      <Card title="Квартиры без измерения">
        {homes === 0 ? (
          <p>Таких нет: за этот месяц показания есть по всем квартирам.</p>
        ) : (
          <p>
            {counted(homes, ['квартира', 'квартиры', 'квартир'])}: расход взят по среднему, по нормативу или не
            известен. Какие это квартиры, видит управляющая организация.
          </p>
        )}
      </Card>
    );
  const unit = UNITS[DEFAULT_UNITS[resource]]!;
  return (
    <Card title="Квартиры без измерения" note="Их часть взята по среднему, по нормативу или не известна">
      <Table
        caption="Квартиры без измерения"
        captionHidden
        rows={unmeasured}
        rowKey={(row) => `${row.premisesId} ${row.meterId}`}
        empty={<p>Таких нет: за этот месяц показания есть по всем квартирам.</p>}
        columns={[
          {
            key: 'home',
            title: 'Помещение',
            heading: true,
            cell: (row) => whereOf({ kind: row.kind ?? '', category: row.category, premisesNumber: row.number }),
          },
          { key: 'serial', title: 'Прибор', cell: (row) => (row.serial ? `№ ${row.serial}` : '—') },
          {
            key: 'volume',
            title: 'Взято в расчёт',
            cell: (row) =>
              row.volume === null
                ? '—'
                : `${formatQuantity(row.volume, unit)}${row.method ? `, ${METHOD_WORDS[row.method]}` : ''}`,
          },
          { key: 'cause', title: 'Почему', cell: (row) => <Status tone="warn">{causeOf(row)}</Status> },
        ]}
      />
    </Card>
  );
}
