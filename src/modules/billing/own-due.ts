import type { RequisiteId } from '../../platform/ids.ts';
import { type Kopecks, kopecks, shareOut } from '../../platform/money.ts';
import type { DocumentBody } from './payment-document.ts';

/** Lines of a due that are no charge line: see document_due.lines. */
export const CARRIED = 0;
export const PENALTIES = -1;
export const COSTS = -2;

/** What a document itself asks for one set of requisites, before the carried debt. */
export interface OwnDue {
  requisiteId: RequisiteId;
  /** Column 11 and penalties and costs; below zero when a recalculation is larger than the charges. */
  own: Kopecks;
  principal: Kopecks;
  /** Penalties, fines and costs. */
  penalty: Kopecks;
  /** The own due by line: not negative, adds up to `own` or is empty when `own` is not above zero. */
  lines: { line: number; due: bigint }[];
  voluntary: { line: number; amount: bigint }[];
  /** The issuer's whole claim, and its debt (+) or advance (-) at the start; null where the document does not say. */
  stated: bigint | null;
  opening: bigint | null;
}

const bySum = (amounts: Iterable<number>): bigint => {
  let total = 0n;
  for (const amount of amounts) total += BigInt(amount);
  return total;
};

/** The issuer writes penalties as lines of their own (НСИ 329) or in column 13, or the same sums in both: the lines win. */
export function penaltiesOf(body: DocumentBody, requisiteId: RequisiteId): { penalties: bigint; costs: bigint } {
  const apart = body.penalties.filter((line) => line.requisiteId === requisiteId);
  if (apart.length > 0) {
    const isCost = (kind: string) => kind === '3' || kind === '4';
    return {
      penalties: bySum(apart.filter(({ kind }) => !isCost(kind)).map(({ amount }) => amount)),
      costs: bySum(apart.filter(({ kind }) => isCost(kind)).map(({ amount }) => amount)),
    };
  }
  const lines = body.lines.filter((line) => line.requisiteId === requisiteId && !line.voluntary);
  return {
    penalties: bySum(lines.map(({ penalty, fine }) => penalty + fine)),
    costs: bySum(lines.map(({ duty, courtCosts }) => duty + courtCosts)),
  };
}

/** Negative lines lower the positive ones in proportion, so that what is due by line is never below zero and adds up. */
function dueByLine(parts: { line: number; amount: bigint }[], own: bigint): { line: number; due: bigint }[] {
  if (own <= 0n) return [];
  const positive = parts.filter(({ amount }) => amount > 0n);
  const shares = shareOut(
    kopecks(own),
    positive.map(({ amount }) => amount),
  );
  return positive.map(({ line }, index) => ({ line, due: shares[index]! })).filter(({ due }) => due > 0n);
}

export function ownDues(body: DocumentBody): OwnDue[] {
  const single = body.requisites.length === 1;
  return body.requisites.map(({ requisiteId, stated }) => {
    const lines = body.lines.filter((line) => line.requisiteId === requisiteId);
    const charged = lines.filter((line) => !line.voluntary);
    const { penalties, costs } = penaltiesOf(body, requisiteId);
    const principal = bySum(charged.map(({ payable }) => payable));
    const own = principal + penalties + costs;
    const openings = charged.flatMap(({ opening }) => (typeof opening === 'number' ? [opening] : []));
    const wholeStated = stated ?? (single ? (body.totals.stated ?? null) : null);
    const wholeOpening = openings.length > 0 ? bySum(openings) : single ? (body.totals.opening ?? null) : null;
    return {
      requisiteId,
      own: kopecks(own),
      principal: kopecks(principal),
      penalty: kopecks(penalties + costs),
      lines: dueByLine(
        [
          { line: COSTS, amount: costs },
          ...charged.map(({ position, payable }) => ({ line: position, amount: BigInt(payable) })),
          { line: PENALTIES, amount: penalties },
        ],
        own,
      ),
      voluntary: lines
        .filter((line) => line.voluntary && line.payable > 0)
        .map(({ position, payable }) => ({ line: position, amount: BigInt(payable) })),
      stated: wholeStated === null ? null : BigInt(wholeStated),
      opening: wholeOpening === null ? null : BigInt(wholeOpening),
    };
  });
}
