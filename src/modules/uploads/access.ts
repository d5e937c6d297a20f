import type { Role } from '../../platform/access.ts';

export const access = {
  viewUploads: ['clerk', 'head'],
  storeUpload: ['clerk', 'head'],
  mapHeadings: ['clerk', 'head'],
  decideUpload: ['clerk', 'head'],
  takeTemplate: ['clerk', 'head'],
} as const satisfies Record<string, readonly Role[]>;
