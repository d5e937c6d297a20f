export { access as appealsAccess } from './access.ts';
