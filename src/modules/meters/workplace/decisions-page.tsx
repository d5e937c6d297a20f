import type { Typed } from '../../../platform/http/forms.ts';
import {
  Actions,
  Button,
  counted,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  formatDayMonth,
  formatQuantity,
  monthWord,
  Notice,
  Pager,
  Status,
  Table,
} from '../../../ui/index.ts';
import type { HouseCard } from '../../houses/index.ts';
import { DEFAULT_UNITS, RESOURCE_NAMES, SOURCE_WORDS, UNITS } from '../meter.ts';
import type { WaitingReading } from '../queries/decisions.ts';
import { formatValues, HouseMetersFrame, PhotoLink, pathOf, unitOf, whereOf } from './frame.tsx';

interface DecisionsPageProps {
  house: HouseCard;
  waiting: number;
  rows: readonly WaitingReading[];
  hasMore: boolean;
  errors: readonly FieldError[];
  values: Typed;
  token: string;
  accepted: number | null;
  declined: boolean;
}

const READINGS = ['показание', 'показания', 'показаний'] as const;

export function DecisionsPage(props: DecisionsPageProps) {
  const { house, waiting, rows, hasMore, errors, token, accepted, declined } = props;
  const path = pathOf(house.houseId, 'decisions');
  return (
    <HouseMetersFrame
      {...{ house, waiting }}
      active="decisions"
      lead="Эти показания передали жители. Примите их в расчёт или отклоните с причиной: житель её прочтёт и передаст показание заново."
    >
      {accepted !== null && errors.length === 0 && (
        <Notice
          tone="good"
          announce
          title={accepted > 0 ? `Принято: ${counted(accepted, READINGS)}` : 'Всё уже было решено'}
        />
      )}
      {declined && errors.length === 0 && (
        <Notice tone="good" announce title="Показание отклонено">
          Житель видит причину в своём кабинете.
        </Notice>
      )}
      <ErrorSummary errors={errors} />
      {rows.length === 0 ? (
        <EmptyState title="Решать нечего" action={{ href: pathOf(house.houseId), label: 'К приборам дома' }}>
          Новые показания жителей появятся здесь сразу, как только их передадут.
        </EmptyState>
      ) : (
        <Form action={path} csrf={token} hidden={{ decision: 'all' }} label="Принять всё">
          <Actions>
            <Button icon="check">Принять все: {counted(waiting, READINGS)}</Button>
          </Actions>
        </Form>
      )}
      {rows.length > 0 && <Waiting {...props} />}
      <Pager label="Страницы показаний" next={hasMore ? `${path}?after=${rows.at(-1)!.readingId}` : undefined} />
    </HouseMetersFrame>
  );
}

const UNUSUAL: Readonly<Record<string, string>> = {
  zero: 'расхода нет',
  fall: 'меньше прошлого',
  jump: 'намного больше обычного',
  swapped: 'похоже, перепутаны холодная и горячая',
  rollover: 'прибор прошёл через ноль',
};

function Waiting({ house, rows, errors, values, token }: DecisionsPageProps) {
  const path = pathOf(house.houseId, 'decisions');
  return (
    <Table
      caption="Показания, которые ждут решения"
      captionHidden
      rows={rows}
      rowKey={(row) => row.readingId}
      columns={[
        {
          key: 'meter',
          title: 'Прибор',
          heading: true,
          cell: (row) => (
            <span>
              <a href={pathOf(house.houseId, row.meterId)}>{titleOf(row)}</a>
              <br />
              <small class="quiet">№ {row.serial}</small>
            </span>
          ),
        },
        { key: 'value', title: 'Передано', cell: (row) => <Sent houseId={house.houseId} row={row} /> },
        {
          key: 'last',
          title: 'Было',
          cell: (row) =>
            row.lastT1 === null ? (
              'прошлого нет'
            ) : (
              <span>
                {formatValues({ t1: row.lastT1, t2: row.lastT2, t3: row.lastT3 })}
                <br />
                <small class="quiet">{formatDayMonth(row.lastTakenOn!)}</small>
              </span>
            ),
        },
        {
          key: 'volume',
          title: 'Расход',
          numeric: true,
          cell: (row) => (row.volume === null ? '—' : formatQuantity(row.volume, UNITS[DEFAULT_UNITS[row.resource]]!)),
        },
        {
          key: 'decision',
          title: 'Решение',
          cell: (row) => (
            <div>
              <Form
                action={path}
                csrf={token}
                hidden={{ reading: row.readingId, decision: 'accept' }}
                label={`Принять: ${titleOf(row)}`}
              >
                <Button kind="secondary" icon="check">
                  Принять
                </Button>
              </Form>
              <details open={errors.some(({ field }) => field === `reason-${row.readingId}`)}>
                <summary>Отклонить…</summary>
                <Decline
                  {...{ token, path }}
                  readingId={row.readingId}
                  title={titleOf(row)}
                  value={values[`reason-${row.readingId}`]}
                  error={errorOf(errors, `reason-${row.readingId}`)}
                />
              </details>
            </div>
          ),
        },
      ]}
    />
  );
}

const titleOf = (row: WaitingReading) => `${whereOf(row)}, ${RESOURCE_NAMES[row.resource].toLowerCase()}`;

function Sent({ houseId, row }: { houseId: string; row: WaitingReading }) {
  const unusual = [...row.confirmed, ...(row.rolledOver ? ['rollover'] : [])].map((kind) => UNUSUAL[kind] ?? kind);
  return (
    <span>
      <strong>
        {formatValues(row)} {unitOf(row.unit)}
      </strong>
      <br />
      <small class="quiet">
        {formatDayMonth(row.takenOn)} за {monthWord(row.period)}, {SOURCE_WORDS[row.source]}
      </small>
      <PhotoLink houseId={houseId} meterId={row.meterId} photoId={row.photoId} />
      {unusual.length > 0 && (
        <>
          <br />
          <Status tone="warn">{[...new Set(unusual)].join(', ')}</Status>
        </>
      )}
    </span>
  );
}

interface DeclineProps {
  token: string;
  path: string;
  readingId: string;
  title: string;
  value?: string | undefined;
  error?: string | undefined;
  back?: string;
}

/** The form that declines one reading. The field of each is named by its reading, for errors to lead to it. */
export function Decline({ token, path, readingId, title, value, error, back }: DeclineProps) {
  const name = `reason-${readingId}`;
  return (
    <Form
      action={path}
      csrf={token}
      hidden={{ reading: readingId, decision: 'decline', ...(back && { back }) }}
      label={`Отклонить: ${title}`}
    >
      <Field
        kind="text"
        name={name}
        rows={3}
        maxLength={500}
        label="Почему отклонено и что сделать жителю"
        hint="Например: «На фото прибора 1 234, а передано 12 340. Передайте показание ещё раз»"
        value={value}
        error={error}
      />
      <Actions>
        <Button kind="danger">Отклонить показание</Button>
      </Actions>
    </Form>
  );
}
