export { access as connectionsAccess } from './access.ts';
export { sweepTries } from './jobs.ts';
export { connectionsPart } from './person-part.ts';
export { selectClaimsOf as claimsOfAccounts } from './queries/claims-of-accounts.ts';
export { countOpenClaims, selectLinks as readLinks } from './queries.ts';
export { registerConnections } from './resident.tsx';
export { tellConnectedJob } from './tell-person.ts';
export { registerClaims } from './workplace.tsx';
