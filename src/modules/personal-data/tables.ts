import type { Generated } from 'kysely';
import type { FileId, Id, PersonId } from '../../platform/ids.ts';

export type ExportId = Id<'data export'>;
export type ExportState = 'ordered' | 'running' | 'ready' | 'failed' | 'gone';

export interface DataExportTable {
  person_id: PersonId;
  export_id: ExportId;
  state: ExportState;
  done: Generated<number>;
  parts: number;
  attempts: Generated<number>;
  file_id: FileId | null;
  size_bytes: bigint | null;
  ordered_at: Date;
  changed_at: Date;
  until: Date | null;
}

export interface ErasureTable {
  person_id: PersonId;
  cause: 'asked' | 'consent_withdrawn';
  asked_at: Date;
  done: Generated<string[]>;
  finished_at: Date | null;
  released: Generated<string[]>;
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    data_export: DataExportTable;
    erasure: ErasureTable;
  }
}
