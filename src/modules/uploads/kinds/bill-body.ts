import type { RequisiteId } from '../../../platform/ids.ts';
import type { Month } from '../../../platform/month.ts';
import type { DocumentBodyInput } from '../../billing/index.ts';
import {
  DEBTS,
  type DebtRow,
  type HeadRow,
  LINES,
  type LineRow,
  PENALTIES,
  type PenaltyRow,
  REPAIRS,
  type RepairRow,
} from '../layouts/bills.ts';
import { type Entry, type Note, rowsOf } from '../work.ts';
import { chooseSet, type RequisiteSet } from './bill-requisites.ts';
import type { ServiceNames } from './bill-services.ts';

const REPAIR_SERVICE = 'Взнос на капитальный ремонт';

/** A document's body except its sets of requisites, whose lines say which set they go to. */
export interface DraftBody extends Omit<DocumentBodyInput, 'requisites' | 'lines' | 'penalties' | 'debts'> {
  lines: WithSet<DocumentBodyInput['lines'][number]>[];
  penalties: WithSet<NonNullable<DocumentBodyInput['penalties']>[number]>[];
  debts: WithSet<NonNullable<DocumentBodyInput['debts']>[number]>[];
}
type WithSet<Line> = Omit<Line, 'requisiteId'> & { set: RequisiteSet };

/** What is null is left out: a document is stored whole, and most cells of a bill are empty. */
function compact<Of extends object>(given: Of): { [Key in keyof Of]: Exclude<Of[Key], null> } {
  for (const key of Object.keys(given) as (keyof Of)[])
    if (given[key] === null || given[key] === undefined) delete given[key];
  return given as never;
}

const has = (...values: unknown[]): boolean => values.some((value) => value !== null);

/** Reads the rows of a document into the sections of the form. Adds notes about rows that cannot be placed. */
export function draftBody(
  entry: Entry,
  head: HeadRow,
  { sets, services }: { sets: readonly RequisiteSet[]; services: ServiceNames },
  notes: Note[],
): DraftBody {
  const lines = rowsOf(entry, LINES);
  const period = head.values.period;
  const choose = (row: { sheet: number; row: number; values: { requisite: string | null } }): RequisiteSet => {
    const set = chooseSet(sets, row.values.requisite);
    if (!set && sets.length > 0)
      notes.push({
        sheet: row.sheet,
        row: row.row,
        key: 'requisite',
        wrong: true,
        message:
          row.values.requisite === null
            ? 'укажите номер реквизита: у документа их несколько'
            : `у документа нет реквизита № ${row.values.requisite}`,
      });
    return set ?? NO_SET;
  };
  const repairs = rowsOf(entry, REPAIRS);
  const isDebt = head.values.kind === 'debt';
  const charges = [
    ...lines.map((row) => chargeLine(row, choose(row), services, notes)),
    ...headRepair(head, choose),
    ...(isDebt ? [] : repairs.map((row) => repairLine(row, choose(row)))),
  ];
  return {
    payer: compact({
      totalArea: head.values.totalArea,
      livingArea: head.values.livingArea,
      heatedArea: head.values.heatedArea,
      residents: head.values.residents,
    }),
    totals: totalsOf(head),
    lines: charges.map((line, index) => ({ ...line, position: index + 1 })),
    reference: lines.flatMap(referenceOf),
    instalments: lines.flatMap(instalmentOf),
    recalculations: [
      ...lines.flatMap((row) => recalculationOf(row.values.service, row.values)),
      ...recalculationOf(REPAIR_SERVICE, head.values),
    ],
    penalties: rowsOf(entry, PENALTIES).map((row) => penaltyLine(row, choose(row))),
    debts: [
      ...rowsOf(entry, DEBTS).map((row) => debtLine(row, choose(row))),
      ...(isDebt ? repairs.map((row) => repairDebt(row, choose(row), period)) : []),
    ],
  };
}

const NO_SET: RequisiteSet = { name: '', main: true, bik: '', bankAccount: '', stated: null, supplier: null };

type Charge = Omit<DraftBody['lines'][number], 'position'>;

function chargeLine(row: LineRow, set: RequisiteSet, services: ServiceNames, notes: Note[]): Charge {
  const { values } = row;
  const at = { sheet: row.sheet, row: row.row };
  const name = values.service ?? '';
  const service = services.find(name);
  if (!service && name !== '')
    notes.push({
      ...at,
      key: 'service',
      wrong: false,
      message: `услуги «${name}» нет в справочниках, она отнесена к дополнительным`,
    });
  const parts = (values.individualCharge ?? 0) + (values.commonCharge ?? 0);
  const payable = values.payable ?? null;
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
    voluntary: service?.group === 'insurance',
    set,
  };
}

