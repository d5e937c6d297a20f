/** What a sheet of an organisation's workbook holds. The layouts themselves belong to the modules that read them. */
export interface WorkbookLayout {
  readonly sheets: readonly SheetLayout[];
}

export interface SheetLayout {
  readonly name: string;
  readonly synonyms?: readonly string[];
  readonly columns: readonly ColumnLayout[];
  /** Whether the workbook must have it. Templates list their other sheets as optional. */
  readonly required?: boolean;
}

export interface ColumnLayout {
  readonly key: string;
  /** Group headings first, the heading last: ['Договор социального найма', 'Номер']. */
  readonly path: readonly string[];
  readonly required?: boolean;
  /** Other wordings, each a path of its own: of earlier releases, of other programs. */
  readonly synonyms?: readonly (readonly string[])[];
  /** How our template formats it. `identifier`: digits that are no number (account, БИК, GUID), kept as text. */
  readonly kind?: 'text' | 'identifier' | 'number' | 'money' | 'date' | 'month';
  /** The values of a drop-down list. */
  readonly options?: readonly string[];
  /** What to type, in a sentence: a comment in our template. */
  readonly hint?: string;
  /** In characters. */
  readonly width?: number;
}

/** The heading of the column where we answer; the state's templates have the same. */
export const STATUS_HEADING = 'Статус обработки';
