import type { AppealWhole } from './appeal.ts';

/** What the author may do with an appeal as it stands; the use cases check the same. */
export interface AuthorActions {
  withdraw: boolean;
  assess: boolean;
  reopen: boolean;
  tellFixed: boolean;
}

export function authorActions(_whole: AppealWhole): AuthorActions {
  throw new Error('not written yet');
}
