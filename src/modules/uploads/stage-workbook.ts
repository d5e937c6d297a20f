import {
  type CellText,
  DEFAULT_LIMITS,
  HEADER_WINDOW,
  readWorkbook,
  type SheetInfo,
  type SheetRow,
} from '../../platform/workbook/index.ts';
import { findSheets, type Mappings, type MatchedSheet, matchSheet } from './match-workbook.ts';
import type { Staging } from './queries/staging.ts';
import { Refused } from './refused.ts';
import type { Section, StagedCell } from './sections.ts';
import { SHEET_ROWS, type SheetPlace } from './upload.ts';
import type { KindOfUpload } from './work.ts';

export interface StagedWorkbook {
  sheets: MatchedSheet[];
  /** Rows of data; documents are numbered from 1. */
  rows: number;
  /** Of them those that whoever looks at the file does not see. */
  hidden: number;
  documents: number;
}

interface Options {
  path: string;
  kind: KindOfUpload;
  mappings: Mappings;
  /** What the clerk said of sheets whose headings were not found. */
  places?: readonly SheetPlace[];
  staging: Pick<Staging, 'add'>;
  /** Told now and then how many rows have been read. */
  onProgress: (rows: number) => Promise<void>;
}

/** All sheets together; one of them alone may hold SHEET_ROWS. */
const LIMITS = { ...DEFAULT_LIMITS, rows: 2 * SHEET_ROWS + 10_000 };
const PROGRESS_EVERY = 2000;

/**
 * Reads a workbook as a stream into the staging table: its columns in the order of the match, each row under its document.
 * When a heading waits to be mapped, reading goes on to find the others, but nothing more is staged.
 * @throws WorkbookError, Refused
 */
export async function stageWorkbook({
  path,
  kind,
  mappings,
  places = [],
  staging,
  onProgress,
}: Options): Promise<StagedWorkbook> {
  const sections = await findSheets(path, kind);
  for (const { sheet, place } of places) if (!place) sections.delete(sheet);
  const numbers = new DocumentNumbers(kind);
  const result: StagedWorkbook = { sheets: [], rows: 0, hidden: 0, documents: 0 };
  let reader: SheetReader | null = null;
  const begin = (info: SheetInfo) => {
    const of = sections.get(info.name)!;
    return new SheetReader(info, of, {
      saved: mappings.get(of.key),
      place: places.find(({ sheet }) => sheet === info.name)?.place ?? undefined,
      optional: sections.size > 1 && !kind.mandatory.includes(of.key),
    });
  };
  const take = async (rows: readonly SheetRow[]) => {
    const matched = reader?.matched;
    if (!reader || !matched || waits(matched) || result.sheets.some(waits)) return;
    for (const row of rows) {
      const content = reader.contentOf(row);
      if (!content) continue;
      result.rows += 1;
      if (row.hidden) result.hidden += 1;
      await staging.add({
        document: numbers.of(reader.of.key, matched.sheet.keys, content),
        sheet: matched.sheet.index,
        row: row.row,
        content,
      });
      if (result.rows % PROGRESS_EVERY === 0) await onProgress(result.rows);
    }
  };
  const finish = async () => {
    await take(reader?.end() ?? []);
    if (reader?.matched) result.sheets.push(reader.matched);
  };
  for await (const event of readWorkbook(path, { limits: LIMITS, onSheet: ({ name }) => sections.has(name) })) {
    if (event.type === 'sheet') {
      await finish();
      reader = begin(event.sheet);
    } else await take(reader!.add(event));
  }
  await finish();
  return { ...result, documents: numbers.count };
}

/** The clerk has something to say first. */
export const waits = ({ open, asked }: MatchedSheet): boolean => open.length > 0 || asked !== null;

/** Holds back the first rows of a sheet until its headings are told; then passes rows on. */
class SheetReader {
  readonly of: Section;
  matched: MatchedSheet | null = null;
  readonly #info: SheetInfo;
  readonly #said: Parameters<typeof matchSheet>[2];
  #head: SheetRow[] | null = [];
  #rows = 0;

  constructor(info: SheetInfo, of: Section, said: Parameters<typeof matchSheet>[2]) {
    this.#info = info;
    this.of = of;
    this.#said = said;
  }

  add(row: SheetRow): readonly SheetRow[] {
    if (!this.#head) return [row];
    if (row.row <= HEADER_WINDOW) {
      this.#head.push(row);
      return [];
    }
    return [...this.#match(true), row];
  }

  end(): readonly SheetRow[] {
    return this.#head ? this.#match(false) : [];
  }

  #match(more: boolean): readonly SheetRow[] {
    const head = this.#head ?? [];
    this.#head = null;
    this.matched = matchSheet({ info: this.#info, rows: head, more }, this.of, this.#said);
    return head.filter((row) => row.row >= (this.matched?.firstDataRow ?? 0));
  }

  /** «Итого» under a table is no record: its first cell says so, and the others that are read hold nothing but numbers. */
  #isTotal({ cells }: SheetRow): boolean {
    const filled = (cell: CellText | null | undefined) => cell != null && cell.text.trim() !== '';
    const first = cells.find(filled);
    return (
      first != null &&
      TOTAL.test(first.text.trim()) &&
      this.matched!.sheet.columns.every((column) => {
        const cell = cells[column];
        return cell === first || !filled(cell) || cell?.kind === 'number';
      })
    );
  }

  /** Cells of the known columns; null when all of them are empty. */
  contentOf(row: SheetRow): StagedCell[] | null {
    const content = this.matched!.sheet.columns.map((column) => stagedCell(row.cells[column] ?? null));
    if (content.every((cell) => cell === null) || this.#isTotal(row)) return null;
    this.#rows += 1;
    if (this.#rows > SHEET_ROWS)
      throw new Refused(
        `На листе «${this.#info.name}» больше ${SHEET_ROWS.toLocaleString('ru-RU')} строк. Разделите файл на части и загрузите по одной.`,
      );
    return content;
  }
}

const TOTAL = /^(итого|всего)(?![\p{L}\p{N}])/iu;

const stagedCell = (cell: CellText | null): StagedCell => {
  if (cell === null) return null;
  if (cell.problem) return [cell.problem, cell.text];
  return cell.kind === 'error' ? ['error', cell.text] : cell.text;
};

const textOf = (cell: StagedCell | undefined): string | null =>
  cell === null || cell === undefined ? null : typeof cell === 'string' ? cell : cell[1];

/** Numbers documents as they are met, on whatever sheet. A row that names none is a document of its own, to be refused by itself. */
class DocumentNumbers {
  readonly #kind: KindOfUpload;
  readonly #known = new Map<string, number>();
  count = 0;

  constructor(kind: KindOfUpload) {
    this.#kind = kind;
  }

  of(section: string, keys: readonly string[], content: readonly StagedCell[]): number {
    if (this.#kind.reference?.includes(section)) return 0;
    const name = this.#kind.keyOf(section, (key) => textOf(content[keys.indexOf(key)])?.trim() || null);
    const known = name === null ? undefined : this.#known.get(name);
    if (known !== undefined) return known;
    this.count += 1;
    if (name !== null) this.#known.set(name, this.count);
    return this.count;
  }
}
