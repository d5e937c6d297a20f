export { registerHome } from './public.tsx';
export { registerWhy } from './why/why.tsx';
export { registerDesk } from './workplace.tsx';
