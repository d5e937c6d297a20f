/** Personal data stay hidden from staff until they say for what they open a record. */
export {
  conceal,
  DISCLOSED_MINUTES,
  type Disclosed,
  type DisclosedRecord,
  disclose,
  disclosedTo,
  recordOfAccount,
  recordOfPremises,
} from './disclose.ts';
export { isPurpose, type Purposes, readPurpose, STAFF_PURPOSES } from './purposes.ts';
