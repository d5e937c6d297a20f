import type { Db } from '../../platform/database/database.ts';
import type { AccountId, DocumentId, HouseId, RequisiteId } from '../../platform/ids.ts';
import { addDays, type Day, dayIn, type Month } from '../../platform/month.ts';
import type { Assessed } from './assess-documents.ts';
import type { NewDocument } from './payment-document.ts';
import { selectPaymentsAfter, selectStatementsSince, selectWithdrawnSince } from './queries/money.ts';
import { countedThrough } from './statement.ts';

/** An issuer's claim that is known already. */
export interface Statement {
  documentId: DocumentId;
  period: Month;
  claim: bigint;
  through: Day;
  issuedAt: Date;
}

/** A version of a document that stands no more. */
interface Withdrawn {
  number: string;
  period: Month;
  issuedAt: Date;
  at: Date;
  /** Debt that it had brought (+) or what it had counted as paid (-) by its statement. */
  brought: bigint;
}

/** What issuers have stated, payments they may not have counted yet, and versions taken back, by account and set of requisites. */
export interface Statements {
  known: Map<string, Statement[]>;
  payments: Map<string, { day: Day; amount: bigint }[]>;
  withdrawn: Map<string, Withdrawn[]>;
}

const key = (accountId: AccountId, requisiteId: RequisiteId) => `${accountId} ${requisiteId}`;

const append = <T>(map: Map<string, T[]>, of: string, value: T) => {
  const list = map.get(of);
  if (list) list.push(value);
  else map.set(of, [value]);
};

export const statementsOf = (all: Statements, accountId: AccountId, requisiteId: RequisiteId): readonly Statement[] =>
  all.known.get(key(accountId, requisiteId)) ?? [];

export const addStatement = (all: Statements, accountId: AccountId, requisiteId: RequisiteId, statement: Statement) =>
  append(all.known, key(accountId, requisiteId), statement);

/** Payments through us after the issuer's last counted day: they are not to be counted against the issuer. */
export function uncounted(all: Statements, accountId: AccountId, requisiteId: RequisiteId, through: Day): bigint {
  let sum = 0n;
  for (const { day, amount } of all.payments.get(key(accountId, requisiteId)) ?? []) if (day > through) sum += amount;
  return sum;
}

/**
 * What the last version of a document had brought by its statement, when some version of it stood as a newer statement was made, which counted
 * it, and none stands now. Null when the newer statement did not know the document.
 */
export function broughtBefore(
  all: Statements,
  { accountId, number, period }: Pick<NewDocument, 'accountId' | 'number' | 'period'>,
  requisiteId: RequisiteId,
  newer: Date,
): bigint | null {
  const versions = (all.withdrawn.get(key(accountId, requisiteId)) ?? []).filter(
    (one) => one.number === number && one.period === period,
  );
  const isCounted = versions.some(({ issuedAt, at }) => issuedAt <= newer && at >= newer);
  return isCounted ? versions.at(-1)!.brought : null;
}

export async function readStatements(db: Db, houseId: HouseId, fresh: readonly Assessed[]): Promise<Statements> {
  const accounts = [...new Set(fresh.map(({ document }) => document.accountId))];
  const all: Statements = { known: new Map(), payments: new Map(), withdrawn: new Map() };
  const since = fresh.map(({ document }) => document.period).reduce((a, b) => (a < b ? a : b));
  for (const row of await selectStatementsSince(db, houseId, accounts, since)) {
    const period = row.period.slice(0, 7) as Month;
    const through = countedThrough(period, row.paid_through_day);
    addStatement(all, row.account_id, row.requisite_id, {
      documentId: row.document_id,
      period,
      claim: row.stated,
      through,
      issuedAt: row.issued_at,
    });
  }
  const anew = fresh.filter(({ known }) => !known).map(({ document }) => document.accountId);
  for (const row of await selectWithdrawnSince(db, houseId, [...new Set(anew)], since))
    append(all.withdrawn, key(row.account_id, row.requisite_id), {
      number: row.number,
      period: row.period.slice(0, 7) as Month,
      issuedAt: row.issued_at,
      at: row.withdrawn_at,
      brought: row.brought,
    });
  const days = fresh.map(({ document, body }) => countedThrough(document.period, body?.totals.paidThroughDay ?? null));
  const first = [...days, ...[...all.known.values()].flat().map(({ through }) => through)].reduce((a, b) =>
    a < b ? a : b,
  );
  // A zone is at most fourteen hours from UTC: a day earlier misses nothing, the exact day is compared above.
  const after = new Date(`${addDays(first, -1)}T00:00:00Z`);
  const zones = new Map(fresh.map(({ account, document }) => [document.accountId, account!.zone]));
  for (const row of await selectPaymentsAfter(db, houseId, accounts, after))
    append(all.payments, key(row.account_id, row.requisite_id), {
      day: dayIn(zones.get(row.account_id)!, row.received_at),
      amount: row.amount,
    });
  return all;
}
