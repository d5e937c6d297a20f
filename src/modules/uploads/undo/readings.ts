import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, HouseId, MeterId } from '../../../platform/ids.ts';
import { formatMonth, formatNumericDate, formatRubles } from '../../../ui/format.ts';
import { paidLater } from '../../billing/index.ts';
import { type HouseCard, readHouse } from '../../houses/index.ts';
import {
  chargedAccounts,
  lookAtUploadedReadings,
  RESOURCE_NAMES,
  type UploadedReading,
  type UploadedReadings,
  undoUploadedReadings,
} from '../../meters/index.ts';
import { selectLoadedHouses } from '../queries/undo.ts';
import type { Reversal } from './reversal.ts';
import type { Dependent, Found } from './undo.ts';

/** Values are declined, those that they had corrected count again, and the months are counted anew. */
export const readings: Reversal = {
  houses: selectLoadedHouses,
  async look(_context, db, upload, houseId) {
    const look = await lookAtUploadedReadings(db, houseId!, upload.uploadId);
    return foundOf(db, (await readHouse(db, houseId!))!, look);
  },
  async undo({ clock }, trx, { uploadId }, order, houseId) {
    const house = (await readHouse(trx, houseId!))!;
    const before = await foundOf(trx, house, await lookAtUploadedReadings(trx, houseId!, uploadId));
    if (before.dependents.length > 0) return before;
    const done = await undoUploadedReadings(trx, house, order, clock());
    return foundOf(trx, house, done);
  },
};

async function foundOf(db: Db, house: HouseCard, look: UploadedReadings): Promise<Found> {
  const current = look.readings.filter(({ kind }) => kind !== 'base');
  return {
    figures: {
      readings: BigInt(current.length),
      back: BigInt(current.filter(({ corrects }) => corrects).length),
    },
    dependents: [
      ...look.corrected.map((one) => correctedSince(house, one)),
      ...(await chargedAndPaid(db, house, current)),
    ],
  };
}

const titleOf = ({ shortAddress }: HouseCard, { serial, resource }: UploadedReading) =>
  `${RESOURCE_NAMES[resource]}, прибор № ${serial}, ${shortAddress}`;

const correctedSince = (house: HouseCard, one: UploadedReading): Dependent => ({
  kind: 'later_change',
  houseId: house.houseId,
  title: titleOf(house, one),
  what: `Показание за ${formatMonth(one.period)} исправлено позже: действует новое`,
});

/** Paid bills that came after the values, for their months: they were charged by them. */
async function chargedAndPaid(db: Db, house: HouseCard, readings: readonly UploadedReading[]): Promise<Dependent[]> {
  const [first] = readings;
  if (!first) return [];
  const { houseId } = house;
  const from = readings.map(({ period }) => period).sort()[0]!;
  const months = new Map<MeterId, string>();
  for (const { meterId, period } of readings) if (period < (months.get(meterId) ?? '9999')) months.set(meterId, period);
  const accounts = new Map<AccountId, string>();
  for (const { meterId, accountId } of await chargedAccounts(db, houseId as HouseId, [...months.keys()])) {
    const month = months.get(meterId)!;
    if (month < (accounts.get(accountId) ?? '9999')) accounts.set(accountId, month);
  }
  const paid = await paidLater(db, houseId, [...accounts.keys()], { after: first.readingId, from });
  return paid
    .filter(({ accountId, period }) => period.slice(0, 7) >= accounts.get(accountId)!)
    .map(({ accountId, accountNumber, documentId, number, period, amount, lastAt }) => ({
      ...{ kind: 'paid' as const, houseId, accountId, documentId },
      title: `ЛС № ${accountNumber}, ${house.shortAddress}`,
      what: `После этих показаний выставлена квитанция № ${number} за ${formatMonth(period)}, по ней оплачено ${formatRubles(amount)}, последний платёж ${formatNumericDate(lastAt, house.zone)}`,
    }));
}
