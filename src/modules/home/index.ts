export { registerHome } from './public.tsx';
export { registerDesk } from './workplace.tsx';
