import { Door, OnlyFor } from '../../../pages/doors.tsx';
import { type Day, daysBetween } from '../../../platform/month.ts';
import {
  Actions,
  Button,
  ButtonLink,
  counted,
  EmptyState,
  Field,
  Filter,
  Form,
  formatDayMonth,
  formatNumber,
  formatNumericDate,
  monthWord,
  Notice,
  Pager,
  PageTitle,
  Stack,
  Status,
  Table,
} from '../../../ui/index.ts';
import type { HouseCard } from '../../houses/index.ts';
import { access } from '../access.ts';
import type { OrganisationTaking } from '../own-meters.ts';
import type { DeskFilter, DeskLine } from '../queries/desk.ts';
import type { MeterLine } from '../queries/register.ts';
import { DESK, formatValues, pathOf, resourcesWord, unitOf, whereOf } from './frame.tsx';

const METERS = ['прибор', 'прибора', 'приборов'] as const;

export const WORDS: Readonly<
  Record<
    DeskFilter,
    { title: string; lead: string; empty: string; about: string; count: (row: DeskLine) => number; column: string }
  >
> = {
  missing: {
    title: 'Не передали показания',
    lead: 'Дома, где за этот месяц показания есть ещё не по всем приборам.',
    empty: 'Показания есть по всем приборам',
    about: 'Напоминать некому. Список наполнится, когда начнётся следующий месяц.',
    count: (row) => row.meters - row.sent,
    column: 'Без показаний',
  },
  due: {
    title: 'Поверка приборов',
    lead: 'Дома, где поверка приборов закончилась или скоро закончится.',
    empty: 'Поверка ни у одного прибора не заканчивается',
    about: 'Приборы появятся здесь за 90 дней до конца поверки.',
    count: (row) => row.due,
    column: 'Приборов',
  },
  waiting: {
    title: 'Показания ждут решения',
    lead: 'Дома, где жители передали показания, а вы их ещё не приняли.',
    empty: 'Все показания решены',
    about: 'Новые появятся здесь сразу, как только их передадут.',
    count: (row) => row.waiting,
    column: 'Показаний',
  },
};

interface HouseListProps {
  filter: DeskFilter;
  path: string;
  search: string;
  rows: readonly DeskLine[];
  next: string | undefined;
}

export function HouseList({ filter, path, search, rows, next }: HouseListProps) {
  const words = WORDS[filter];
  const hrefOf = ({ houseId }: DeskLine) =>
    filter === 'waiting' ? pathOf(houseId, 'decisions') : `${path}?house=${houseId}`;
  return (
    <Stack>
      <PageTitle lead={words.lead}>{words.title}</PageTitle>
      <Filter action={path} active={search ? 1 : 0} resetHref={path} label="Поиск по адресу">
        <Field kind="text" type="search" name="search" label="Улица и дом" value={search} />
      </Filter>
      <Table
        caption={words.title}
        captionHidden
        rows={rows}
        rowKey={(row) => row.houseId}
        empty={
          search ? (
            <EmptyState title="По этому адресу ничего нет" action={{ href: path, label: 'Показать все дома' }} />
          ) : (
            <EmptyState title={words.empty} action={{ href: DESK, label: 'К приборам учёта' }}>
              {words.about}
            </EmptyState>
          )
        }
        columns={[
          {
            key: 'address',
            title: 'Адрес',
            heading: true,
            cell: (row) => (
              <Door to={filter === 'waiting' ? access.decideDeliveries : access.viewRegister} href={hrefOf(row)}>
                {row.address}
              </Door>
            ),
          },
          ...(filter === 'missing'
            ? [{ key: 'month', title: 'Месяц', cell: (row: DeskLine) => (row.period ? monthWord(row.period) : '') }]
            : []),
          { key: 'count', title: words.column, numeric: true, cell: (row) => formatNumber(words.count(row)) },
          { key: 'all', title: 'Всего приборов', numeric: true, cell: (row) => formatNumber(row.meters) },
        ]}
      />
      <Pager label="Страницы домов" next={next} />
    </Stack>
  );
}

interface MeterListProps {
  filter: 'missing' | 'due';
  house: HouseCard;
  taking: OrganisationTaking;
  today: Day;
  rows: readonly MeterLine[];
  next: string | undefined;
  token: string;
  asked: boolean;
}

