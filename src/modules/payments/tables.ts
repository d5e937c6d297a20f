import type { ColumnType, Generated } from 'kysely';
import type {
  AccountId,
  HouseId,
  OrderId,
  OrganisationId,
  PartId,
  PaymentId,
  PersonId,
  ReceiptId,
  RequisiteId,
} from '../../platform/ids.ts';
import type { Kopecks } from '../../platform/money.ts';
import type { PaymentCause, PaymentState } from './payment.ts';

export interface PaymentOrderTable {
  person_id: PersonId;
  order_id: OrderId;
  total: Kopecks;
  mode: 'split' | 'steps';
  created_at: Date;
}

export interface PaymentTable {
  person_id: PersonId;
  payment_id: PaymentId;
  order_id: OrderId;
  position: number;
  shop_owner_id: OrganisationId;
  shop_id: string;
  amount: Kopecks;
  description: string;
  state: PaymentState;
  idempotence_key: string;
  key_expires_at: Date | null;
  lease_until: Date | null;
  external_id: string | null;
  confirmation_url: string | null;
  refusal: string | null;
  checks: Generated<number>;
  next_check_at: Date | null;
  paid_at: Date | null;
  succeeded_at: Date | null;
  posted_at: Date | null;
  reversed_at: Date | null;
  replaced_by: PaymentId | null;
  created_at: Date;
  changed_at: Date;
}

export interface PaymentPartTable {
  person_id: PersonId;
  part_id: PartId;
  order_id: OrderId;
  payment_id: PaymentId;
  position: number;
  house_id: HouseId;
  account_id: AccountId;
  requisite_id: RequisiteId;
  recipient_id: OrganisationId;
  account_number: string;
  address: string;
  transfer_account: string | null;
  period: string | null;
  amount: Kopecks;
  posted_at: Date | null;
  receipt_id: ReceiptId | null;
}

export interface PaymentEventTable {
  person_id: PersonId;
  event_id: string;
  payment_id: PaymentId;
  at: Date;
  from_state: PaymentState;
  to_state: PaymentState;
  source: PaymentCause;
  details: ColumnType<unknown, string | undefined, string>;
}

export interface ExternalPaymentTable {
  shop_id: string;
  external_id: string;
  person_id: PersonId;
  payment_id: PaymentId;
}

export interface ShopTable {
  organisation_id: OrganisationId;
  shop_id: string;
  secret_sealed: Buffer;
  mode: 'own' | 'split';
  active: boolean;
  changed_at: Date;
  /** Who asked for it, while it waits for a second person; null for one that was confirmed. */
  asked_by: Generated<PersonId | null>;
  asked_at: Generated<Date | null>;
}

export interface PaymentQuestionTable {
  organisation_id: OrganisationId;
  question_id: string;
  person_id: PersonId;
  payment_id: PaymentId;
  shop_id: string;
  external_id: string | null;
  amount: Kopecks;
  reason: string;
  details: Generated<string>;
  asked_at: Date;
  answered_at: Date | null;
  answered_by: PersonId | null;
  answer: string | null;
  note: string | null;
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    payment_order: PaymentOrderTable;
    payment: PaymentTable;
    payment_part: PaymentPartTable;
    payment_event: PaymentEventTable;
    external_payment: ExternalPaymentTable;
    shop: ShopTable;
    payment_question: PaymentQuestionTable;
  }
}
