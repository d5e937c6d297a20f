import type { UploadKind } from '../upload.ts';
import { bills } from './bills.ts';
import { readings } from './readings.ts';
import type { Reversal } from './reversal.ts';

export const reversals: Readonly<Partial<Record<UploadKind, Reversal>>> = { bills, readings };
