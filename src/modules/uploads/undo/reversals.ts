import type { UploadKind } from '../upload.ts';
import { accounts } from './accounts.ts';
import { bills } from './bills.ts';
import { houses } from './houses.ts';
import { meters } from './meters.ts';
import { organisation } from './organisation.ts';
import { readings } from './readings.ts';
import type { Reversal } from './reversal.ts';

export const reversals: Readonly<Record<UploadKind, Reversal>> = {
  organisation,
  houses,
  accounts,
  bills,
  meters,
  readings,
};
