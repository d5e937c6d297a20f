import type { Context } from '../../platform/context.ts';
import { NotFound } from '../../platform/errors.ts';
import type { AccountId, DocumentId, HouseId } from '../../platform/ids.ts';
import { kopecks } from '../../platform/money.ts';
import { dayIn, type Month } from '../../platform/month.ts';
import { readAccounts } from '../accounts/index.ts';
import { premisesLabel, readPremises } from '../houses/index.ts';
import type { BillView } from './bill-page.tsx';
import { loadDueDays } from './due-day.ts';
import { explainPenalty } from './explain-penalty.ts';
import { type Document, selectDocument } from './queries/reading.ts';

/**
 * One document of the given accounts with its due day and, when it is late, the penalty of today.
 * @throws NotFound when it is not of these accounts
 */
export async function viewBill(
  context: Context,
  houseId: HouseId,
  accounts: readonly AccountId[],
  documentId: DocumentId,
): Promise<BillView> {
  const document = accounts.length > 0 ? await selectDocument(context.db, houseId, accounts, documentId) : null;
  if (!document) throw new NotFound();
  const period = document.period.slice(0, 7) as Month;
  const place = { regionCode: document.regionCode, oktmo: document.oktmo, organisationId: document.providerId };
  const dueDay = (await loadDueDays(context.db, [{ period, place }]))(period, place);
  const today = dayIn(document.zone, context.clock());
  const base = principalLeft(document);
  const overdue = today > dueDay.day;
  const penalty =
    base > 0n && overdue
      ? await explainPenalty(context.db, {
          base,
          dueDay: dueDay.day,
          today,
          regionCode: document.regionCode,
          capitalRepair: document.body.lines.every(({ group }) => group === 'capital_repair'),
        })
      : null;
  return { document: { ...document, address: await addressOf(context, document) }, dueDay, overdue, penalty };
}

/** The house and where in it: the state's workbook of bills has no column for the flat. */
async function addressOf({ db }: Context, { houseId, accountId, address, body }: Document): Promise<string> {
  if (body.payer.address) return body.payer.address;
  const [account] = await readAccounts(db, houseId, [accountId]);
  const ids = (account?.places ?? []).flatMap(({ premisesId }) => premisesId ?? []);
  const labels = ids.length > 0 ? (await readPremises(db, houseId, ids)).map(premisesLabel) : [];
  return [address, ...new Set(labels)].filter(Boolean).join(', ');
}

/** Open charges of the period: the base of a penalty holds no penalties, and carried debt has due days of its own. */
function principalLeft({ dues }: Document) {
  let left = 0n;
  for (const due of dues)
    for (const line of due.lines) if (line.line > 0) left += BigInt(line.due) - BigInt(line.settled);
  return kopecks(left);
}
