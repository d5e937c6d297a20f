import type { HouseScope } from '../../platform/access.ts';
import type { FileId, OrganisationId, PersonId, UploadId } from '../../platform/ids.ts';
import type { HeadingPlace } from '../../platform/workbook/index.ts';
import type { UploadTable } from './tables.ts';

export type UploadKind = UploadTable['kind'];
export type UploadState = UploadTable['state'];
export type UploadPolicy = NonNullable<UploadTable['policy']>;
export type Verdict = 'new' | 'changed' | 'same' | 'bad';

export const UPLOAD_KINDS = [
  'organisation',
  'houses',
  'accounts',
  'bills',
  'meters',
  'readings',
] as const satisfies readonly UploadKind[];

/** Of a file as it comes: unpacked it may be larger. */
export const FILE_LIMIT = 64 * 1024 * 1024;
/** Rows of data on one sheet. */
export const SHEET_ROWS = 100_000;
/** Of one step (reading, applying): after this many deaths the upload has failed. */
export const MOST_ATTEMPTS = 3;

/** Where an upload may go from each state. Reading is repeated after a crash; a checked upload may be read again by nobody. */
export const TRANSITIONS: Readonly<Record<UploadState, readonly UploadState[]>> = {
  stored: ['reading', 'failed', 'cancelled'],
  reading: ['reading', 'needs_mapping', 'checked', 'refused', 'failed'],
  needs_mapping: ['stored', 'cancelled'],
  checked: ['applying', 'cancelled'],
  applying: ['applied', 'checked', 'failed'],
  // Taken back whole, after a decision of its own (undo/).
  applied: ['undone'],
  undone: [],
  refused: [],
  failed: [],
  cancelled: [],
};

/** States that a job will change without the clerk. */
export const RUNNING: readonly UploadState[] = ['stored', 'reading', 'applying'];

export const KIND_NAMES: Readonly<Record<UploadKind, string>> = {
  organisation: 'Реквизиты организации',
  houses: 'Дома и помещения',
  accounts: 'Лицевые счета',
  bills: 'Платёжные документы',
  meters: 'Приборы учёта',
  readings: 'Показания приборов',
};

/** What the kinds count: «12 документов». */
export const THINGS: Readonly<Record<UploadKind, readonly [string, string, string]>> = {
  organisation: ['карточка', 'карточки', 'карточек'],
  houses: ['дом', 'дома', 'домов'],
  accounts: ['счёт', 'счёта', 'счетов'],
  bills: ['документ', 'документа', 'документов'],
  meters: ['прибор', 'прибора', 'приборов'],
  readings: ['показание', 'показания', 'показаний'],
};

/** A sheet of the workbook that is read: which of its columns are which. */
export interface ReadSheet {
  index: number;
  name: string;
  section: string;
  /** Keys of the layout in the order of a staged row, and the 0-based columns of the file where they stand. */
  keys: string[];
  columns: number[];
  /** 1-based, inclusive. */
  headingRows: { top: number; bottom: number };
  statusColumn: number | null;
}

/** A heading that nobody knows yet, and the columns it might be. */
export interface OpenHeading {
  section: string;
  sheet: string;
  column: number;
  path: string[];
  choices: string[];
}

/** A sheet on which the headings were not found, or hardly: the clerk says where they stand. */
export interface AskedSheet {
  section: string;
  sheet: string;
  /** The first rows of the sheet, shortened; `heading`: one that headings may begin in. */
  rows: { row: number; text: string; heading: boolean }[];
  /** Where one heading was recognised, if any; data below them is null when that row is not among the shown. */
  guess: HeadingPlace | null;
  /** The workbook has other sheets, and says something without this one. */
  optional: boolean;
}

/** What the clerk said of such a sheet of this file; null: it is not to be read. */
export interface SheetPlace {
  sheet: string;
  place: HeadingPlace | null;
}

export interface Difference {
  title: string;
  what: string;
  before: string;
  after: string;
}

export interface UploadDetails {
  sheets?: ReadSheet[];
  open?: OpenHeading[];
  missing?: { section: string; sheet: string; keys: string[] }[];
  asked?: AskedSheet[];
  places?: SheetPlace[];
  differences?: Difference[];
  /** Rows that a filter or a hand has hidden: they are read like the others. */
  hiddenRows?: number;
  /** Premises that nobody has described, and that loading would make: all of them, and the first of them by name. */
  newPlaces?: { count: number; first: string[] };
  /** What bills ask for their periods, in kopecks as text: JSON has no bigint. */
  sums?: Partial<Record<Verdict, string>>;
  /** Accounts whose bills ask for less in all than is owed, in kopecks as text: all of them, and those that lose most. */
  lowered?: { accounts: number; amount: string; first: { account: string; amount: string }[] };
}

export interface Upload {
  organisationId: OrganisationId;
  uploadId: UploadId;
  kind: UploadKind;
  state: UploadState;
  policy: UploadPolicy | null;
  fileId: FileId;
  fileName: string;
  resultFileId: FileId | null;
  resultName: string | null;
  uploadedBy: PersonId;
  /** The houses that whoever sent it was limited to: rows of others are refused. */
  houses: HouseScope;
  /** The settlement centre that sent it for the organisation. */
  throughId: OrganisationId | null;
  attempts: number;
  rowsTotal: number;
  rowsRead: number;
  documents: Record<'total' | Verdict | 'applied', number>;
  problem: string | null;
  details: UploadDetails;
  createdAt: Date;
  changedAt: Date;
  /** What it found before it wrote is kept, so that it can be taken back. */
  traced: boolean;
}

/** What names an upload in jobs and queries. */
export type UploadKey = Pick<Upload, 'organisationId' | 'uploadId'>;

/** «A», «AB»: a 0-based column as spreadsheets name it. */
export function columnLetter(column: number): string {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}

/** Begins the cell's own text after what is wrong with it. */
export const QUOTE = ' (сейчас «';
