export { sweepTries } from './jobs.ts';
export { countOpenClaims, selectLinks as readLinks } from './queries.ts';
export { registerConnections } from './resident.tsx';
export { registerClaims } from './workplace.tsx';
