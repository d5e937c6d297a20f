export { type Capacity, fullName, missingForConfirmed, type Person, safeReturnTo } from './identity.ts';
export { sweepSessions, sweepSignInAttempts } from './jobs.ts';
export { loadLegalTexts } from './load-legal-texts.ts';
export { openGuestSession } from './open-guest-session.ts';
export { identityPart } from './person-part.ts';
export { type IdentityProvider, openIdProvider, probeIdentityProvider } from './provider.ts';
export { registerSignIn } from './public.tsx';
export { keepAfterWithdrawal as endWaiting, selectWithdrawnBefore as dueWithdrawals } from './queries/consents.ts';
export { blankPerson, deleteIdentitiesOf as forgetIdentities, lockPerson } from './queries/erasing.ts';
export {
  insertGuest as addGuest,
  selectNames as readNames,
  selectPeopleOfSubjects as listPeople,
  selectPerson as readPerson,
  selectSubjectsByEmail as findSubjects,
} from './queries/people.ts';
export { endAllSessions, endSessionsOf } from './queries/sessions.ts';
export { registerProfile } from './resident.tsx';
export { forgetSession, formatToken, identify, openSession, SESSION_COOKIE, setSessionCookie } from './session.ts';
export { ConfirmationNotice } from './settings-page.tsx';
