import type { OrganisationTable } from './tables.ts';

/** The card of an organisation (S-ORG), without its keys. */
export type OrganisationCard = Pick<OrganisationTable, 'ogrn' | 'inn' | 'kind' | 'full_name' | 'short_name'> & {
  kpp: string;
} & Partial<
    Pick<
      OrganisationTable,
      | 'registered_on'
      | 'legal_address'
      | 'actual_address'
      | 'postal_address'
      | 'phone'
      | 'fax'
      | 'email'
      | 'site'
      | 'dispatcher_phone'
      | 'dispatcher_hours'
      | 'reception_hours'
      | 'region_code'
      | 'split_account'
    >
  >;
