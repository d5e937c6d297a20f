import type { MeterRow, MoreResourceRow } from '../layouts/meters.ts';
import type { Note } from '../work.ts';

type MeterKey = keyof MeterRow['values'];

/** The columns of fields whose names differ. */
const COLUMNS: Readonly<Record<string, MeterKey>> = {
  premisesId: 'number',
  roomId: 'roomNumber',
  accounts: 'account',
  resources: 'resource',
  verificationInterval: 'interval',
  meter: 'meterNumber',
};

export const inCell = ({ sheet, row }: Pick<MeterRow, 'sheet' | 'row'>, key: string, message: string): Note => ({
  sheet,
  row,
  key,
  wrong: true,
  message,
});

/** «Укажите заводской номер прибора.» goes on after a colon. */
export const inSentence = (message: string): string =>
  `${message.charAt(0).toLowerCase()}${message.slice(1)}`.replace(/\.$/, '');

/** What the check of a card says, in the cell that it means. */
export function noteOfField(field: string, message: string, row: MeterRow, more: readonly MoreResourceRow[]): Note {
  const [, place, part] = /^resources\.(\d+)\.(unit|base)$/.exec(field) ?? [];
  const extra = place === undefined ? undefined : more[Number(place) - 1];
  if (extra) return inCell(extra, part!, inSentence(message));
  if (part) return inCell(row, part === 'base' ? 'base1' : 'unit', inSentence(message));
  return inCell(row, COLUMNS[field] ?? field, inSentence(message));
}
