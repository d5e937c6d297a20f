export { auditLook, type HomeOfLook, type Look } from './look.ts';
/** Writes an audit event in the caller's transaction. For reading personal data of others there is `auditLook`. */
export { type AuditEvent, insertAuditEvent as audit } from './queries/events.ts';
export {
  type Looked,
  type LookFilter,
  type MineAtHouse,
  selectHomeLooks as homeLooks,
  selectHomeViewers as homeViewers,
  selectPersonLooks as personLooks,
  selectPersonViewers as personViewers,
} from './queries/looks.ts';
