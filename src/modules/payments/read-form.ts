import { z } from 'zod';
import { type FieldError, Invalid } from '../../platform/errors.ts';
import { parse } from '../../platform/http/forms.ts';
import { type AccountId, isUuid, type RequisiteId } from '../../platform/ids.ts';
import { parseRubles, ZERO } from '../../platform/money.ts';
import { month } from '../../platform/month.ts';
import { type ChosenSum, checkSums, type PaymentWish, sumField } from './start-payment.ts';

const Frame = z.looseObject({
  _key: z.uuid({ error: 'Откройте страницу оплаты заново' }),
  period: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .transform(month)
    .optional()
    .catch(undefined),
});

/**
 * Reads the sums of a payment form: a ticked `choose.<account>.<requisite>` with its `sum.<account>.<requisite>`; where nothing
 * is to be ticked, every sum that was filled in. @throws Invalid with an error for each wrong sum
 */
export function readWish(body: unknown, { ticks }: { ticks: boolean }): PaymentWish {
  const { _key, period, ...fields } = parse(Frame, body);
  const errors: FieldError[] = [];
  const sums: ChosenSum[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const [kind, accountId = '', requisiteId = ''] = name.split('.');
    if (kind !== 'sum' || !isUuid(accountId) || !isUuid(requisiteId) || typeof value !== 'string') continue;
    if (ticks ? !(`choose.${accountId}.${requisiteId}` in fields) : value.trim() === '') continue;
    const chosen = { accountId: accountId as AccountId, requisiteId: requisiteId as RequisiteId };
    const amount = parseRubles(value);
    if (amount === null) errors.push({ field: sumField(chosen), message: 'Укажите сумму, например 1234,56' });
    sums.push({ ...chosen, amount: amount ?? ZERO });
  }
  const unreadable = new Set(errors.map(({ field }) => field));
  errors.push(...checkSums(sums).filter(({ field }) => !unreadable.has(field)));
  if (errors.length > 0) throw new Invalid(errors);
  return { key: _key, sums, period: period ?? null };
}
