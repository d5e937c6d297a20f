export { registerHeads } from './employees/administration.tsx';
export { registerInvitationLink } from './employees/public.tsx';
export { registerEmployees } from './employees/workplace.tsx';
