import type { Clock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import type { Db, Transaction } from '../../platform/database/database.ts';
import type { AccountId, HouseId, OrganisationId, PersonId } from '../../platform/ids.ts';
import type { Kopecks } from '../../platform/money.ts';
import { headingOf, type Lists, type Row, type Section } from './sections.ts';
import { columnLetter, type ReadSheet, type Verdict } from './upload.ts';

/** A record or document of an upload with its rows, read. */
export interface Entry {
  /** Counted from 1. */
  document: number;
  rows: ReadonlyMap<string, readonly Row[]>;
}

/** What is to be said of a row. */
export interface Note {
  sheet: number;
  row: number;
  /** Key of the column, when one is meant. */
  key?: string;
  /** False: worth a look, but no reason to refuse. */
  wrong: boolean;
  message: string;
}

export interface Change {
  what: string;
  before: string;
  after: string;
}

/** A number to be written into the clerk's file. */
export interface Fill {
  sheet: number;
  row: number;
  key: string;
  text: string;
}

/** What loading an entry would do. */
export interface Judgement<Plan> {
  entry: Entry;
  title: string;
  verdict: Verdict;
  notes: Note[];
  changes: Change[];
  fills: Fill[];
  /** Premises that it would make, by name; each is told of once in an upload. */
  newPlaces?: readonly string[];
  /** What a bill asks for its period; the dry run tells it. */
  asked?: Kopecks;
  /** An account whose debt a bill lowers: its total is below what the period charges and what is owed already. */
  lowered?: { accountId: AccountId; account: string; amount: Kopecks };
  /** Null when it is bad. */
  plan: Plan | null;
}

/** What the work of one upload is given. */
export interface Setting {
  organisationId: OrganisationId;
  uploadId: string;
  uploadedBy: PersonId;
  sheets: readonly ReadSheet[];
  lists: Lists;
  clock: Clock;
  /** For letters that loading sends. */
  sender: Pick<Context, 'config' | 'clock'>;
  /** The dry run: nothing that is written may stay. */
  dry: boolean;
}

/** What a kind of upload knows how to do with its entries, batch by batch. */
export interface Work<Plan> {
  /** Sections whose rows tell the house of an entry; none: houses are told while judging. */
  readonly placedBy: readonly string[];
  /** Entries of one house that are judged and written together. */
  readonly batch: number;
  /** Batches of different houses know nothing of each other: one is prepared while the database writes another. */
  readonly independent?: boolean;
  /** The house of each entry, by document; entries without one are absent. */
  place(db: Db, entries: readonly Entry[]): Promise<ReadonlyMap<number, HouseId>>;
  /** Compares entries of one house with what is there. Writes nothing that stays. */
  judge(db: Db, houseId: HouseId | null, entries: readonly Entry[]): Promise<Judgement<Plan>[]>;
  /** Writes good entries. What turns out to be refused now comes back as a note of its document; nothing of it is written then. */
  write(trx: Transaction, houseId: HouseId | null, good: readonly Judgement<Plan>[]): Promise<Written[]>;
  /** After everything is written: roll-ups. */
  finish(trx: Transaction): Promise<void>;
}

export interface Written {
  document: number;
  fills: Fill[];
  refused?: string;
}

export interface KindOfUpload {
  readonly sections: readonly Section[];
  /** Sections without which the workbook says nothing. */
  readonly mandatory: readonly string[];
  /** Sections of reference rows, which belong to no document. */
  readonly reference?: readonly string[];
  /** The name of the entry that a row belongs to, from its cells by key; null when the cell is empty. */
  keyOf(section: string, cell: (key: string) => string | null): string | null;
  /** @param reference rows of the reference sections */
  // biome-ignore lint/suspicious/noExplicitAny: kinds with different plans
  open(db: Db, setting: Setting, reference: Entry): Promise<Work<any>>;
}

export const rowsOf = <Kind extends Section>(entry: Entry, of: Kind) =>
  (entry.rows.get(of.key) ?? []) as readonly Row<
    Kind extends Section<infer Of> ? import('./sections.ts').ValuesOf<Of> : never
  >[];

export const firstRow = (entry: Entry): { sheet: number; row: number } => {
  for (const rows of entry.rows.values()) if (rows[0]) return { sheet: rows[0].sheet, row: rows[0].row };
  return { sheet: 0, row: 0 };
};

/** What the readers found wrong in the cells of an entry. */
export const cellNotes = (entry: Entry): Note[] =>
  [...entry.rows.values()]
    .flat()
    .flatMap(({ sheet, row, wrong }) => wrong.map(({ key, message }) => ({ sheet, row, key, wrong: true, message })));

/** «столбец K «Всего начислено»»: where a cell is, in the clerk's own file. */
export function placeOfCell(sheet: ReadSheet, of: Section | undefined, key: string): string {
  const at = sheet.keys.indexOf(key);
  const heading = of ? headingOf(of, key) : key;
  return at < 0 ? `столбец «${heading}»` : `столбец ${columnLetter(sheet.columns[at]!)} «${heading}»`;
}

export const badJudgement = (entry: Entry, title: string, notes: Note[]): Judgement<never> => ({
  entry,
  title,
  verdict: 'bad',
  notes,
  changes: [],
  fills: [],
  plan: null,
});
