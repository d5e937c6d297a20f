/**
 * Each table belongs to one family; the order is the order of distribution (reference tables first).
 * - reference: the same everywhere, small enough to be copied to each node
 * - look-up: keyed by its own value, finds the key of another family
 * - house, person, organisation: the key is part of the primary key and of every unique constraint
 */
export type Family = 'reference' | 'look-up' | 'house' | 'person' | 'organisation';

export const FAMILY_KEY = { house: 'house_id', person: 'person_id', organisation: 'organisation_id' } as const;

export const FAMILIES: Record<Family, readonly string[]> = {
  reference: [
    'region',
    'organisation',
    'organisation_power',
    'requisite',
    'nsi_list',
    'nsi_item',
    'dated_rule',
    'calendar_day',
    'legal_text',
    'address_type',
    'address_object',
    'address_house',
    'address_premises',
    'address_load',
    'address_unlinked',
  ],
  'look-up': [
    'identity',
    'sign_in_attempt',
    'house_address',
    'unified_number',
    'provider_account',
    'external_payment',
    'stored_file',
    'idempotency_key',
    'demo_run',
  ],
  person: [
    'person',
    'session',
    'acceptance',
    'account_link',
    'connect_attempt',
    'audit_event',
    'mail_message',
    'payment_order',
    'payment',
    'payment_part',
    'payment_event',
  ],
  house: [
    'house',
    'house_version',
    'entrance',
    'lift',
    'premises',
    'room',
    'ownership',
    'account',
    'account_place',
    'account_basis',
    'account_code',
    'failed_proof',
    'payment_document',
    'document_due',
    'receipt',
    'allocation',
    'ledger_entry',
    'account_balance',
  ],
  organisation: [
    'employee',
    'organisation_house',
    'shop',
    'payment_question',
    'upload',
    'upload_row',
    'upload_document',
    'upload_note',
    'upload_mapping',
    'connection_claim',
  ],
};
