import type { Context } from './context.ts';
import type { Db, Transaction } from './database/database.ts';
import type { FileId, PersonId } from './ids.ts';

/**
 * What one module holds of a person: how it is given to them, how it is deleted, and what stays. Each module has one and exports it through
 * its door; `src/person-parts.ts` is the list of all.
 */
export interface PersonPart {
  /** Of the job's progress, and of the erasure's: never changed once it was released. */
  name: string;
  tables: readonly ExportTable[];
  /** Files that the person gave, or that were given to them. */
  files?: (db: Db, personId: PersonId) => AsyncIterable<ExportFile>;
  /** What must be settled before a deletion can begin. */
  obstacles?: (context: Pick<Context, 'clock'> & { db: Db }, personId: PersonId) => Promise<Obstacle[]>;
  /** Deletes and blanks. May be called again after it was done, or after it was killed half-way in an earlier transaction. */
  erase: (context: Context, trx: Transaction, personId: PersonId) => Promise<void>;
  /** In words of the page: what goes at once. */
  goes: readonly string[];
  /** Person-keyed tables that nothing is left in. */
  deletes: readonly string[];
  stays: readonly Staying[];
}

/** One kind of data: a JSON file, and a table of the readable page. */
export interface ExportTable {
  /** Of the file, in ASCII: «payments» makes `payments.json`. */
  name: string;
  /** «Платежи» */
  title: string;
  /** JSON values; Dates and bigints are written as text and numbers. Read page by page: memory holds one page of it. */
  rows: (db: Db, personId: PersonId) => AsyncIterable<ExportRow>;
  /** Which values the readable page shows, and how. */
  columns: readonly { title: string; cell: (row: never) => string }[];
}

export type ExportRow = Readonly<Record<string, unknown>>;

export interface ExportFile {
  fileId: FileId;
  /** In words: whose and when; the name it had. */
  name: string;
}

/** Why a deletion cannot begin, and what the person can do. */
export interface Obstacle {
  what: string;
  todo: string;
  href: string;
}

/** What stays after a deletion, why and until when. */
export interface Staying {
  /** Tables that hold it. The person-keyed among them are what the rule test compares with the catalogue. */
  tables: readonly string[];
  /** «Платежи: сумма, день, номер лицевого счёта. Без имени и адреса» */
  what: string;
  /** The dated rule that says for how long, with its source; null: it is not ours to delete, or nothing of the person is in it. */
  rule: string | null;
  /** Why, where no rule says it. */
  why?: string;
  /**
   * How it goes when the term has passed since the deletion: `swept` with rows of everybody, by their age; a function removes the person's.
   * Without it nothing removes it by itself, and the page says so.
   */
  release?: 'swept' | ((trx: Transaction, personId: PersonId) => Promise<void>);
}

/** Rows page by page, by the key of the last one. */
export async function* inPages<Row, Key>(
  read: (after: Key | null, limit: number) => Promise<readonly Row[]>,
  keyOf: (row: Row) => Key,
  limit = 500,
): AsyncGenerator<Row> {
  let after: Key | null = null;
  for (;;) {
    const page = await read(after, limit);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < limit) return;
    after = keyOf(last);
  }
}

/** Rows of what is few by its nature. */
export async function* allOf<Row>(read: Promise<readonly Row[]>): AsyncGenerator<Row> {
  yield* await read;
}

/** Types the columns by the rows. */
export const exportTable = <Row extends ExportRow>(table: {
  name: string;
  title: string;
  rows: (db: Db, personId: PersonId) => AsyncIterable<Row>;
  columns: readonly { title: string; cell: (row: Row) => string }[];
}): ExportTable => table as unknown as ExportTable;
