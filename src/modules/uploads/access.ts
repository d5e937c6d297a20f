import type { Role } from '../../platform/access.ts';

/** Which kinds of files each of them may deal with is said by `mayUpload`. */
const WITH_FILES = ['clerk', 'head', 'accountant', 'dispatcher', 'centre'] as const satisfies readonly Role[];

export const access = {
  viewUploads: WITH_FILES,
  storeUpload: WITH_FILES,
  mapHeadings: WITH_FILES,
  decideUpload: WITH_FILES,
  takeTemplate: WITH_FILES,
  /** Whoever answers for the money, and only of kinds that are theirs. */
  undoUpload: ['head', 'accountant'],
} as const satisfies Record<string, readonly Role[]>;
