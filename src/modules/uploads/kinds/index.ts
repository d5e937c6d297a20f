import type { UploadKind } from '../upload.ts';
import type { KindOfUpload } from '../work.ts';
import { accounts } from './accounts.ts';
import { bills } from './bills.ts';
import { houses } from './houses.ts';
import { meters } from './meters.ts';
import { organisation } from './organisation.ts';
import { readings } from './readings.ts';

/** What can be uploaded. */
export const kinds: Readonly<Record<UploadKind, KindOfUpload>> = {
  organisation,
  houses,
  accounts,
  bills,
  meters,
  readings,
};
