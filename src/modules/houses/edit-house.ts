import { z } from 'zod';
import { type Actor, actingFor, authorise } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import { emptyAsAbsent, optionalText } from '../../platform/http/forms.ts';
import type { HouseId } from '../../platform/ids.ts';
import { type Day, dayIn, parseDay } from '../../platform/month.ts';
import { access } from './access.ts';
import type { HouseChanges } from './house.ts';
import { canonicalHouseCode, UNIQUE_NUMBER } from './house-codes.ts';
import { managedHouse } from './record-ownership.ts';
import { changeHouse } from './upsert-house.ts';

const EARLIEST_YEAR = 1600;
const orNull = <T>(value: T | undefined): T | null => value ?? null;

const year = (message: string) =>
  emptyAsAbsent(
    z
      .string()
      .trim()
      .regex(/^\d{4}$/, message)
      .transform(Number)
      .refine((value) => value >= EARLIEST_YEAR, message),
  ).transform(orNull);

const count = emptyAsAbsent(
  z
    .string()
    .trim()
    .regex(/^\d{1,3}$/, 'Укажите число этажей цифрами')
    .transform(Number),
).transform(orNull);

const decimal = (message: string) =>
  emptyAsAbsent(
    z
      .string()
      .transform((text) => text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.'))
      .refine((text) => /^\d{1,12}(\.\d{1,4})?$/.test(text), message),
  ).transform(orNull);

const code = optionalText(20);

/** The form of a house's card. Empty fields empty the card: «значение не указано» is better than a guess. */
export const houseForm = z.object({
  yearBuilt: year('Год постройки — четыре цифры, например 1978'),
  yearInUse: year('Год ввода — четыре цифры, например 1979'),
  capitalRepairYear: year('Год ремонта — четыре цифры, например 2015'),
  stateCode: code,
  stageCode: code,
  managementCode: code,
  wearPercent: decimal('Износ — проценты от 0 до 100, например 34,5').refine(
    (text) => text === null || (Number(text) <= 100 && /^\d+(\.\d{1,2})?$/.test(text)),
    'Износ — проценты от 0 до 100, не больше двух знаков после запятой',
  ),
  wearOn: emptyAsAbsent(
    z.string().transform((text, issues): Day => {
      const day = parseDay(text);
      if (day) return day;
      issues.addIssue({ code: 'custom', message: 'Дата оценки износа: ДД.ММ.ГГГГ' });
      return z.NEVER;
    }),
  ).transform(orNull),
  totalArea: decimal('Площадь дома — число, например 3456,7'),
  storeysMax: count,
  storeysMin: count,
  undergroundStoreys: count,
  cadastralNumber: emptyAsAbsent(
    z
      .string()
      .trim()
      .regex(/^\d{2}:\d{2}:\d{1,7}:\d{1,9}$/, 'Кадастровый номер выглядит так: 77:02:0021003:1045'),
  ).transform(orNull),
  uniqueNumber: emptyAsAbsent(
    z
      .string()
      .transform(canonicalHouseCode)
      .refine((text) => UNIQUE_NUMBER.test(text), 'Код дома в ГИС ЖКХ — 25 цифр, дефис и ещё 5 цифр'),
  ).transform(orNull),
});
export type HouseForm = z.output<typeof houseForm>;

/** What no field can tell alone. */
function contradictions(form: HouseForm, today: Day): { field: string; message: string }[] {
  const thisYear = Number(today.slice(0, 4));
  const found = [];
  for (const field of ['yearBuilt', 'yearInUse', 'capitalRepairYear'] as const)
    if ((form[field] ?? 0) > thisYear) found.push({ field, message: 'Этот год ещё не наступил' });
  if (form.yearBuilt && form.capitalRepairYear && form.capitalRepairYear < form.yearBuilt)
    found.push({ field: 'capitalRepairYear', message: 'Ремонт не мог быть раньше постройки' });
  if (form.wearPercent !== null && form.wearOn === null)
    found.push({ field: 'wearOn', message: 'Укажите, на какую дату оценён износ' });
  if (form.wearOn && form.wearOn > today) found.push({ field: 'wearOn', message: 'Этот день ещё не наступил' });
  if (form.storeysMin !== null && form.storeysMax !== null && form.storeysMin > form.storeysMax)
    found.push({ field: 'storeysMin', message: 'Наименьшее число этажей больше наибольшего' });
  return found;
}

/** The managing organisation corrects a house's card; it becomes the source of the figures. @returns whether anything was new */
export async function editHouse(context: Context, actor: Actor, houseId: HouseId, form: HouseForm): Promise<boolean> {
  authorise(actor, access.editHouse);
  const { personId, acting } = actingFor(actor);
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const house = await managedHouse(trx, houseId, acting);
    const wrong = contradictions(form, dayIn(house.zone, at));
    if (wrong.length > 0) throw new Invalid(wrong);
    const changes: HouseChanges = { ...form, sourceId: acting.organisationId };
    const changed = await changeHouse(trx, houseId, changes, personId, at);
    if (changed === null) throw new NotFound();
    if (changed)
      await audit(trx, {
        actor: personId,
        action: 'house.edited',
        at,
        organisationId: acting.organisationId,
        houseId,
      });
    return changed;
  });
}
