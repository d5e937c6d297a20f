export { registerApplicationsDesk } from './applications/administration.tsx';
export { registerApplications } from './applications/public.tsx';
export { registerHeads } from './employees/administration.tsx';
export { registerInvitationLink } from './employees/public.tsx';
export { registerEmployees } from './employees/workplace.tsx';
export { type BankSet, selectPendingChange as findPendingRequisite } from './queries/requisites.ts';
export { registerLonelyRequisites } from './requisites/administration.tsx';
export { offerRequisite } from './requisites/offer-requisite.ts';
export { registerRequisites } from './requisites/workplace.tsx';
