/** What the administrator sees of the store of files. */
export { registerStorage } from './administration.tsx';
