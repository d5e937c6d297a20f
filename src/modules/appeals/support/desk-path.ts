import { access } from '../access.ts';

export const DESK = '/administration/support';

/** Pages of the desk. */
export const atDesk = { config: { access: access.answerSupport, sensitive: true } };
