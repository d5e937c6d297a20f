import type { Generated } from 'kysely';
import type { PersonId } from '../../platform/ids.ts';
import type { Channel, NoticeKindName } from './kinds.ts';
import type { DeviceId, NoticeId, PushId } from './notice.ts';

export interface NoticeTable {
  person_id: PersonId;
  notice_id: NoticeId;
  kind: NoticeKindName;
  object: string;
  mail_id: string | null;
  created_at: Date;
}

export interface NoticeChoiceTable {
  person_id: PersonId;
  kind: NoticeKindName;
  channel: Channel;
  wanted: boolean;
  changed_at: Date;
}

export interface NoticeAddressTable {
  person_id: PersonId;
  address: string;
  confirmed_at: Date;
}

export interface NoticeAddressProofTable {
  person_id: PersonId;
  address: string;
  secret_hash: Buffer;
  asked_at: Date;
  expires_at: Date;
  used_at: Date | null;
  asked_times: number;
  counted_from: Date;
}

export interface PushKeyTable {
  name: string;
  public_key: string;
  sealed_private: Buffer;
  created_at: Date;
}

export interface PushDeviceTable {
  person_id: PersonId;
  device_id: DeviceId;
  endpoint: string;
  p256dh: string;
  auth: string;
  server_key: string;
  label: string;
  created_at: Date;
  reached_at: Date | null;
}

export interface PushEndpointTable {
  endpoint_hash: Buffer;
  person_id: PersonId;
  device_id: DeviceId;
}

export interface PushMessageTable {
  person_id: PersonId;
  push_id: PushId;
  notice_id: NoticeId;
  device_id: DeviceId;
  kind: NoticeKindName;
  title: string;
  body: string;
  path: string;
  created_at: Date;
  sent_at: Date | null;
  attempts: Generated<number>;
  refused_at: Date | null;
  refusal: string | null;
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    notice: NoticeTable;
    notice_choice: NoticeChoiceTable;
    notice_address: NoticeAddressTable;
    notice_address_proof: NoticeAddressProofTable;
    push_key: PushKeyTable;
    push_device: PushDeviceTable;
    push_endpoint: PushEndpointTable;
    push_message: PushMessageTable;
  }
}
