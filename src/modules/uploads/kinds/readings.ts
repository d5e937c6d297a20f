import type { Database, Db, Transaction } from '../../../platform/database/database.ts';
import type { HouseId, UploadId } from '../../../platform/ids.ts';
import { findMetersByNumbers, readEntered } from '../../meters/index.ts';
import { HouseFinder } from '../find-houses.ts';
import { HOUSE_READINGS, READINGS } from '../layouts/readings.ts';
import {
  badJudgement,
  cellNotes,
  type Entry,
  type Judgement,
  type KindOfUpload,
  type Setting,
  type Work,
  type Written,
} from '../work.ts';
import { PayerFinder } from './bill-payers.ts';
import { accountNotFound } from './meter-accounts.ts';
import { inCell } from './meter-fields.ts';
import { issuedNumber } from './meter-look.ts';
import { type Draft, periodOf, ReadingDrafts, type ReadingPlan, rowsOfReading, titleOf } from './reading-draft.ts';
import { lookAtReadings, payerOfReading, type ReadingLook } from './reading-look.ts';
import { type Candidate, type Outcome, recordFile } from './reading-outcomes.ts';
import { judgementOf, wrongOf } from './reading-verdicts.ts';
import { rolledBack } from './rolled-back.ts';

/** «Показания»: a row is a document; where tariffs stand in rows of their own, the rows of one device and day are. */
export const readings: KindOfUpload = {
  sections: [READINGS, HOUSE_READINGS],
  mandatory: [],
  keyOf: (_section, cell) => {
    if (cell('tariff') === null) return null;
    const names = ['number', 'serial', 'account', 'serviceId', 'address', 'period', 'takenOn', 'kind'] as const;
    const resource = (cell('resource') ?? '').replace(/[\s,]+[ТT]\s?[123]$/u, '');
    return [...names.map((name) => cell(name) ?? ''), resource].join('|');
  },
  open: async (_db, setting) => new ReadingsWork(setting),
};

