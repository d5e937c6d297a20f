import type { Typed } from '../../../platform/http/forms.ts';
import {
  Actions,
  Button,
  Card,
  counted,
  DefinitionList,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  formatDate,
  formatDayMonth,
  formatMonth,
  formatQuantity,
  Notice,
  Pager,
  Stack,
} from '../../../ui/index.ts';
import type { HouseCard } from '../../houses/index.ts';
import { DEFAULT_UNITS, RESOURCE_NAMES, SOURCE_WORDS, UNITS } from '../meter.ts';
import type { WaitingReading } from '../queries/decisions.ts';
import { formatValues, HouseMetersFrame, pathOf, unitOf, whereOf } from './frame.tsx';

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
      <Stack>
        {rows.map((row) => (
          <Waiting key={row.readingId} {...props} row={row} />
        ))}
      </Stack>
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

function Waiting({ house, row, errors, values, token }: DecisionsPageProps & { row: WaitingReading }) {
  const path = pathOf(house.houseId, 'decisions');
  const unit = unitOf(row.unit);
  const field = `reason-${row.readingId}`;
  const unusual = [...row.confirmed, ...(row.rolledOver ? ['rollover'] : [])].map((kind) => UNUSUAL[kind]);
  const title = `${whereOf(row)}, ${RESOURCE_NAMES[row.resource].toLowerCase()}`;
  return (
    <Card
      title={<a href={pathOf(house.houseId, row.meterId)}>{title}</a>}
      note={`№ ${row.serial}. За ${formatMonth(row.period)}, снято ${formatDate(row.takenOn)}, ${SOURCE_WORDS[row.source]}`}
    >
      <DefinitionList
        compact
        items={[
          { term: 'Передано', value: <strong>{`${formatValues(row)} ${unit}`}</strong> },
          {
            term: 'Было',
            value:
              row.lastT1 === null
                ? null
                : `${formatValues({ t1: row.lastT1, t2: row.lastT2, t3: row.lastT3 })} ${unit}, ${formatDayMonth(row.lastTakenOn!)}`,
            empty: 'прошлого нет',
          },
          {
            term: 'Расход',
            value: row.volume === null ? null : formatQuantity(row.volume, UNITS[DEFAULT_UNITS[row.resource]]!),
            empty: 'ещё не посчитан',
          },
          ...(unusual.length > 0 ? [{ term: 'Житель подтвердил', value: [...new Set(unusual)].join(', ') }] : []),
        ]}
      />
      <Form
        action={path}
        csrf={token}
        hidden={{ reading: row.readingId, decision: 'accept' }}
        label={`Принять: ${title}`}
      >
        <Actions>
          <Button kind="secondary" icon="check">
            Принять
          </Button>
        </Actions>
      </Form>
      <details open={errors.some((error) => error.field === field)}>
        <summary>Отклонить…</summary>
        <Decline
          {...{ token, path }}
          readingId={row.readingId}
          title={title}
          value={values[field]}
          error={errorOf(errors, field)}
        />
      </details>
    </Card>
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
