export { registerApplicationsDesk } from './applications/administration.tsx';
export { registerApplications } from './applications/public.tsx';
export { registerHeads } from './employees/administration.tsx';
export { registerInvitationLink } from './employees/public.tsx';
export { registerEmployees } from './employees/workplace.tsx';
