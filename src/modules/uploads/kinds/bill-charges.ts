import type { Month } from '../../../platform/month.ts';
import type { HeadRow, LineRow, RepairRow } from '../layouts/bills.ts';
import type { Note } from '../work.ts';
import { compact, type DraftBody, has, REPAIR_SERVICE } from './bill-draft.ts';
import type { RequisiteSet } from './bill-requisites.ts';
import type { ServiceNames } from './bill-services.ts';

export type Charge = Omit<DraftBody['lines'][number], 'position'>;

export function chargeLine(row: LineRow, set: RequisiteSet, services: ServiceNames, notes: Note[]): Charge {
  const { values } = row;
  const at = { sheet: row.sheet, row: row.row };
  const name = values.service ?? '';
  const service = services.find(name);
  if (!service && name !== '' && services.tellOnce(name))
    notes.push({
      ...at,
      key: 'service',
      wrong: false,
      message: `услуги «${name}» нет в справочниках: во всех квитанциях файла она попадёт в дополнительные услуги. Названия справочника есть на листе «Инструкция» шаблона`,
    });
  const parts = (values.individualCharge ?? 0) + (values.commonCharge ?? 0);
  const { payable, whole } = wholeOf(row);
  if (payable === null && !row.wrong.some(({ key }) => key === 'payable'))
    notes.push({ ...at, key: 'payable', wrong: true, message: 'укажите сумму к оплате, хотя бы 0' });
  const accrued =
    values.accrued ??
    (has(values.individualCharge, values.commonCharge)
      ? parts
      : (payable ?? 0) - (values.recalculation ?? 0) + (values.benefit ?? 0));
  return {
    group: service?.group ?? 'additional',
    service: name,
    ...compact({
      serviceCode: service?.code ?? null,
      unit: values.unit,
      individual: volumeOf(values.individual, values.individualMethod),
      common: volumeOf(values.common, values.commonMethod),
      tariff: values.tariff,
      individualCharge: values.individualCharge,
      commonCharge: values.commonCharge,
      multiplier: values.multiplier,
      excess: values.excess,
      explanation: values.explanation,
      supplier: values.supplierOgrn,
    }),
    accrued,
    recalculation: values.recalculation ?? 0,
    benefit: values.benefit ?? 0,
    payable: payable ?? 0,
    ...whole,
    voluntary: service?.group === 'insurance',
    set,
  };
}

/** Columns 11–14 of a line. Who writes only «Итого к оплате» gives column 11 by it, less what else the line names. */
function wholeOf({ values }: LineRow) {
  const { advance, penalty, fine, duty, courtCosts, total } = values;
  const opening = has(values.opening, advance) ? (values.opening ?? 0) - (advance ?? 0) : null;
  const besides = (opening ?? 0) + (penalty ?? 0) + (fine ?? 0) + (duty ?? 0) + (courtCosts ?? 0);
  return {
    payable: values.payable ?? (total === null ? null : total - besides),
    whole: compact({
      opening,
      penalty,
      fine,
      duty,
      courtCosts,
      // A total that is column 11 under another name says nothing more.
      total: values.payable === null && opening === null && !has(penalty, fine, duty, courtCosts) ? null : total,
    }),
  };
}

const volumeOf = (amount: string | null, method: 'N' | 'M' | 'O' | null) =>
  amount === null ? null : compact({ amount, method });

export function headRepair(head: HeadRow, choose: (row: HeadRow) => RequisiteSet): Charge[] {
  const {
    repairRate,
    repairAccrued,
    repairRecalculation,
    repairBenefit,
    repairPayable,
    repairExplanation,
    supplierOgrn,
  } = head.values;
  if (!has(repairAccrued, repairPayable)) return [];
  const payable = repairPayable ?? (repairAccrued ?? 0) + (repairRecalculation ?? 0) - (repairBenefit ?? 0);
  return [
    repairCharge(
      {
        rate: repairRate,
        accrued: repairAccrued,
        recalculation: repairRecalculation,
        benefit: repairBenefit,
        explanation: repairExplanation,
        payable,
        supplierOgrn,
        month: null,
      },
      choose(head),
    ),
  ];
}

export const repairLine = ({ values }: RepairRow, set: RequisiteSet): Charge =>
  repairCharge({ ...values, payable: values.payable ?? 0 }, set);

interface Repair {
  rate: string | null;
  accrued: number | null;
  recalculation: number | null;
  benefit: number | null;
  explanation: string | null;
  payable: number;
  supplierOgrn: string | null;
  month: Month | null;
}

const repairCharge = (repair: Repair, set: RequisiteSet): Charge => ({
  group: 'capital_repair',
  service: REPAIR_SERVICE,
  ...compact({
    tariff: repair.rate,
    explanation: repair.explanation,
    supplier: repair.supplierOgrn,
    month: repair.month,
  }),
  accrued: repair.accrued ?? repair.payable - (repair.recalculation ?? 0) + (repair.benefit ?? 0),
  recalculation: repair.recalculation ?? 0,
  benefit: repair.benefit ?? 0,
  payable: repair.payable,
  set,
});
