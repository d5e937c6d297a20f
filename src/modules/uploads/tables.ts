import type { ColumnType, Generated } from 'kysely';
import type { FileId, OrganisationId, PersonId, UploadId } from '../../platform/ids.ts';

export interface UploadTable {
  organisation_id: OrganisationId;
  upload_id: UploadId;
  kind: 'organisation' | 'houses' | 'accounts' | 'bills';
  state:
    | 'stored'
    | 'reading'
    | 'needs_mapping'
    | 'checked'
    | 'applying'
    | 'applied'
    | 'refused'
    | 'failed'
    | 'cancelled';
  policy: 'all_or_nothing' | 'good_ones' | null;
  file_id: FileId;
  file_name: string;
  result_file_id: FileId | null;
  uploaded_by: PersonId;
  rows_total: Generated<number>;
  rows_read: Generated<number>;
  documents_total: Generated<number>;
  documents_new: Generated<number>;
  documents_changed: Generated<number>;
  documents_same: Generated<number>;
  documents_bad: Generated<number>;
  problem: string | null;
  details: ColumnType<unknown, string | undefined, string>;
  created_at: Date;
  changed_at: Date;
}

export interface UploadRowTable {
  organisation_id: OrganisationId;
  upload_id: UploadId;
  sheet: number;
  row_number: number;
  document_key: string;
  section: string;
  content: ColumnType<unknown, string, string>;
  verdict: 'new' | 'changed' | 'same' | 'bad' | 'applied' | 'skipped';
  message: Generated<string>;
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
    upload_mapping: UploadMappingTable;
  }
}
