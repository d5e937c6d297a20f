import { appealsPart } from './modules/appeals/index.ts';
import { billingPart } from './modules/billing/index.ts';
import { connectionsPart } from './modules/connections/index.ts';
import { identityPart } from './modules/identity/index.ts';
import { metersPart } from './modules/meters/index.ts';
import { noticesPart } from './modules/notices/index.ts';
import { organisationsPart } from './modules/organisations/index.ts';
import { paymentsPart } from './modules/payments/index.ts';
import { journalPart } from './modules/personal-data/index.ts';
import { staffPart } from './modules/staff/index.ts';
import type { PersonPart } from './platform/person-part.ts';

/**
 * What every module holds of a person, in the order of the archive and of the deletion: readings are found by the links, so the links go
 * after them; letters and archives go last. A table that is in none of these fails the tests.
 */
export const personParts: readonly PersonPart[] = [
  identityPart,
  organisationsPart,
  staffPart,
  metersPart,
  billingPart,
  paymentsPart,
  appealsPart,
  connectionsPart,
  noticesPart,
  journalPart,
];
