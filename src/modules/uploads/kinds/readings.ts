import type { Database, Db, Transaction } from '../../../platform/database/database.ts';
import type { HouseId, UploadId } from '../../../platform/ids.ts';
import { type Day, lastDay, monthOf } from '../../../platform/month.ts';
import { formatMonth } from '../../../ui/format.ts';
import {
  findMetersByNumbers,
  type Meter,
  type NewReading,
  RESOURCE_NAMES,
  type Reading,
  type Resource,
  readEntered,
} from '../../meters/index.ts';
import { HouseFinder } from '../find-houses.ts';
import { HOUSE_READINGS, READINGS, type ReadingRow } from '../layouts/readings.ts';
import {
  badJudgement,
  type Change,
  cellNotes,
  type Entry,
  type Judgement,
  type KindOfUpload,
  type Note,
  rowsOf,
  type Setting,
  type Work,
  type Written,
} from '../work.ts';
import { PayerFinder } from './bill-payers.ts';
import { inCell, inSentence } from './meter-fields.ts';
import { issuedNumber } from './meter-look.ts';
import { deviceOf, lookAtReadings, payerOfReading, type ReadingLook } from './reading-look.ts';
import { type Candidate, type Outcome, recordFile, refusalOf, remarkOf } from './reading-outcomes.ts';
import { rolledBack } from './rolled-back.ts';

interface Plan extends Candidate {
  row: ReadingRow;
}

/** A value on its way: what its rows say, or why they cannot be taken. */
interface Draft {
  entry: Entry;
  title: string;
  notes: Note[];
  /** Null: there is nothing to record. */
  plan: Plan | null;
  /** What the organisation had entered for the month before. */
  former: Reading | null;
}

const rowsOfReading = (entry: Entry): readonly ReadingRow[] => [
  ...rowsOf(entry, READINGS),
  ...rowsOf(entry, HOUSE_READINGS),
];

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

class ReadingsWork implements Work<Plan> {
  readonly placedBy = [READINGS.key, HOUSE_READINGS.key];
  readonly batch = 500;
  readonly independent = true;
  readonly #setting: Setting;
  readonly #finder: HouseFinder;
  readonly #payers: PayerFinder;
  readonly #seen = new Map<string, number>();

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

