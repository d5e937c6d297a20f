import { type Kopecks, kopecks, shareOut } from '../../platform/money.ts';
import type { Month } from '../../platform/month.ts';
import { CARRIED, COSTS, PENALTIES } from './own-due.ts';
import type { Due, DueLine } from './purse.ts';

/** Which debts money may settle, and in what order. */
export interface AllocationOrder {
  /** The month that the payer named: its debts come first, and it may be beyond the limitation time. */
  named: Month | null;
  /** The oldest month within the limitation time (ГК ст. 196); null: no limit. */
  oldest: Month | null;
}

export interface Share {
  due: Due;
  line: DueLine;
  amount: Kopecks;
}

const open = (line: DueLine) => line.due - line.settled;

/**
 * Debts in the order of paying: the named month, then the oldest. In a month that was not named the carried debt comes before
 * the month's own lines: it is older.
 */
function debtsInOrder(dues: readonly Due[], { named, oldest }: AllocationOrder): Due[] {
  return dues
    .filter((due) => due.period === named || oldest === null || due.period >= oldest)
    .sort((a, b) => {
      if (a.period === b.period) return a.documentId < b.documentId ? -1 : 1;
      if (a.period === named || b.period === named) return a.period === named ? -1 : 1;
      return a.period < b.period ? -1 : 1;
    });
}

/** ГК ст. 319: costs of recovery, then principal, then penalty. */
function steps(due: Due, isNamed: boolean): DueLine[][] {
  const of = (wanted: (line: number) => boolean) => due.lines.filter(({ line }) => wanted(line));
  const [own, carried] = [of((line) => line > 0), of((line) => line === CARRIED)];
  return [
    of((line) => line === COSTS),
    ...(isNamed ? [own, carried] : [carried, own]),
    of((line) => line === PENALTIES),
  ];
}

/** How an amount settles the debts. What is left over when all are settled is not in the answer. Changes nothing. */
export function allocate(amount: bigint, dues: readonly Due[], order: AllocationOrder): Share[] {
  const shares: Share[] = [];
  let left = amount;
  for (const due of debtsInOrder(dues, order)) {
    for (const lines of steps(due, due.period === order.named)) {
      if (left === 0n) return shares;
      const wanted = lines.reduce((total, line) => total + open(line), 0n);
      if (wanted === 0n) continue;
      const paid = left < wanted ? left : wanted;
      shareOut(kopecks(paid), lines.map(open)).forEach((share, index) => {
        if (share > 0n) shares.push({ due, line: lines[index]!, amount: share });
      });
      left -= paid;
    }
  }
  return shares;
}
