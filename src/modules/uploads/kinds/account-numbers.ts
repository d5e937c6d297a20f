import { canonicalNumber, hintForNumber, kindOfNumber } from '../../accounts/index.ts';
import type { AccountRow } from '../layouts/accounts.ts';
import type { Note } from '../work.ts';

export interface AccountNumbers {
  els: string | null;
  serviceId: string | null;
}

/** The unified numbers that a row gives, in their one form. Adds notes about what is no such number. */
export function numbersOf({ sheet, row, values }: AccountRow, notes: Note[]): AccountNumbers {
  const at = { sheet, row, wrong: true };
  const els = values.els === null ? null : canonicalNumber(values.els);
  const service = values.serviceId === null ? null : canonicalNumber(values.serviceId);
  if (els !== null && kindOfNumber(els) !== 'els')
    notes.push({
      ...at,
      key: 'els',
      message: hintForNumber(els) ?? 'укажите ЕЛС из 10 знаков, например 77АВ123456, или оставьте пустым',
    });
  const kind = service === null ? null : kindOfNumber(service);
  if (service !== null && kind !== 'service' && kind !== 'els')
    notes.push({
      ...at,
      key: 'serviceId',
      message:
        hintForNumber(service) ?? 'укажите идентификатор ЖКУ из 13 знаков, например 77АВ123456-01, или оставьте пустым',
    });
  if (els !== null && kind === 'service' && !service!.startsWith(els))
    notes.push({ ...at, key: 'serviceId', message: `идентификатор ЖКУ должен начинаться с ЕЛС ${els}` });
  const good = (value: string | null, wanted: string) =>
    value !== null && kindOfNumber(value) === wanted ? value : null;
  const serviceId = good(service, 'service');
  return { els: good(els, 'els') ?? good(service, 'els') ?? serviceId?.slice(0, 10) ?? null, serviceId };
}
