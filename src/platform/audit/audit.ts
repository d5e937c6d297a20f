/** Writes an audit event in the caller's transaction. Also when somebody other than the person reads personal data. */
export { type AuditEvent, insertAuditEvent as audit } from './queries.ts';