class ReadingsWork implements Work<ReadingPlan> {
  readonly placedBy = [READINGS.key, HOUSE_READINGS.key];
  readonly batch = 500;
  readonly independent = true;
  readonly #setting: Setting;
  readonly #finder: HouseFinder;
  readonly #payers: PayerFinder;
  readonly #drafts = new ReadingDrafts();

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#finder = new HouseFinder(setting.organisationId);
    this.#payers = new PayerFinder(setting.organisationId);
  }

  async place(db: Db, entries: readonly Entry[]): Promise<Map<number, HouseId>> {
    const heads = entries.flatMap((entry) =>
      rowsOfReading(entry)
        .slice(0, 1)
        .map((row) => ({ document: entry.document, row, number: issuedNumber(row.values.number) })),
    );
    const numbers = await findMetersByNumbers(
      db,
      heads.flatMap(({ number }) => number ?? []),
    );
    const look = await this.#payers.look(
      db,
      heads.map(({ row }) => payerOfReading(row)),
    );
    const placed = new Map<number, HouseId>();
    for (const { document, row, number } of heads) {
      const houseId = (number && numbers.get(number)?.houseId) || look.houseOf(payerOfReading(row));
      const found = houseId ? null : await this.#finder.find(db, row.values);
      if (houseId) placed.set(document, houseId);
      else if (found?.kind === 'known') placed.set(document, found.houseId);
    }
    return placed;
  }

  async judge(db: Db, houseId: HouseId | null, entries: readonly Entry[]): Promise<Judgement<ReadingPlan>[]> {
    const { organisationId, clock, dry } = this.#setting;
    const at = clock();
    const rows = entries.flatMap(rowsOfReading);
    const look = houseId && (await lookAtReadings(db, organisationId, this.#payers, houseId, rows, at));
    if (!look) return Promise.all(entries.map((entry) => this.#homeless(db, entry)));
    const drafts = entries.map((entry) => this.#drafts.draft(entry, look));
    await this.#findFormer(db, look, drafts);
    // Recording judges again under its locks: to judge twice in one transaction would tell nothing new.
    const outcomes = dry ? await this.#tryOut(db as Database, look, drafts, at) : new Map<Draft, Outcome>();
    return drafts.map((draft) => judgementOf(draft, outcomes.get(draft) ?? null));
  }

  async #homeless(db: Db, entry: Entry): Promise<Judgement<ReadingPlan>> {
    const [row] = rowsOfReading(entry);
    const notes = cellNotes(entry);
    if (!row) return badJudgement(entry, 'Показание', notes);
    const { values } = row;
    if (values.number !== null)
      notes.push(inCell(row, 'number', 'прибора с этим номером в Домовом нет: номер выдаёт Домовой, в нём 12 цифр'));
    else if (values.account !== null || values.serviceId !== null)
      notes.push(
        inCell(
          row,
          values.account === null ? 'serviceId' : 'account',
          accountNotFound(values.account ?? values.serviceId),
        ),
      );
    else {
      const found = await this.#finder.find(db, values);
      if (found.kind === 'unknown') notes.push(inCell(row, found.key, found.message));
      else notes.push(inCell(row, 'address', 'этого дома ещё нет в Домовом: загрузите сначала дома и приборы'));
    }
    return badJudgement(entry, titleOf(row, null), notes);
  }

  async #findFormer(db: Db, look: ReadingLook, drafts: readonly Draft[]): Promise<void> {
    const items = drafts.flatMap(({ plan }) => plan?.item ?? []);
    const [from] = items.map((item) => periodOf(item, look.today)).sort();
    if (!from) return;
    const ids = [...new Set(items.map(({ meterId }) => meterId))];
    const entered = await readEntered(db, look.house.houseId, this.#setting.organisationId, ids, from);
    const byKey = new Map(entered.map((one) => [`${one.meterId} ${one.resource} ${one.kind} ${one.period}`, one]));
    for (const draft of drafts) {
      const item = draft.plan?.item;
      if (item)
        draft.former = byKey.get(`${item.meterId} ${item.resource} ${item.kind} ${periodOf(item, look.today)}`) ?? null;
    }
  }

  #tryOut(db: Database, look: ReadingLook, drafts: readonly Draft[], at: Date): Promise<Map<Draft, Outcome>> {
    const good = drafts.filter(({ plan }) => plan !== null);
    return rolledBack(db, async (trx) => {
      const outcomes = await this.#record(
        trx,
        look,
        good.map(({ plan }) => plan!),
        at,
      );
      return new Map(good.map((draft, index) => [draft, outcomes[index]!]));
    });
  }

  #record(trx: Transaction, look: ReadingLook, candidates: readonly Candidate[], at: Date): Promise<Outcome[]> {
    const { organisationId, uploadedBy, uploadId } = this.#setting;
    const author = {
      source: 'organisation',
      organisationId,
      personId: uploadedBy,
      uploadId: uploadId as UploadId,
    } as const;
    return recordFile(trx, look.house, candidates, { ...author, strict: look.strict }, at);
  }

  async write(trx: Transaction, houseId: HouseId | null, good: readonly Judgement<ReadingPlan>[]): Promise<Written[]> {
    const planned = good.filter(({ plan }) => plan !== null);
    if (planned.length === 0 || houseId === null) return [];
    const { organisationId, clock } = this.#setting;
    const at = clock();
    const look = await lookAtReadings(trx, organisationId, this.#payers, houseId, [], at);
    const outcomes = await this.#record(
      trx,
      look!,
      planned.map(({ plan }) => plan!),
      at,
    );
    return planned.map(({ entry, plan }, index) => {
      const refused = wrongOf(plan!.row, outcomes[index]!);
      return {
        document: entry.document,
        fills: [],
        ...(refused.length > 0 ? { refused: refused.map(({ message }) => message).join('; ') } : {}),
      };
    });
  }

  async finish(): Promise<void> {}
}
