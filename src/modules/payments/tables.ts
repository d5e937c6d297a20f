import type { ColumnType } from 'kysely';
import type {
  AccountId,
  HouseId,
  OrderId,
  OrganisationId,
  PartId,
  PaymentId,
  PersonId,
  RequisiteId,
} from '../../platform/ids.ts';
import type { Kopecks } from '../../platform/money.ts';

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
  shop_id: string;
  amount: Kopecks;
  state: 'new' | 'creating' | 'awaiting_payer' | 'succeeded' | 'declined' | 'abandoned' | 'needs_person';
  idempotence_key: string;
  key_expires_at: Date;
  external_id: string | null;
  confirmation_url: string | null;
  refusal: string | null;
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
  period: string | null;
  amount: Kopecks;
  posted_at: Date | null;
}

export interface PaymentEventTable {
  person_id: PersonId;
  event_id: string;
  payment_id: PaymentId;
  at: Date;
  from_state: string;
  to_state: string;
  source: string;
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
}

export interface PaymentQuestionTable {
  organisation_id: OrganisationId;
  question_id: string;
  person_id: PersonId;
  payment_id: PaymentId;
  reason: string;
  asked_at: Date;
  answered_at: Date | null;
  answered_by: PersonId | null;
  answer: string | null;
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
