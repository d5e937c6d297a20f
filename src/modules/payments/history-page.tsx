import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../pages/page.tsx';
import { personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { limitsOf } from '../../platform/http/limits.ts';
import { addDays, dayIn } from '../../platform/month.ts';
import {
  ButtonLink,
  EmptyState,
  Field,
  Filter,
  formatDate,
  formatNumericDate,
  Money,
  Pager,
  PageTitle,
  Stack,
  Status,
  Table,
} from '../../ui/index.ts';
import { access } from './access.ts';
import { type HistoryQuery, type HistoryRow, historyFile, readHistory, readHistoryQuery, ZONE } from './history.ts';
import { STATE_WORDS } from './order-page.tsx';

/** «История платежей» (S-HIST-1): a year by default, any period by the filter, as a page, on paper and as a file. */
export function registerHistory(app: FastifyInstance, context: Context): void {
  app.get('/history', { config: { access: access.viewHistory, sensitive: true } }, async (request, reply) => {
    const query = readHistoryQuery(request.query as Record<string, string>, context.clock());
    const { rows, next, accounts } = await readHistory(context, personOf(request.actor).personId, query);
    return sendPage(
      request,
      reply,
      { title: 'История платежей', active: '/history' },
      <HistoryPage {...{ query, rows, next, accounts }} now={context.clock()} />,
    );
  });

  const making = { config: { access: access.viewHistory, sensitive: true, rateLimit: limitsOf(context.config).heavy } };
  app.get('/history.csv', making, async (request, reply) => {
    const query = readHistoryQuery(request.query as Record<string, string>, context.clock());
    const file = await historyFile(context, personOf(request.actor).personId, query);
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="payments-${query.from}-${query.until}.csv"`)
      .send(file);
  });
}

type PageProps = Awaited<ReturnType<typeof readHistory>> & { query: HistoryQuery; now: Date };

function HistoryPage({ query, rows, next, accounts, now }: PageProps) {
  const today = dayIn(ZONE, now);
  const isYear = query.from === addDays(today, -365) && query.until === today;
  const conditions = Number(query.account !== null) + Number(!isYear);
  const period = `${formatDate(query.from)} – ${formatDate(query.until)}`;
  return (
    <Stack>
      <PageTitle
        lead={`Платежи через этот кабинет за период: ${period}`}
        actions={
          rows.length > 0 && (
            <ButtonLink kind="secondary" icon="download" href={addressOf('/history.csv', query)} download>
              Скачать таблицей
            </ButtonLink>
          )
        }
      >
        История платежей
      </PageTitle>
      <Filter action="/history" active={conditions} resetHref="/history" label="Счёт и период">
        <Field
          kind="choice"
          as="select"
          name="account"
          label="Лицевой счёт"
          placeholder="Все счета"
          value={query.account ? `${query.account.houseId}.${query.account.accountId}` : ''}
          options={accounts.map(({ houseId, accountId, accountNumber, address }) => ({
            value: `${houseId}.${accountId}`,
            label: `${accountNumber}, ${address}`,
          }))}
        />
        <Field kind="date" name="from" label="С какого дня" value={formatNumericDate(query.from)} />
        <Field kind="date" name="until" label="По какой день" value={formatNumericDate(query.until)} />
      </Filter>
      <HistoryTable rows={rows} conditions={conditions} />
      <Pager
        label="Страницы истории"
        previous={query.after ? addressOf('/history', { ...query, after: null }) : undefined}
        next={next ? addressOf('/history', { ...query, after: next }) : undefined}
      />
    </Stack>
  );
}

function addressOf(path: string, { account, from, until, after }: HistoryQuery): string {
  const search = new URLSearchParams({ from, until });
  if (account) search.set('account', `${account.houseId}.${account.accountId}`);
  if (after) search.set('after', after);
  return `${path}?${search}`;
}

function HistoryTable({ rows, conditions }: { rows: readonly HistoryRow[]; conditions: number }) {
  return (
    <Table
      caption="Платежи, новые первыми"
      captionHidden
      rows={rows}
      rowKey={({ partId }) => partId}
      empty={
        conditions > 0 ? (
          <EmptyState title="По этим условиям платежей нет" action={{ href: '/history', label: 'Показать за год' }}>
            Измените период или выберите другой счёт.
          </EmptyState>
        ) : (
          <EmptyState
            title="За последний год платежей здесь не было"
            action={{ href: '/pay', label: 'Перейти к оплате' }}
          >
            Когда вы заплатите через кабинет, платёж появится в этом списке. Платежи в банках и кассах видит ваша
            организация.
          </EmptyState>
        )
      }
      columns={[
        {
          key: 'date',
          title: 'Дата',
          heading: true,
          cell: ({ createdAt, orderId }) => <a href={`/pay/orders/${orderId}`}>{formatNumericDate(createdAt, ZONE)}</a>,
        },
        {
          key: 'account',
          title: 'За что',
          cell: ({ accountNumber, address, recipient }) => (
            <div>
              {recipient}, счёт {accountNumber}
              <br />
              <span class="quiet">{address}</span>
            </div>
          ),
        },
        { key: 'state', title: 'Где деньги', cell: (row) => <Whereabouts row={row} /> },
        { key: 'amount', title: 'Сумма', numeric: true, cell: ({ amount }) => <Money amount={amount} /> },
      ]}
    />
  );
}

/** «Принято банком → Передано организации → Учтено в лицевом счёте», each with its day; of the whole way only its end. */
function Whereabouts({ row }: { row: HistoryRow }) {
  const { tone, words } = STATE_WORDS[row.state];
  if (row.state !== 'succeeded') return <Status tone={tone}>{words}</Status>;
  const steps: [string, Date | null][] = [
    ['Принято банком', row.paidAt],
    ['Передано организации', row.succeededAt],
    ['Учтено в лицевом счёте', row.postedAt],
  ];
  const shown = row.postedAt ? steps.slice(-1) : steps;
  return (
    <div>
      {shown.map(([name, at]) => (
        <div key={name}>
          <Status tone={at ? 'good' : 'waiting'}>{name}</Status>{' '}
          <span class="quiet">{at ? formatNumericDate(at, ZONE) : 'обычно минуты, бывает до 3 дней'}</span>
        </div>
      ))}
    </div>
  );
}