  async judge(db: Db, houseId: HouseId | null, entries: readonly Entry[]): Promise<Judgement<Plan>[]> {
    const { organisationId, clock, dry } = this.#setting;
    const at = clock();
    const rows = entries.flatMap(rowsOfReading);
    const look = houseId && (await lookAtReadings(db, organisationId, this.#payers, houseId, rows, at));
    if (!look) return Promise.all(entries.map((entry) => this.#homeless(db, entry)));
    const drafts = entries.map((entry) => this.#draft(entry, look));
    await this.#findFormer(db, look, drafts);
    // Recording judges again under its locks: to judge twice in one transaction would tell nothing new.
    const outcomes = dry ? await this.#tryOut(db as Database, look, drafts, at) : new Map<Draft, Outcome>();
    return drafts.map((draft) => judgementOf(draft, outcomes.get(draft) ?? null));
  }

  async #homeless(db: Db, entry: Entry): Promise<Judgement<Plan>> {
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
          'лицевой счёт не найден среди счетов вашей организации',
        ),
      );
    else {
      const found = await this.#finder.find(db, values);
      if (found.kind === 'unknown') notes.push(inCell(row, found.key, found.message));
      else notes.push(inCell(row, 'address', 'этого дома ещё нет в Домовом: загрузите сначала дома и приборы'));
    }
    return badJudgement(entry, titleOf(row, null), notes);
  }

  #draft(entry: Entry, look: ReadingLook): Draft {
    const [row, ...others] = rowsOfReading(entry);
    const notes = cellNotes(entry);
    const draft: Draft = { entry, title: titleOf(row!, null), notes, plan: null, former: null };
    if (notes.length > 0) return draft;
    const found = deviceOf(row!, look, notes);
    if (!found) return draft;
    draft.title = titleOf(row!, found);
    const values = valuesOf([row!, ...others], notes);
    if (values.t1 === null && values.t2 === null && values.t3 === null) {
      if (notes.length === 0)
        notes.push({ ...inCell(row!, 't1', 'показание не указано, строка пропущена'), wrong: false });
      return draft;
    }
    const item: NewReading = {
      ...values,
      // A value that is missing is told of by the check of the device's tariffs.
      t1: values.t1 as string,
      meterId: found.meter.meterId,
      resource: found.resource,
      kind: row!.values.kind ?? 'current',
      takenOn: row!.values.takenOn ?? dayWithout(row!, look.today),
      period: row!.values.period,
      confirmed: [],
    };
    this.#noteTwin(row!, item, look.today, notes);
    if (notes.length === 0) draft.plan = { item, row: row!, explained: row!.values.reason !== null };
    return draft;
  }

  #noteTwin(row: ReadingRow, item: NewReading, today: Day, notes: Note[]): void {
    const key = `${item.meterId} ${item.resource} ${item.kind} ${periodOf(item, today)}`;
    const twin = this.#seen.get(key);
    if (twin !== undefined && twin !== row.row)
      notes.push(inCell(row, 't1', `показание этого прибора за тот же месяц уже есть в строке ${twin}`));
    else this.#seen.set(key, row.row);
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

  async write(trx: Transaction, houseId: HouseId | null, good: readonly Judgement<Plan>[]): Promise<Written[]> {
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

const titleOf = ({ values }: ReadingRow, found: { meter: Meter; resource: Resource } | null): string => {
  const resource = found?.resource ?? values.resource;
  const number = found?.meter.serial ?? values.serial ?? values.number ?? '—';
  return `ПУ № ${number}${resource ? `, ${RESOURCE_NAMES[resource].toLowerCase()}` : ''}`;
};

const periodOf = (item: NewReading, today: Day) => item.period ?? monthOf(item.takenOn ?? today);

/** A value of a month that has passed was not taken today. */
const dayWithout = ({ values }: ReadingRow, today: Day): Day | null =>
  values.period && values.period < monthOf(today) ? lastDay(values.period) : null;

type Tariff = 't1' | 't2' | 't3';

/** The values of a device: of one row, or a tariff a row. */
function valuesOf(rows: readonly ReadingRow[], notes: Note[]): Record<Tariff, string | null> {
  const values: Record<Tariff, string | null> = { t1: null, t2: null, t3: null };
  for (const row of rows) {
    const { tariff } = row.values;
    const given: [Tariff, string | null][] =
      tariff === null
        ? [
            ['t1', row.values.t1],
            ['t2', row.values.t2],
            ['t3', row.values.t3],
          ]
        : [[`t${tariff}`, row.values.t1]];
    for (const [key, value] of given) {
      if (value !== null && values[key] !== null)
        notes.push(
          inCell(row, 't1', `показание ${key.replace('t', 'Т')} этого прибора уже есть в строке ${rows[0]!.row}`),
        );
      values[key] ??= value;
    }
  }
  return values;
}

/** Why a value is not recorded, in the cells that are meant. */
function wrongOf(row: ReadingRow, { recorded }: Outcome): Note[] {
  if (recorded.state === 'asks') return recorded.questions.map((question) => inCell(row, 't1', refusalOf(question)));
  if (recorded.state !== 'wrong') return [];
  const named = row.values.number === null ? 'serial' : 'number';
  return recorded.errors.map(({ field, message }) =>
    inCell(row, field === 'meter' ? named : field, inSentence(message)),
  );
}

function judgementOf(draft: Draft, outcome: Outcome | null): Judgement<Plan> {
  const { entry, title, plan, former } = draft;
  const wrong = outcome && plan ? wrongOf(plan.row, outcome) : [];
  const remarks =
    outcome && plan
      ? outcome.accepted.map((one) => ({
          ...inCell(plan.row, 't1', remarkOf(one, plan.row.values.reason)),
          wrong: false,
        }))
      : [];
  const notes = [...draft.notes, ...wrong, ...(wrong.length > 0 ? [] : remarks)];
  if (notes.some((note) => note.wrong)) return badJudgement(entry, title, notes);
  const same = plan === null || outcome?.recorded.state === 'same';
  return {
    entry,
    title,
    verdict: same ? 'same' : former ? 'changed' : 'new',
    notes,
    changes: former && plan && !same ? changesOf(former, plan.item) : [],
    fills: [],
    plan,
  };
}

const changesOf = (former: Reading, item: NewReading): Change[] =>
  (['t1', 't2', 't3'] as const).flatMap((tariff) =>
    former[tariff] === item[tariff]
      ? []
      : [
          {
            what: `Показание ${tariff.replace('t', 'Т')} за ${formatMonth(former.period)}`,
            before: former[tariff] ?? 'не указано',
            after: item[tariff] ?? 'не указано',
          },
        ],
  );
