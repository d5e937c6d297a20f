import type { Context } from '../../platform/context.ts';
import { csvText } from '../../platform/csv.ts';
import { type AccountId, type HouseId, isUuid, type PartId, type PersonId } from '../../platform/ids.ts';
import { formatDecimal } from '../../platform/money.ts';
import { addDays, type Day, dayIn, parseDay } from '../../platform/month.ts';
import { formatNumericDate } from '../../ui/index.ts';
import { STATE_WORDS } from './order-page.tsx';
import { selectHistory, selectPaidAccounts } from './queries/history.ts';
import { recipientNames } from './read-order.ts';

/** Days of the filter are of one clock for accounts of all zones. */
export const ZONE = 'Europe/Moscow';
const PAGE = 25;
/** A year and more: the file stops there, and says so by its length. */
const FILE_ROWS = 10_000;

export interface HistoryQuery {
  account: { houseId: HouseId; accountId: AccountId } | null;
  /** Both days included. */
  from: Day;
  until: Day;
  after: PartId | null;
}

/** Reads the filter of the page; by default the last year. What cannot be read counts as absent. */
export function readHistoryQuery(query: Record<string, string | undefined>, now: Date): HistoryQuery {
  const today = dayIn(ZONE, now);
  const [houseId = '', accountId = ''] = (query.account ?? '').split('.');
  const days = [parseDay(query.from ?? '') ?? addDays(today, -365), parseDay(query.until ?? '') ?? today];
  const [from, until] = days.sort() as [Day, Day];
  return {
    account:
      isUuid(houseId) && isUuid(accountId) ? { houseId: houseId as HouseId, accountId: accountId as AccountId } : null,
    from,
    until,
    after: isUuid(query.after ?? '') ? (query.after as PartId) : null,
  };
}

/** Moscow keeps UTC+3 the year round. */
const midnight = (day: Day): Date => new Date(`${day}T00:00:00+03:00`);

async function readRows(context: Context, personId: PersonId, query: HistoryQuery, limit: number) {
  const rows = await selectHistory(context.db, personId, {
    account: query.account,
    from: midnight(query.from),
    until: midnight(addDays(query.until, 1)),
    after: query.after,
    limit,
  });
  const names = await recipientNames(
    context.db,
    rows.map(({ recipientId }) => recipientId),
  );
  return rows.map((row) => ({ ...row, recipient: names.get(row.recipientId) ?? '' }));
}

export type HistoryRow = Awaited<ReturnType<typeof readRows>>[number];

/** A page of the person's payments, newest first, with the key of the next one. */
export async function readHistory(context: Context, personId: PersonId, query: HistoryQuery) {
  const rows = await readRows(context, personId, query, PAGE + 1);
  return {
    rows: rows.slice(0, PAGE),
    next: rows.length > PAGE ? rows[PAGE - 1]!.partId : null,
    accounts: await selectPaidAccounts(context.db, personId),
  };
}

const date = (instant: Date | null): string => (instant ? formatNumericDate(instant, ZONE) : '');

/** The same as a file that Russian spreadsheets open: UTF-8 with its mark, semicolons, decimal commas. */
export async function historyFile(context: Context, personId: PersonId, query: HistoryQuery): Promise<string> {
  const rows = await readRows(context, personId, { ...query, after: null }, FILE_ROWS);
  const lines = rows.map((row) => [
    date(row.createdAt),
    row.accountNumber,
    row.address,
    row.recipient,
    row.period?.slice(0, 7) ?? '',
    formatDecimal(row.amount).replace('.', ','),
    STATE_WORDS[row.state].words,
    date(row.paidAt),
    date(row.succeededAt),
    date(row.postedAt),
  ]);
  const head = [
    'Дата',
    'Лицевой счёт',
    'Адрес',
    'Получатель',
    'За месяц',
    'Сумма, ₽',
    'Состояние',
    'Принято банком',
    'Передано организации',
    'Учтено в лицевом счёте',
  ];
  return csvText([head, ...lines]);
}