/** One house on paper: the round by phone or door, with empty columns to write in. */
export function MeterList(props: MeterListProps) {
  const { filter, house, taking, rows, next, asked } = props;
  const month = monthWord(taking.period);
  return (
    <Stack>
      <PageTitle
        kicker={WORDS[filter].title}
        lead={
          filter === 'missing'
            ? `Показания за ${month} принимаются по ${formatDayMonth(taking.to)}. Лист можно распечатать для обхода и обзвона.`
            : 'Показания после конца поверки не учитываются: начисление идёт по среднему, потом по нормативу.'
        }
        actions={
          <ButtonLink kind="secondary" href={`${pathOf(house.houseId)}?state=${filter}`}>
            Открыть в реестре
          </ButtonLink>
        }
      >
        {house.shortAddress}
      </PageTitle>
      {asked && (
        <Notice tone="good" announce title="Напоминания отправляются">
          Письма получат жители, которые подключили счёт и указали почту. Одному человеку за месяц придёт одно письмо.
        </Notice>
      )}
      {rows.length === 0 ? (
        <EmptyState title={WORDS[filter].empty} action={{ href: `${DESK}/${filter}`, label: 'К списку домов' }}>
          {WORDS[filter].about}
        </EmptyState>
      ) : (
        <>
          <p>
            {counted(rows.length, METERS)}
            {next && ' на этом листе'}
          </p>
          {filter === 'missing' && (
            <OnlyFor those={access.askForReadings}>
              <Remind {...props} />
            </OnlyFor>
          )}
          {filter === 'missing' ? <Round rows={rows} month={month} /> : <Due {...props} />}
        </>
      )}
      <Pager label="Страницы приборов" next={next} />
    </Stack>
  );
}

const Remind = ({ house, token }: MeterListProps) => (
  <Form action={pathOf(house.houseId, 'ask')} csrf={token} label="Напомнить жителям">
    <Actions>
      <Button kind="secondary" icon="mail">
        Напомнить письмом
      </Button>
    </Actions>
  </Form>
);

const meterColumn = {
  key: 'meter',
  title: 'Прибор',
  heading: true,
  cell: (row: MeterLine) => (
    <span>
      {whereOf(row)}, {resourcesWord(row.resources).toLowerCase()}
      <br />
      <small class="quiet">
        № {row.serial}
        {row.place && `, ${row.place}`}
      </small>
    </span>
  ),
};

const Round = ({ rows, month }: { rows: readonly MeterLine[]; month: string }) => (
  <Table
    caption="Приборы без показаний"
    captionHidden
    rows={rows}
    rowKey={(row) => row.meterId}
    columns={[
      meterColumn,
      {
        key: 'last',
        title: 'Последнее показание',
        cell: (row) => (
          <span>
            {row.last.map((value) => (
              <span key={value.resource}>
                {formatValues(value)}{' '}
                {unitOf(row.resources.find(({ resource }) => resource === value.resource)?.unit ?? '')},{' '}
                {formatDayMonth(value.takenOn)}
                <br />
              </span>
            ))}
            {row.last.length === 0 && 'не было'}
          </span>
        ),
      },
      { key: 'value', title: `За ${month}`, cell: () => <span class="write-in" /> },
      { key: 'note', title: 'Отметка', cell: () => <span class="write-in" /> },
    ]}
  />
);

const Due = ({ house, rows, today }: MeterListProps) => (
  <Table
    caption="Приборы, которые пора поверить"
    captionHidden
    rows={rows}
    rowKey={(row) => row.meterId}
    columns={[
      {
        ...meterColumn,
        cell: (row: MeterLine) => <a href={pathOf(house.houseId, row.meterId)}>{meterColumn.cell(row)}</a>,
      },
      { key: 'until', title: 'Поверен до', cell: (row) => (row.verifyBy ? formatNumericDate(row.verifyBy) : '') },
      {
        key: 'state',
        title: 'Состояние',
        cell: (row) => {
          const left = daysBetween(today, row.verifyBy as Day);
          if (left < 0) return <Status tone="danger">Поверка истекла</Status>;
          return (
            <Status tone="warn">
              {left === 0 ? 'Последний день' : `Осталось ${counted(left, ['день', 'дня', 'дней'])}`}
            </Status>
          );
        },
      },
    ]}
  />
);
