import type { Context } from '../../../platform/context.ts';
import type { Db } from '../../../platform/database/database.ts';
import type { HouseId } from '../../../platform/ids.ts';
import { formatMonth, formatNumericDate, formatRubles } from '../../../ui/format.ts';
import { lookAtUploaded, type UploadedDocuments, undoUploaded } from '../../billing/index.ts';
import { readHouse } from '../../houses/index.ts';
import { paymentsUnderWay } from '../../payments/index.ts';
import { selectLoadedHouses } from '../queries/undo.ts';
import type { Upload } from '../upload.ts';
import type { Reversal } from './reversal.ts';
import type { Dependent, Found } from './undo.ts';
import { witnessesOf } from './witnesses.ts';

/** Documents are withdrawn through the ledger; the versions that they replaced stand again. */
export const bills: Reversal = {
  houses: selectLoadedHouses,
  async look(_context, db, upload, houseId) {
    const look = await lookAtUploaded(db, houseId!, upload.uploadId);
    return foundOf(db, upload, houseId!, look);
  },
  // Who begins to pay after this look pays what is there then; what was paid by the time the accounts are held is seen there.
  async undo(context, trx, upload, { reason }, houseId) {
    const look = await lookAtUploaded(trx, houseId!, upload.uploadId);
    const under = await paymentsUnderWay(trx, houseId!, look.accounts);
    if (under.length > 0) return foundOf(trx, upload, houseId!, look);
    const { uploadId } = upload;
    const done = await undoUploaded(trx, context as Pick<Context, 'clock'>, houseId!, { uploadId, reason });
    return foundOf(trx, upload, houseId!, done);
  },
};

async function foundOf(db: Db, upload: Upload, houseId: HouseId, look: UploadedDocuments): Promise<Found> {
  const people = await witnessesOf(db, houseId, upload, look.documents);
  return {
    figures: {
      documents: BigInt(look.documents.length),
      asked: look.asked,
      restored: BigInt(look.restored),
      accounts: BigInt(look.accounts.length),
      people: BigInt(people.size),
    },
    dependents: await dependentsOf(db, houseId, look),
  };
}

async function dependentsOf(db: Db, houseId: HouseId, look: UploadedDocuments): Promise<Dependent[]> {
  const under = await paymentsUnderWay(db, houseId, look.accounts);
  if (under.length + look.paid.length + look.later.length === 0) return [];
  const house = (await readHouse(db, houseId))!;
  const titleOf = (number: string) => `ЛС № ${number}, ${house.shortAddress}`;
  return [
    ...look.paid.map(
      ({ accountId, accountNumber, documentId, number, period, amount, lastAt }): Dependent => ({
        ...{ kind: 'paid', houseId, accountId, documentId, title: titleOf(accountNumber) },
        what: `По квитанции № ${number} за ${formatMonth(period)} оплачено ${formatRubles(amount)}, последний платёж ${formatNumericDate(lastAt, house.zone)}`,
      }),
    ),
    ...under.map(
      ({ accountId, accountNumber, amount, createdAt }): Dependent => ({
        ...{ kind: 'under_way', houseId, accountId, title: titleOf(accountNumber) },
        what: `Житель платит сейчас: ${formatRubles(amount)}, оплата начата ${formatNumericDate(createdAt, house.zone)}. Подождите, чем она кончится`,
      }),
    ),
    ...look.later.map(
      ({ accountId, accountNumber, documentId, number, period, issuedAt, uploadId }): Dependent => ({
        ...{
          kind: 'later_bill',
          houseId,
          accountId,
          documentId,
          otherUploadId: uploadId,
          title: titleOf(accountNumber),
        },
        what: `Позже выставлена квитанция № ${number} за ${formatMonth(period)} от ${formatNumericDate(issuedAt, house.zone)}: она посчитана с учётом этой`,
      }),
    ),
  ];
}
