import { kopecks } from '../../../platform/money.ts';
import { formatRubles } from '../../../ui/format.ts';
import { type HEADS, type HeadRow, LINES, type LineRow, PENALTIES, REPAIRS } from '../layouts/bills.ts';
import { type Entry, type Note, rowsOf } from '../work.ts';
import { has } from './bill-draft.ts';

const rubles = (amount: number): string => formatRubles(kopecks(amount));
/** Issuers round each column on its own: a kopeck apart is no disagreement. */
const agrees = (a: number, b: number): boolean => Math.abs(a - b) <= 1;
const sumOf = (amounts: readonly (number | null)[]): number => amounts.reduce<number>((a, b) => a + (b ?? 0), 0);

const column13 = ({ values: { penalty, fine, duty, courtCosts } }: LineRow): number =>
  sumOf([penalty, fine, duty, courtCosts]);
const opening = ({ values }: LineRow): number => (values.opening ?? 0) - (values.advance ?? 0);

/**
 * Do columns 12–14 agree with column 11, with the head and with the sheet of penalties? Debt and penalties of a line move money,
 * so a disagreement is refused where the clerk can mend it. A document that names none of them has nothing to disagree.
 */
export function sumNotes(entry: Entry, head: HeadRow): Note[] {
  const lines = rowsOf(entry, LINES);
  return [
    ...lines.flatMap(lineNotes),
    ...openingNotes(entry, head, lines),
    ...penaltyNotes(entry, head, lines),
    ...statedNotes(entry, head, lines),
  ];
}

function lineNotes(row: LineRow): Note[] {
  const { values } = row;
  const at = { sheet: row.sheet, row: row.row, wrong: true };
  const notes: Note[] = [];
  if ((values.opening ?? 0) < 0 && (values.advance ?? 0) > 0)
    notes.push({ ...at, key: 'advance', message: 'аванс указан дважды: здесь и в столбце долга со знаком минус' });
  if (values.total === null || values.payable === null) return notes;
  const whole = values.payable + opening(row) + column13(row);
  // An issuer writes 0 where an advance covers everything.
  if (agrees(values.total, whole) || (values.total === 0 && whole < 0)) return notes;
  const parts = [
    `к оплате за период ${rubles(values.payable)}`,
    ...(opening(row) === 0 ? [] : [`${opening(row) > 0 ? 'долг' : 'аванс'} ${rubles(Math.abs(opening(row)))}`]),
    ...(column13(row) === 0 ? [] : [`пени и издержки ${rubles(column13(row))}`]),
  ];
  notes.push({
    ...at,
    key: 'total',
    message: `итого ${rubles(values.total)}, а по строке получается ${rubles(whole)} (${parts.join(', ')}): исправьте одну из сумм`,
  });
  return notes;
}

/** The head's debt or advance is the sum over services. Contributions to capital repair have no column 12: with them it cannot be told. */
function openingNotes(entry: Entry, head: HeadRow, lines: readonly LineRow[]): Note[] {
  const { debt, advance } = head.values;
  if (!has(debt, advance) || !lines.some(({ values }) => has(values.opening, values.advance))) return [];
  if (chargesRepair(entry, head)) return [];
  const [stated, whole] = [(debt ?? 0) - (advance ?? 0), sumOf(lines.map(opening))];
  if (agrees(stated, whole)) return [];
  return [
    {
      ...wrongAt(head, debt === null ? 'advance' : 'debt'),
      message: `${inWords(stated)}, а по услугам на листе «${LINES.layout.name}» ${inWords(whole)}: суммы должны сходиться`,
    },
  ];
}

const inWords = (amount: number): string => (amount < 0 ? `аванс ${rubles(-amount)}` : `долг ${rubles(amount)}`);

function penaltyNotes(entry: Entry, head: HeadRow, lines: readonly LineRow[]): Note[] {
  const inLines = sumOf(lines.map(column13));
  if (!lines.some(({ values: { penalty, fine, duty, courtCosts } }) => has(penalty, fine, duty, courtCosts))) return [];
  const notes: Note[] = [];
  const [first, ...others] = rowsOf(entry, PENALTIES);
  const apart = first ? sumOf([first, ...others].map(({ values }) => values.amount)) : null;
  // The sheet wins where both are filled: what only the lines name would be lost.
  if (first && apart !== null && inLines !== 0 && !agrees(apart, inLines))
    notes.push({
      sheet: first.sheet,
      row: first.row,
      key: 'amount',
      wrong: true,
      message: `на этом листе у документа ${rubles(apart)}, а в строках услуг ${rubles(inLines)}: укажите одно и то же или только в одном месте`,
    });
  const { penaltyTotal } = head.values;
  if (apart === null && penaltyTotal !== null && !agrees(penaltyTotal, inLines))
    notes.push({
      ...wrongAt(head, 'penaltyTotal'),
      message: `итого ${rubles(penaltyTotal)}, а по услугам на листе «${LINES.layout.name}» ${rubles(inLines)}: суммы должны сходиться`,
    });
  return notes;
}

/** Only a hint: payments, subsidies, insurance and instalments may explain a difference. */
function statedNotes(entry: Entry, head: HeadRow, lines: readonly LineRow[]): Note[] {
  const { stated } = head.values;
  const totals = lines.map(({ values }) => (values.payable === null ? null : values.total));
  if (stated === null || totals.length === 0 || totals.some((total) => total === null)) return [];
  if (chargesRepair(entry, head) || rowsOf(entry, PENALTIES).length > 0) return [];
  const whole = sumOf(totals);
  if (agrees(stated, whole) || (stated === 0 && whole < 0)) return [];
  return [
    {
      ...wrongAt(head, 'stated'),
      wrong: false,
      message: `итого по документу ${rubles(stated)}, а по услугам ${rubles(whole)}`,
    },
  ];
}

const wrongAt = ({ sheet, row }: HeadRow, key: keyof typeof HEADS.columns) => ({ sheet, row, key, wrong: true });

const chargesRepair = (entry: Entry, { values }: HeadRow): boolean =>
  has(values.repairAccrued, values.repairPayable) || rowsOf(entry, REPAIRS).length > 0;
