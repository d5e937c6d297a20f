export { registerSupportDesk } from './desk.tsx';
export { registerSupport } from './public.tsx';
