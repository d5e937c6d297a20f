import type { ColumnType, Generated } from 'kysely';
import type { AccountId, DocumentId, FileId, HouseId, OrganisationId, PersonId, UploadId } from '../../platform/ids.ts';

export interface UploadTable {
  organisation_id: OrganisationId;
  upload_id: UploadId;
  kind: 'organisation' | 'houses' | 'accounts' | 'bills' | 'meters' | 'readings';
  state:
    | 'stored'
    | 'reading'
    | 'needs_mapping'
    | 'checked'
    | 'applying'
    | 'applied'
    | 'undone'
    | 'refused'
    | 'failed'
    | 'cancelled';
  policy: 'all_or_nothing' | 'good_ones' | null;
  file_id: FileId;
  file_name: string;
  result_file_id: FileId | null;
  result_name: string | null;
  uploaded_by: PersonId;
  house_ids: ColumnType<HouseId[] | null, HouseId[] | null | undefined, never>;
  through_id: OrganisationId | null;
  attempts: Generated<number>;
  rows_total: Generated<number>;
  rows_read: Generated<number>;
  documents_total: Generated<number>;
  documents_new: Generated<number>;
  documents_changed: Generated<number>;
  documents_same: Generated<number>;
  documents_bad: Generated<number>;
  documents_applied: Generated<number>;
  problem: string | null;
  details: ColumnType<unknown, string | undefined, string>;
  created_at: Date;
  changed_at: Date;
  /** What it found before it wrote is kept, so that it can be taken back. */
  traced: Generated<boolean>;
}

export interface UploadUndoTable {
  organisation_id: OrganisationId;
  upload_id: UploadId;
  state: 'looking' | 'looked' | 'undoing' | 'done';
  figures: ColumnType<Record<string, string>, string, string>;
  dependents: Generated<number>;
  houses_total: Generated<number>;
  houses_done: Generated<number>;
  attempts: Generated<number>;
  problem: string | null;
  asked_by: PersonId;
  asked_at: Date;
  looked_at: Date | null;
  reason: string | null;
  decided_by: PersonId | null;
  decided_at: Date | null;
  done_at: Date | null;
  changed_at: Date;
}

export interface UploadDependentTable {
  organisation_id: OrganisationId;
  upload_id: UploadId;
  position: number;
  kind: string;
  title: string;
  what: string;
  house_id: HouseId | null;
  account_id: AccountId | null;
  document_id: DocumentId | null;
  other_upload_id: UploadId | null;
}

export interface UploadChangeTable {
  organisation_id: OrganisationId;
  upload_id: UploadId;
  house_id: HouseId | null;
  entity: 'house' | 'premises' | 'room' | 'entrance' | 'lift' | 'account' | 'meter' | 'organisation';
  entity_id: string;
  before: ColumnType<Record<string, unknown> | null, string | null, never>;
  after: ColumnType<Record<string, unknown>, string, never>;
}

export interface UploadRowTable {
  organisation_id: OrganisationId;
  upload_id: UploadId;
  document: number;
  sheet: number;
  row_number: number;
  content: ColumnType<unknown, string, string>;
}

export interface UploadDocumentTable {
  organisation_id: OrganisationId;
  upload_id: UploadId;
  document: number;
  title: string;
  house_id: HouseId | null;
  verdict: 'new' | 'changed' | 'same' | 'bad';
  applied: Generated<boolean>;
  fills: ColumnType<unknown, string, string>;
}

export interface UploadNoteTable {
  organisation_id: OrganisationId;
  upload_id: UploadId;
  sheet: number;
  row_number: number;
  position: number;
  document: number;
  column_number: number | null;
  wrong: boolean;
  message: string;
}

export interface UploadMappingTable {
  organisation_id: OrganisationId;
  kind: string;
  section: string;
  heading: string;
  column_key: string | null;
  changed_at: Date;
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    upload: UploadTable;
    upload_row: UploadRowTable;
    upload_document: UploadDocumentTable;
    upload_note: UploadNoteTable;
    upload_mapping: UploadMappingTable;
    upload_undo: UploadUndoTable;
    upload_dependent: UploadDependentTable;
    upload_change: UploadChangeTable;
  }
}
