import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Door, OnlyFor } from '../../../pages/doors.tsx';
import { sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { type HouseId, isUuid } from '../../../platform/ids.ts';
import { dayIn } from '../../../platform/month.ts';
import {
  ActionCard,
  CardGrid,
  counted,
  EmptyState,
  Field,
  Filter,
  formatNumber,
  monthWord,
  Notice,
  Pager,
  PageTitle,
  plural,
  Stack,
  Status,
  Table,
} from '../../../ui/index.ts';
import { access } from '../access.ts';
import { type DeskLine, type DeskTotals, selectDesk, selectDeskTotals } from '../queries/desk.ts';
import { DESK_ZONE, windowOfOrganisation } from '../set-window.ts';
import { daysLeft, formatTaking, isOpen, type Taking } from '../window.ts';
import { DESK, pathOf } from './frame.tsx';

const PAGE = 50;
const METERS = ['прибор', 'прибора', 'приборов'] as const;

/** A page of houses by address: the key of the last one shown stands in the address. */
export function readHouseList(request: FastifyRequest) {
  const { search = '', after = '', id = '' } = request.query as Record<string, string | undefined>;
  return {
    search: search.trim().slice(0, 100),
    after: after && isUuid(id) ? { address: after, houseId: id as HouseId } : null,
  };
}

export const nextOf = (path: string, search: string, rows: readonly DeskLine[], hasMore: boolean) => {
  const last = rows.at(-1);
  if (!hasMore || !last) return undefined;
  return `${path}?${new URLSearchParams({ ...(search && { search }), after: last.address, id: last.houseId })}`;
};

/** «Приборы учёта»: the organisation's houses with what their devices wait for. */
export function registerMetersDesk(app: FastifyInstance, context: Context): void {
  app.get(DESK, { config: { access: access.viewHouses, sensitive: true } }, async (request, reply) => {
    const { acting } = actingFor(request.actor);
    const { organisationId, houses } = acting;
    const { search, after } = readHouseList(request);
    const at = context.clock();
    const [rows, totals, taking] = await Promise.all([
      selectDesk(context.db, { organisationId, houses, search, filter: null, after, limit: PAGE + 1 }),
      selectDeskTotals(context.db, acting),
      windowOfOrganisation(context.db, organisationId, at),
    ]);
    const shown = rows.slice(0, PAGE);
    return sendPage(
      request,
      reply,
      { title: 'Приборы учёта', active: DESK },
      <Stack>
        <PageTitle lead="Приборы ваших домов: кто передал показания, что ждёт решения, где кончается поверка.">
          Приборы учёта
        </PageTitle>
        <WindowNotice taking={taking} today={dayIn(DESK_ZONE, at)} />
        <OnlyFor those={access.viewRegister}>
          <Tasks totals={totals} />
        </OnlyFor>
        <Filter action={DESK} active={search ? 1 : 0} resetHref={DESK} label="Поиск по адресу">
          <Field kind="text" type="search" name="search" label="Улица и дом" value={search} />
        </Filter>
        <Houses rows={shown} search={search} />
        <Pager label="Страницы домов" next={nextOf(DESK, search, shown, rows.length > PAGE)} />
      </Stack>,
    );
  });
}

/** «Показания за ноябрь принимаются с 1 по 25 ноября. Осталось 3 дня». */
export function WindowNotice({ taking, today }: { taking: Taking; today: string }) {
  const day = today as Taking['from'];
  const left = daysLeft(taking, day);
  const days = formatTaking(taking);
  return (
    <Notice
      tone={isOpen(taking, day) && left <= 3 ? 'warn' : 'info'}
      title={`Показания за ${monthWord(taking.period)}: ${days}`}
    >
      {isOpen(taking, day)
        ? left === 1
          ? 'Сегодня последний день приёма.'
          : `Осталось ${counted(left, ['день', 'дня', 'дней'])}, считая сегодня.`
        : 'Приём ещё не начался. Показания можно вносить и сейчас: они учтутся за этот месяц.'}{' '}
      <a href={`${DESK}/window`}>Дни приёма</a>
    </Notice>
  );
}

const Tasks = ({ totals }: { totals: DeskTotals }) => (
  <CardGrid label="Что сделать">
    <ActionCard
      href={`${DESK}/missing`}
      icon="phone"
      title="Не передали показания"
      badge={{
        count: totals.meters - totals.sent,
        label: `из ${counted(totals.meters, ['прибора', 'приборов', 'приборов'])}`,
      }}
    />
    <ActionCard
      href={`${DESK}/waiting`}
      icon="clock"
      title="Ждут решения"
      badge={{ count: totals.waiting, label: plural(totals.waiting, ['показание', 'показания', 'показаний']) }}
    />
    <ActionCard
      href={`${DESK}/due`}
      icon="shield-check"
      title="Поверка"
      badge={{ count: totals.due, label: `${plural(totals.due, METERS)}: срок прошёл или близок` }}
    />
    <ActionCard href={`${DESK}/export`} icon="download" title="Выгрузить для расчётов" text="CSV или файл для 1С" />
    <OnlyFor those={access.changeMeter}>
      <ActionCard
        href="/work/uploads/new?kind=meters"
        icon="upload"
        title="Загрузить файлом"
        text="Приборы и показания по шаблонам"
      />
    </OnlyFor>
  </CardGrid>
);

function Houses({ rows, search }: { rows: readonly DeskLine[]; search: string }) {
  return (
    <Table
      caption="Дома с приборами учёта"
      captionHidden
      rows={rows}
      rowKey={(row) => row.houseId}
      empty={
        search ? (
          <EmptyState title="По этому адресу домов нет" action={{ href: DESK, label: 'Показать все дома' }}>
            Проверьте название улицы и номер дома. Можно указать только улицу.
          </EmptyState>
        ) : (
          <EmptyState title="Домов пока нет" action={{ href: '/work/uploads', label: 'Загрузить дома файлом' }}>
            Сначала загрузите шаблон «Дома», потом лицевые счета и приборы учёта.
          </EmptyState>
        )
      }
      columns={[
        {
          key: 'address',
          title: 'Адрес',
          heading: true,
          cell: (row) => (
            <Door to={access.viewRegister} href={pathOf(row.houseId)}>
              {row.address}
            </Door>
          ),
        },
        { key: 'meters', title: 'Приборов', numeric: true, cell: (row) => row.meters > 0 && formatNumber(row.meters) },
        { key: 'sent', title: 'Передали', cell: (row) => <Sent row={row} /> },
        {
          key: 'waiting',
          title: 'Ждут решения',
          numeric: true,
          cell: (row) =>
            row.meters > 0 &&
            (row.waiting > 0 ? (
              <Door to={access.decideDeliveries} href={pathOf(row.houseId, 'decisions')}>
                {formatNumber(row.waiting)}
              </Door>
            ) : (
              '0'
            )),
        },
        {
          key: 'due',
          title: 'Поверка',
          numeric: true,
          cell: (row) =>
            row.due > 0 ? (
              <Door to={access.viewRegister} href={`${pathOf(row.houseId)}?state=due`}>
                {formatNumber(row.due)}
              </Door>
            ) : (
              '0'
            ),
        },
      ]}
    />
  );
}

function Sent({ row }: { row: DeskLine }) {
  if (row.meters === 0 || !row.period) return <>приборов нет</>;
  const all = row.sent >= row.meters;
  return (
    <Status tone={all ? 'good' : 'waiting'}>
      {formatNumber(row.sent)} из {formatNumber(row.meters)} за {monthWord(row.period)}
    </Status>
  );
}
