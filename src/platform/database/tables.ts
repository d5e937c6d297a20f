import type { ColumnType, Generated } from 'kysely';
import type { AccountId, FileId, HouseId, OrganisationId, PersonId } from '../ids.ts';

export interface RegionTable {
  region_code: string;
  name: string;
  fias_guid: string | null;
  oktmo: string | null;
  zone: string;
}

export interface NsiListTable {
  registry: number;
  name: string;
}

export interface NsiItemTable {
  registry: number;
  guid: string;
  code: string;
  name: string;
  actual: boolean;
  fields: ColumnType<unknown, string, string>;
  parent_guid: string | null;
  parent_position: number | null;
  position: number;
}

export interface DatedRuleTable {
  rule_id: string;
  key: string;
  scope: 'federal' | 'region' | 'municipality' | 'organisation' | 'house' | 'contract';
  scope_id: Generated<string>;
  valid_from: string | null;
  valid_to: string | null;
  value: string;
  unit: Generated<string>;
  source: string;
  mark: 'checked' | 'unchecked' | 'operator';
  mandatory: Generated<boolean>;
}

export interface CalendarDayTable {
  day: string;
  working: boolean;
  source: string;
}

export interface AuditEventTable {
  person_id: PersonId;
  event_id: string;
  at: Date;
  action: string;
  organisation_id: OrganisationId | null;
  subject_person_id: PersonId | null;
  house_id: HouseId | null;
  account_id: AccountId | null;
  details: ColumnType<unknown, string | undefined, string>;
}

export interface MailMessageTable {
  person_id: PersonId;
  mail_id: string;
  recipient: string;
  subject: string;
  body: string;
  kind: Generated<string>;
  content: ColumnType<unknown, string | null, string | null>;
  unsubscribe_url: string | null;
  created_at: Date;
  sent_at: Date | null;
  attempts: Generated<number>;
  refused_at: Date | null;
  refusal: string | null;
}

export interface RefusedAddressTable {
  address: string;
  refused_at: Date;
  refusal: string;
}

export interface StoredFileTable {
  file_id: FileId;
  name: string;
  media_type: string;
  size_bytes: bigint;
  sha256: Buffer;
  created_at: Date;
  verdict: Generated<'none' | 'waiting' | 'clean' | 'unscanned' | 'unreadable' | 'infected'>;
  judged_at: Date | null;
  threat: string | null;
  shown_id: FileId | null;
  tries: Generated<number>;
  problem: string | null;
  checked_at: Date | null;
  damage: 'missing' | 'changed' | 'unreadable' | null;
}

export interface ArrivingFileTable {
  file_id: FileId;
  begun_at: Date;
  size_bytes: Generated<bigint>;
  pieces: Generated<FileId[]>;
}

export interface FileScannerTable {
  address: string;
  tried_at: Date;
  problem: string | null;
}

export interface IdempotencyKeyTable {
  key: string;
  request_hash: Buffer;
  result: ColumnType<unknown, string, string>;
  created_at: Date;
}

declare module './database.ts' {
  interface Tables {
    region: RegionTable;
    nsi_list: NsiListTable;
    nsi_item: NsiItemTable;
    dated_rule: DatedRuleTable;
    calendar_day: CalendarDayTable;
    audit_event: AuditEventTable;
    mail_message: MailMessageTable;
    refused_address: RefusedAddressTable;
    stored_file: StoredFileTable;
    arriving_file: ArrivingFileTable;
    file_scanner: FileScannerTable;
    idempotency_key: IdempotencyKeyTable;
  }
}
