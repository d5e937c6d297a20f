/** What the administrator sees of the installation as a whole. */
export { registerInstallation } from './administration.tsx';
