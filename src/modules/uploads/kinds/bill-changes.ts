import type { Db } from '../../../platform/database/database.ts';
import type { DocumentId, HouseId } from '../../../platform/ids.ts';
import { kopecks } from '../../../platform/money.ts';
import { formatRubles } from '../../../ui/format.ts';
import { type DocumentBodyInput, type NewDocument, readDocument } from '../../billing/index.ts';
import type { Change } from '../work.ts';

type Sums = Pick<DocumentBodyInput, 'totals' | 'lines'>;

const rubles = (amount: number | null | undefined): string =>
  amount === null || amount === undefined ? 'не указано' : formatRubles(kopecks(amount));

const TOTALS = {
  charged: 'К оплате за период',
  opening: 'Долг или аванс',
  penalty: 'Пени и издержки',
  stated: 'Итого к оплате',
  paid: 'Оплачено',
} as const;

/** What a corrected document changes against the one it corrects: totals, then charges by service. */
export async function changesOfBill(
  db: Db,
  houseId: HouseId,
  known: DocumentId,
  document: NewDocument,
): Promise<Change[]> {
  const old = await readDocument(db, houseId, [document.accountId], known);
  if (!old) return [];
  const changes = compareSums(old.body as Sums, document.body);
  return changes.length > 0 ? changes : [{ what: 'Сведения документа', before: 'прежние', after: 'изменены' }];
}

function compareSums(before: Sums, after: Sums): Change[] {
  const changes: Change[] = [];
  const add = (what: string, old: number | null | undefined, fresh: number | null | undefined) => {
    if ((old ?? null) !== (fresh ?? null)) changes.push({ what, before: rubles(old), after: rubles(fresh) });
  };
  for (const [key, what] of Object.entries(TOTALS) as [keyof typeof TOTALS, string][])
    add(what, before.totals[key], after.totals[key]);
  const services = new Set([...before.lines, ...after.lines].map(({ service }) => service));
  for (const service of services)
    for (const [what, of] of COLUMNS)
      add(`«${service}»${what}`, byService(before, service, of), byService(after, service, of));
  return changes;
}

type Line = Sums['lines'][number];
const COLUMNS: readonly (readonly [string, (line: Line) => number | null | undefined])[] = [
  ['', ({ payable }) => payable],
  [', долг или аванс', ({ opening }) => opening],
  // Zero and nothing are the same sum of penalties.
  [
    ', пени и издержки',
    ({ penalty = 0, fine = 0, duty = 0, courtCosts = 0 }) => penalty + fine + duty + courtCosts || null,
  ],
  [', итого', ({ total }) => total],
];

/** The sum of a column over the lines of a service; null when none of them names it. */
function byService({ lines }: Sums, service: string, of: (line: Line) => number | null | undefined): number | null {
  let sum: number | null = null;
  for (const line of lines) {
    const amount = line.service === service ? of(line) : null;
    if (typeof amount === 'number') sum = (sum ?? 0) + amount;
  }
  return sum;
}