const volumeOf = (amount: string | null, method: 'N' | 'M' | 'O' | null) =>
  amount === null ? null : compact({ amount, method });

function headRepair(head: HeadRow, choose: (row: HeadRow) => RequisiteSet): Charge[] {
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

const repairLine = ({ values }: RepairRow, set: RequisiteSet): Charge =>
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

function totalsOf({ values }: HeadRow): DocumentBodyInput['totals'] {
  return compact({
    charged: values.charged,
    opening: has(values.debt, values.advance) ? (values.debt ?? 0) - (values.advance ?? 0) : null,
    penalty: values.penaltyTotal,
    stated: values.stated,
    withInstalments: values.withInstalments,
    paid: values.paid,
    paidOn: values.paidOn,
    paidThroughDay: values.paidThroughDay,
    limitIndex: values.limitIndex,
    subsidies: values.subsidies,
    note: values.note,
  });
}

function referenceOf({ values }: LineRow): NonNullable<DocumentBodyInput['reference']> {
  const { normIndividual, normCommon, meterIndividual, meterHouse, housePremises, houseCommon } = values;
  if (!has(normIndividual, normCommon, meterIndividual, meterHouse, housePremises, houseCommon)) return [];
  return [
    {
      service: values.service ?? '',
      ...compact({
        unit: values.unit,
        normIndividual,
        normCommon,
        meterIndividual,
        meterHouse,
        housePremises,
        houseCommon,
      }),
    },
  ];
}

function instalmentOf({ values }: LineRow): NonNullable<DocumentBodyInput['instalments']> {
  const { instalmentCurrent, instalmentFormer, instalmentFee, instalmentPercent, instalmentTotal } = values;
  if (!has(instalmentCurrent, instalmentFormer, instalmentFee, instalmentTotal)) return [];
  const [current, former, fee] = [instalmentCurrent ?? 0, instalmentFormer ?? 0, instalmentFee ?? 0];
  return [
    {
      service: values.service ?? '',
      current,
      former,
      fee,
      ...compact({ feePercent: instalmentPercent }),
      total: instalmentTotal ?? current + former + fee,
    },
  ];
}

function recalculationOf(
  service: string | null,
  { recalculationReason, recalculationSum }: { recalculationReason: string | null; recalculationSum: number | null },
): NonNullable<DocumentBodyInput['recalculations']> {
  if (recalculationSum === null || recalculationSum === 0) return [];
  return [{ service: service ?? '', reason: recalculationReason ?? 'основание не указано', amount: recalculationSum }];
}

const penaltyLine = ({ values }: PenaltyRow, set: RequisiteSet) => ({
  kind: values.kind ?? ('1' as const),
  ...compact({ cause: values.cause }),
  amount: values.amount ?? 0,
  set,
});

const debtLine = ({ values }: DebtRow, set: RequisiteSet) => ({
  service: values.service ?? '',
  month: values.month ?? ('' as Month),
  amount: values.amount ?? 0,
  set,
});

const repairDebt = ({ values }: RepairRow, set: RequisiteSet, period: Month | null) => ({
  service: REPAIR_SERVICE,
  month: values.month ?? period ?? ('' as Month),
  amount: Math.max(0, values.payable ?? 0),
  set,
});

/** The body with every line under the id of its set. */
export function bodyOf(
  draft: DraftBody,
  requisites: DocumentBodyInput['requisites'],
  idOf: (set: RequisiteSet) => RequisiteId,
  supplierName: (ogrn: string) => string,
): DocumentBodyInput {
  const withId = <Line extends { set: RequisiteSet }>({ set, ...line }: Line) => ({ ...line, requisiteId: idOf(set) });
  return {
    ...draft,
    requisites,
    lines: draft.lines.map((line) => ({
      ...withId(line),
      ...(line.supplier ? { supplier: supplierName(line.supplier) } : {}),
    })) as DocumentBodyInput['lines'],
    penalties: draft.penalties.map(withId) as NonNullable<DocumentBodyInput['penalties']>,
    debts: draft.debts.map(withId) as NonNullable<DocumentBodyInput['debts']>,
  };
}
