import type { ColumnType, Generated } from 'kysely';
import type {
  AccountId,
  DocumentId,
  HouseId,
  OrganisationId,
  PartId,
  PersonId,
  ReceiptId,
  RequisiteId,
  UploadId,
} from '../../platform/ids.ts';
import type { Kopecks } from '../../platform/money.ts';

export type LedgerSide = 'receivable' | 'advance' | 'charges' | 'money' | 'statement';
export type LedgerKind =
  | 'bill'
  | 'negative_bill'
  | 'carried'
  | 'statement'
  | 'payment'
  | 'voluntary'
  | 'advance'
  | 'release'
  | 'withdrawal'
  | 'reversal';

export interface PaymentDocumentTable {
  house_id: HouseId;
  document_id: DocumentId;
  account_id: AccountId;
  provider_id: OrganisationId;
  number: string;
  uid: string;
  kind: 'current' | 'debt';
  form: string;
  period: string;
  state: 'exposed' | 'withdrawn';
  replaces_id: DocumentId | null;
  withdrawn_at: Date | null;
  withdrawn_reason: string | null;
  charged: Kopecks;
  penalty: Kopecks;
  opening: Kopecks | null;
  stated: Kopecks | null;
  carried: Kopecks;
  paid: Kopecks | null;
  paid_on: string | null;
  paid_through_day: number | null;
  subsidies: Kopecks | null;
  issued_at: Date;
  upload_id: UploadId | null;
  content_hash: Buffer;
  body: ColumnType<unknown, string, string>;
  /** Stands again after a correction was taken back: the version whose content it has, never one that restores itself. */
  restores_id: DocumentId | null;
  /** Withdrawn with the whole upload that brought it. */
  undone: Generated<boolean>;
}

export interface DocumentDueTable {
  house_id: HouseId;
  document_id: DocumentId;
  requisite_id: RequisiteId;
  account_id: AccountId;
  period: string;
  due: Kopecks;
  settled: Kopecks;
  stated: Kopecks | null;
  lines: number[];
  /** int8[] comes as text from the driver. */
  line_due: string[];
  line_settled: string[];
}

export interface ReceiptTable {
  house_id: HouseId;
  receipt_id: ReceiptId;
  account_id: AccountId;
  requisite_id: RequisiteId;
  source: 'payment' | 'statement' | 'negative_bill';
  amount: Kopecks;
  voluntary: Kopecks;
  period: string | null;
  part_id: PartId | null;
  person_id: PersonId | null;
  document_id: DocumentId | null;
  received_at: Date;
  reversed_at: Date | null;
}

export interface AllocationTable {
  house_id: HouseId;
  allocation_id: string;
  account_id: AccountId;
  requisite_id: RequisiteId;
  document_id: DocumentId;
  line: number;
  receipt_id: ReceiptId | null;
  amount: Kopecks;
  allocated_at: Date;
}

export interface LedgerEntryTable {
  house_id: HouseId;
  entry_id: string;
  account_id: AccountId;
  requisite_id: RequisiteId;
  debit: LedgerSide;
  credit: LedgerSide;
  amount: Kopecks;
  kind: LedgerKind;
  document_id: DocumentId | null;
  receipt_id: ReceiptId | null;
  posted_at: Date;
}

export interface AccountBalanceTable {
  house_id: HouseId;
  account_id: AccountId;
  requisite_id: RequisiteId;
  receivable: Kopecks;
  advance: Kopecks;
  updated_at: Date;
}

export interface BillViewTable {
  person_id: PersonId;
  document_id: DocumentId;
  house_id: HouseId;
  first_at: Date;
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    payment_document: PaymentDocumentTable;
    document_due: DocumentDueTable;
    receipt: ReceiptTable;
    allocation: AllocationTable;
    ledger_entry: LedgerEntryTable;
    account_balance: AccountBalanceTable;
    bill_view: BillViewTable;
  }
}
