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
  const [old, fresh] = [byService(before), byService(after)];
  for (const service of new Set([...old.keys(), ...fresh.keys()]))
    add(`«${service}»`, old.get(service), fresh.get(service));
  return changes;
}

const byService = ({ lines }: Sums): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const { service, payable } of lines) sums.set(service, (sums.get(service) ?? 0) + payable);
  return sums;
};
