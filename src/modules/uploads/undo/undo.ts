import type { AccountId, DocumentId, HouseId, PersonId, UploadId } from '../../../platform/ids.ts';
import type { UploadUndoTable } from '../tables.ts';
import type { UploadKey, UploadKind } from '../upload.ts';

/** What taking an upload back changes: whole numbers by name, «asked» in kopecks. */
export type FigureName =
  | 'documents'
  | 'asked'
  | 'restored'
  | 'accounts'
  | 'people'
  | 'closed'
  | 'removed'
  | 'readings'
  | 'back'
  | 'meters'
  | 'archived'
  | 'houses'
  | 'fields';
export type Figures = Partial<Record<FigureName, bigint>>;

/** Something that stands on what an upload brought: while there is any, it cannot be taken back. */
export interface Dependent {
  kind: DependentKind;
  /** What it is about: «ЛС № 12, ул. Лескова, д. 3». */
  title: string;
  /** What depends, in a sentence without its full stop. */
  what: string;
  houseId?: HouseId | null;
  accountId?: AccountId | null;
  documentId?: DocumentId | null;
  /** The upload that has to be taken back before this one. */
  otherUploadId?: UploadId | null;
}

export const DEPENDENT_NAMES = {
  paid: 'Оплачено',
  under_way: 'Идёт оплата',
  later_bill: 'Есть более поздняя квитанция',
  later_change: 'Изменено позже',
  used: 'Уже используется',
  reading: 'Переданы показания',
  link: 'Подключён житель',
  claim: 'Заявка жителя',
} as const;
export type DependentKind = keyof typeof DEPENDENT_NAMES;

export type UndoState = UploadUndoTable['state'];
/** States that a job will change without the clerk. */
export const RUNNING_UNDO: readonly UndoState[] = ['looking', 'undoing'];

export interface Undo extends UploadKey {
  state: UndoState;
  figures: Figures;
  dependents: number;
  housesTotal: number;
  housesDone: number;
  attempts: number;
  problem: string | null;
  askedBy: PersonId;
  askedAt: Date;
  lookedAt: Date | null;
  reason: string | null;
  decidedBy: PersonId | null;
  decidedAt: Date | null;
  doneAt: Date | null;
  changedAt: Date;
}

/** How the note of an account begins that is closed with its upload. */
export const UNDONE_NOTE = 'Загрузка отменена: ';

/** What was found of an upload in one house. */
export interface Found {
  figures: Figures;
  dependents: Dependent[];
}

export interface Order extends UploadKey {
  reason: string;
  by: PersonId;
}

export const add = (a: Figures, b: Figures): Figures => {
  const sums: Figures = { ...a };
  for (const [name, amount] of Object.entries(b) as [FigureName, bigint][]) sums[name] = (sums[name] ?? 0n) + amount;
  return sums;
};

/** What somebody has seen and agreed to, as one word: people who will be told are no part of it. */
export const signatureOf = (figures: Figures): string =>
  (Object.entries(figures) as [FigureName, bigint][])
    .filter(([name, amount]) => name !== 'people' && amount !== 0n)
    .map(([name, amount]) => `${name}:${amount}`)
    .sort()
    .join(' ');

/** Kinds whose rows say themselves which upload brought them; the others need the trace that applying them has kept. */
const SAYS_ITSELF: readonly UploadKind[] = ['bills', 'readings'];

/** Why an applied upload cannot be taken back at all; null when it may be. */
export const whyNever = ({ kind, traced }: { kind: UploadKind; traced: boolean }): string | null =>
  traced || SAYS_ITSELF.includes(kind)
    ? null
    : 'Что стояло до этой загрузки, не сохранилось: она сделана до того, как Домовой начал это записывать, или прошло больше полугода. Загрузите файл с верными данными.';
