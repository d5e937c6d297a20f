import { addDays, type Day, firstDay, lastDay, type Month } from '../../platform/month.ts';
import { CARRIED, type OwnDue } from './own-due.ts';
import { type Due, owed, type Purse } from './purse.ts';

/** The last day whose payments the issuer has counted: «учтены платежи до N-го числа», else the end of the period. */
export function countedThrough(period: Month, paidThroughDay: number | null): Day {
  const last = lastDay(period);
  if (paidThroughDay === null) return last;
  const wanted = addDays(firstDay(period), paidThroughDay - 1);
  return wanted < last ? wanted : last;
}

/**
 * What the account owes for a set of requisites as the issuer sees it, or null when the document does not say.
 * `known` is what it owes by our ledger at the issuer's cut-off (this document billed).
 * - Voluntary insurance that the issuer summed in is no debt.
 * - An issuer writes 0 where an advance covers everything: zero agrees with any advance.
 */
export function claimedByIssuer(own: OwnDue, known: bigint): bigint | null {
  if (own.stated === null) return null;
  const voluntary = own.voluntary.reduce((total, { amount }) => total + amount, 0n);
  const whole = own.opening === null ? null : own.opening + own.own;
  const withVoluntary =
    voluntary > 0n && (whole === null ? own.stated - known >= voluntary : own.stated === whole + voluntary);
  const claim = own.stated - (withVoluntary ? voluntary : 0n);
  if (claim > 0n) return claim;
  if (claim === 0n && whole !== null) return whole < 0n ? whole : 0n;
  return claim === 0n && known < 0n ? known : claim;
}

/**
 * Debt that a debt document brings and the ledger does not know: by month, what its lines say above what is open here, less
 * carried debt that is open already and whose months nobody knows. Such a document never lowers a debt: it is not the whole account.
 * @param uncounted payments after the issuer's cut-off: not to be counted against the issuer
 */
export function unknownDebt(
  purse: Purse,
  document: Due,
  debts: readonly { month: Month; amount: bigint }[],
  uncounted: bigint,
): bigint {
  const byMonth = new Map<Month, bigint>();
  for (const { month, amount } of debts) byMonth.set(month, (byMonth.get(month) ?? 0n) + amount);
  let unknown = 0n;
  for (const [month, amount] of byMonth) {
    const here = openOf(purse, (due, line) => due.period === month && due !== document && line !== CARRIED);
    if (amount > here) unknown += amount - here;
  }
  unknown -= openOf(purse, (_due, line) => line === CARRIED) + uncounted;
  return unknown > 0n ? unknown : 0n;
}

function openOf(purse: Purse, wanted: (due: Due, line: number) => boolean): bigint {
  let open = 0n;
  for (const due of purse.dues)
    for (const line of due.lines) if (wanted(due, line.line)) open += line.due - line.settled;
  return open;
}

/** By how much the purse differs from what should be owed: above zero is debt to take over, below zero a receipt. */
export const difference = (purse: Purse, target: bigint): bigint => target - owed(purse);
