import type { Db } from '../../platform/database/database.ts';
import type { AccountId, DocumentId, HouseId, OrganisationId, RequisiteId } from '../../platform/ids.ts';
import { type Kopecks, kopecks } from '../../platform/money.ts';
import { addMonths, type Day, dayIn, type Month, monthOf } from '../../platform/month.ts';
import { type DueDays, type DuePlace, loadDueDays } from './due-day.ts';
import { type OwedRow, selectOwed } from './queries/reading.ts';

/** The latest document as a resident's first page needs it. */
export interface LatestDocument {
  documentId: DocumentId;
  period: Month;
  number: string;
  issuer: string;
  issuedAt: Date;
  /** «Итого к оплате» as the issuer printed it; its own charges and penalties when nothing is stated. */
  total: Kopecks;
}

export interface AccountOwed {
  houseId: HouseId;
  accountId: AccountId;
  providerId: OrganisationId;
  /** The issuer of the latest document, else the account's provider. */
  issuer: string;
  zone: string;
  /** Debt (+) or advance (-) over all sets of requisites. */
  owed: Kopecks;
  requisites: { requisiteId: RequisiteId; receivable: Kopecks; advance: Kopecks; owed: Kopecks }[];
  latest: LatestDocument | null;
  /** By when the latest document is to be paid, and by what rule. */
  dueDay: Day | null;
  dueSource: string | null;
  /** The due day of the oldest unpaid month: before today when the account is overdue. */
  oldestDueDay: Day | null;
  overdue: boolean;
  /** The next bill and the day by which it is to be issued: before today when the issuer is late. */
  next: { period: Month; day: Day; source: string } | null;
}

const toMonth = (day: string) => day.slice(0, 7) as Month;

/**
 * What accounts owe, for the home page: one statement a house (in parallel), and two for rules and calendar.
 * @param now for what is overdue, by the calendar of each house
 */
export async function readAccountsOwed(
  db: Db,
  accounts: readonly { houseId: HouseId; accountId: AccountId }[],
  now: Date,
): Promise<AccountOwed[]> {
  const houses = new Map<HouseId, AccountId[]>();
  for (const { houseId, accountId } of accounts) houses.set(houseId, [...(houses.get(houseId) ?? []), accountId]);
  const rows = (
    await Promise.all(
      [...houses].map(async ([houseId, ids]) =>
        (
          await selectOwed(db, houseId, ids)
        ).map((row) => ({ houseId, row, place: placeOf(row), oldest: oldestOpen(row) })),
      ),
    )
  ).flat();
  const asked = rows.flatMap(({ row, place, oldest }) => [
    { period: row.period ? toMonth(row.period) : monthOf(dayIn(row.zone, now)), place },
    ...(oldest ? [{ period: oldest, place }] : []),
  ]);
  const dueDays = await loadDueDays(db, asked);
  const order = new Map(accounts.map(({ accountId }, index) => [accountId, index]));
  return rows
    .map((one) => present(one, dueDays, now))
    .sort((a, b) => order.get(a.accountId)! - order.get(b.accountId)!);
}

/** The bill after the latest one; where there is none yet, the first whose day of issue has not passed. */
function nextBill(row: OwedRow, place: DuePlace, dueDays: DueDays, now: Date): AccountOwed['next'] {
  const today = dayIn(row.zone, now);
  const periods = row.period ? [addMonths(toMonth(row.period), 1)] : [addMonths(monthOf(today), -1), monthOf(today)];
  const bills = periods.flatMap((period) => {
    const issue = dueDays.issueDay(period, place);
    return issue ? [{ period, ...issue }] : [];
  });
  return bills.find(({ day }) => row.period !== null || day >= today) ?? null;
}

const placeOf = ({ regionCode, oktmo, providerId }: OwedRow): DuePlace => ({
  regionCode,
  oktmo,
  organisationId: providerId,
});

function oldestOpen({ balances }: OwedRow): Month | null {
  const months = (balances ?? []).flatMap((balance) => (balance.oldestOpen ? [toMonth(balance.oldestOpen)] : []));
  return months.sort()[0] ?? null;
}

function present(
  { houseId, row, place, oldest }: { houseId: HouseId; row: OwedRow; place: DuePlace; oldest: Month | null },
  dueDays: DueDays,
  now: Date,
): AccountOwed {
  const requisites = (row.balances ?? []).map(({ requisiteId, receivable, advance }) => ({
    requisiteId,
    receivable: kopecks(BigInt(receivable)),
    advance: kopecks(BigInt(advance)),
    owed: kopecks(BigInt(receivable) - BigInt(advance)),
  }));
  const due = row.period ? dueDays(toMonth(row.period), place) : null;
  const oldestDueDay = oldest ? dueDays(oldest, place).day : null;
  return {
    houseId,
    accountId: row.accountId,
    providerId: row.providerId,
    issuer: row.issuer ?? '',
    zone: row.zone,
    owed: kopecks(requisites.reduce((total, one) => total + one.owed, 0n)),
    requisites,
    latest: row.documentId
      ? {
          documentId: row.documentId,
          period: toMonth(row.period!),
          number: row.number!,
          issuer: row.issuer ?? '',
          issuedAt: row.issuedAt!,
          total: row.stated ?? kopecks(row.charged! + row.penalty!),
        }
      : null,
    dueDay: due?.day ?? null,
    dueSource: due?.source ?? null,
    oldestDueDay,
    overdue: oldestDueDay !== null && oldestDueDay < dayIn(row.zone, now),
    next: nextBill(row, place, dueDays, now),
  };
}
