import type { AccountId } from '../../../platform/ids.ts';
import { QUOTE } from '../upload.ts';
import type { Note } from '../work.ts';
import type { PayerLook, PayerRow } from './bill-payers.ts';

/** One column names the account of a device: by the provider's number, by ЕЛС or by ЖКУ id. */
export interface AccountRow {
  readonly sheet: number;
  readonly row: number;
  readonly values: { account: string | null };
}

export const payerRow = ({ sheet, row, values }: AccountRow): PayerRow => ({
  sheet,
  row,
  values: { account: null, serviceId: values.account, uid: null },
});

/** Spreadsheets drop zeros in front of what they take for a number: whoever reads this sees what came of the cell. */
export const accountNotFound = (number: string | null): string =>
  `лицевой счёт не найден среди счетов вашей организации: проверьте номер, нули в начале таблица могла убрать${number === null ? '' : `${QUOTE}${number.slice(0, 40)}»)`}`;

/** The organisation's own account that a row names; null with a note when there is none, or it cannot be told which. */
export function accountOf(look: PayerLook, row: AccountRow, notes: Note[]): AccountId | null {
  const said: Note[] = [];
  const found = look.payerOf(payerRow(row), said);
  notes.push(...said.map((note) => ({ ...note, key: 'account' })));
  return found?.accountId ?? null;
}
