import type { Context } from '../../../platform/context.ts';
import { type Db, transaction } from '../../../platform/database/database.ts';
import type { HouseId, PersonId, UploadId } from '../../../platform/ids.ts';
import { addMonths, type Day, dayIn, type Month } from '../../../platform/month.ts';
import { sendTogether } from '../../notices/index.ts';
import { type DuePlace, loadDueDays } from '../due-day.ts';
import { type NewBill, selectConnected, selectNewBills } from '../queries/new-bills.ts';
import { letterOfBills } from './letter.ts';

/** A bill of an older month is no news: somebody puts in the years before. A correction of it is. */
const NEWS_MONTHS = 2;

export interface BillWithTerm extends NewBill {
  /** Null when the term is over or there is nothing left to pay. */
  payBy: Day | null;
}

/** Tells a person of the bills that an upload brought to their accounts, whatever the houses: one letter. A repeat tells nothing twice. */
export async function tellPerson(context: Context, personId: PersonId, uploadId: UploadId): Promise<void> {
  const links = await selectConnected(context.db, personId, context.clock());
  const bills: NewBill[] = [];
  for (const [houseId, own] of Map.groupBy(links, (link) => link.houseId))
    bills.push(...(await billsOf(context, houseId, own, uploadId)));
  if (bills.length === 0) return;
  const withTerms = await addTerms(context.db, bills, context.clock());
  await transaction(context.db, (trx) =>
    sendTogether(context, trx, {
      kind: 'new_bill',
      personId,
      objects: bills.map(({ documentId }) => documentId),
      compose: (fresh) =>
        letterOfBills(
          context.config,
          withTerms.filter(({ documentId }) => fresh.has(documentId)),
        ),
    }),
  );
}

async function billsOf(
  { db, clock }: Context,
  houseId: HouseId,
  links: readonly { accountId: Parameters<typeof selectNewBills>[2][number] }[],
  uploadId: UploadId,
): Promise<NewBill[]> {
  const accounts = links.map(({ accountId }) => accountId);
  const all = await selectNewBills(db, houseId, accounts, uploadId);
  return all.filter(({ period, corrects, zone }) => {
    const oldest = addMonths(dayIn(zone, clock()).slice(0, 7) as Month, -NEWS_MONTHS);
    return corrects || period >= oldest;
  });
}

async function addTerms(db: Db, bills: readonly NewBill[], now: Date): Promise<BillWithTerm[]> {
  const dueDays = await loadDueDays(
    db,
    bills.map((bill) => ({ period: bill.period, place: placeOf(bill) })),
  );
  return bills.map((bill) => {
    const { day } = dueDays(bill.period, placeOf(bill));
    return { ...bill, payBy: bill.total > 0n && !bill.isPaid && day >= dayIn(bill.zone, now) ? day : null };
  });
}

const placeOf = ({ regionCode, oktmo, providerId }: NewBill): DuePlace => ({
  regionCode,
  oktmo,
  organisationId: providerId,
});
