import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { HouseId, UploadId } from '../../../platform/ids.ts';
import { dayIn, monthOf } from '../../../platform/month.ts';
import { readHouse } from '../../houses/index.ts';
import {
  bareSerial,
  findMetersByNumbers,
  linkMeters,
  readMeters,
  recountMonths,
  writeMeters,
} from '../../meters/index.ts';
import { bareAddress, HouseFinder } from '../find-houses.ts';
import { meterKind } from '../layouts/meter-words.ts';
import { METERS, MORE_ACCOUNTS, MORE_RESOURCES, MORE_ROOMS } from '../layouts/meters.ts';
import { Wrong } from '../readers.ts';
import { Trace } from '../undo/trace.ts';
import {
  badJudgement,
  cellNotes,
  type Entry,
  type Judgement,
  type KindOfUpload,
  rowsOf,
  type Setting,
  type Work,
  type Written,
} from '../work.ts';
import { PayerFinder } from './bill-payers.ts';
import { MeterJudge, type MeterPlan, numberFill, titleOf, withoutRow } from './judge-meter.ts';
import { accountNotFound, payerRow } from './meter-accounts.ts';
import { inSentence } from './meter-fields.ts';
import { issuedNumber, lookAtMeters } from './meter-look.ts';

/** «ПУ»: a device is a document; what its row has no room for stands on other sheets under its number or its serial number. */
export const meters: KindOfUpload = {
  sections: [METERS, MORE_RESOURCES, MORE_ACCOUNTS, MORE_ROOMS],
  mandatory: [METERS.key],
  keyOf: (_section, cell) => {
    const record = cell('record');
    if (record) return `№ ${record}`;
    const [serial, kind] = [cell('serial'), cell('kind')];
    if (!serial) return null;
    const read = kind === null ? '' : meterKind(kind);
    return [
      bareAddress(cell('address') ?? ''),
      bareSerial(serial),
      read instanceof Wrong ? kind : read,
      (cell('brand') ?? '').toLowerCase(),
    ].join('|');
  },
  open: async (_db, setting) => new MetersWork(setting),
};

class MetersWork implements Work<MeterPlan> {
  readonly placedBy = [METERS.key];
  readonly batch = 200;
  readonly #setting: Setting;
  readonly #finder: HouseFinder;
  readonly #payers: PayerFinder;
  readonly #judge: MeterJudge;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#finder = new HouseFinder(setting.organisationId);
    this.#payers = new PayerFinder(setting.organisationId);
    this.#judge = new MeterJudge(setting);
  }

  /** By the number of the device, by its account, and only then by the address, of which the same may be written in many ways. */
  async place(db: Db, entries: readonly Entry[]): Promise<Map<number, HouseId>> {
    const heads = entries.flatMap((entry) =>
      rowsOf(entry, METERS)
        .slice(0, 1)
        .map((row) => ({ document: entry.document, row })),
    );
    const numbers = await findMetersByNumbers(
      db,
      heads.flatMap(({ row }) => issuedNumber(row.values.meterNumber) ?? []),
    );
    const look = await this.#payers.look(
      db,
      heads.map(({ row }) => payerRow(row)),
    );
    const placed = new Map<number, HouseId>();
    for (const { document, row } of heads) {
      const number = issuedNumber(row.values.meterNumber);
      const houseId = (number && numbers.get(number)?.houseId) || look.houseOf(payerRow(row));
      const found = houseId ? null : await this.#finder.find(db, row.values);
      if (houseId) placed.set(document, houseId);
      else if (found?.kind === 'known') placed.set(document, found.houseId);
    }
    return placed;
  }

  async judge(db: Db, houseId: HouseId | null, entries: readonly Entry[]): Promise<Judgement<MeterPlan>[]> {
    const { organisationId, clock } = this.#setting;
    const rows = {
      meters: entries.flatMap((entry) => rowsOf(entry, METERS).slice(0, 1)),
      accounts: entries.flatMap((entry) => [...rowsOf(entry, METERS).slice(0, 1), ...rowsOf(entry, MORE_ACCOUNTS)]),
    };
    const look = houseId && (await lookAtMeters(db, organisationId, this.#payers, houseId, rows, clock()));
    const judged: Judgement<MeterPlan>[] = [];
    for (const entry of entries) judged.push(look ? this.#judge.judge(entry, look) : await this.#homeless(db, entry));
    return judged;
  }

  async #homeless(db: Db, entry: Entry): Promise<Judgement<MeterPlan>> {
    const [row] = rowsOf(entry, METERS);
    const notes = cellNotes(entry);
    if (!row) return withoutRow(entry, notes);
    const at = { sheet: row.sheet, row: row.row, wrong: true };
    if (row.values.account !== null)
      notes.push({ ...at, key: 'account', message: accountNotFound(row.values.account) });
    else {
      const found = await this.#finder.find(db, row.values);
      if (found.kind === 'unknown') notes.push({ ...at, key: found.key, message: found.message });
      else notes.push({ ...at, key: 'address', message: 'этого дома ещё нет в Домовом: загрузите сначала дома' });
    }
    return badJudgement(entry, titleOf(row), notes);
  }

  async write(trx: Transaction, houseId: HouseId | null, good: readonly Judgement<MeterPlan>[]): Promise<Written[]> {
    if (good.length === 0 || houseId === null) return [];
    const { organisationId, uploadedBy, clock } = this.#setting;
    const at = clock();
    const house = (await readHouse(trx, houseId))!;
    const known = good.flatMap(({ plan }) => plan!.write.meterId ?? []);
    const trace = await Trace.open(trx, houseId, { meters: known });
    const uploadId = this.#setting.uploadId as UploadId;
    const writer = { houseId, regionCode: house.regionCode, organisationId, personId: uploadedBy, at, uploadId };
    const written = await writeMeters(
      trx,
      writer,
      good.map(({ plan }) => plan!.write),
    );
    await linkMeters(
      trx,
      houseId,
      good.flatMap(({ plan }, index) => {
        const one = written[index]!;
        return plan!.link && one.state === 'written' ? [{ meterId: one.meterId, ...plan!.link }] : [];
      }),
    );
    const touched = written.flatMap((one) => (one.state === 'written' ? [one.meterId] : []));
    await trace.close(this.#setting, houseId, { meters: touched });
    const recounted = good.filter(({ plan }, index) => plan!.recounts && written[index]!.state === 'written');
    const ids = recounted.map(({ plan }) => plan!.write.meterId!);
    for (const meter of await readMeters(trx, houseId, ids))
      await recountMonths(trx, house, meter, monthOf(dayIn(house.zone, at)), at);
    return good.map(({ entry, plan }, index) => {
      const one = written[index]!;
      return one.state === 'written'
        ? { document: entry.document, fills: numberFill(plan!.row, one.number) }
        : {
            document: entry.document,
            fills: [],
            refused: one.errors.map(({ message }) => inSentence(message)).join('; '),
          };
    });
  }

  async finish(): Promise<void> {}
}
