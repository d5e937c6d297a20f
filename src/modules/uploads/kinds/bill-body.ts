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
import { chargeLine, headRepair, repairLine } from './bill-charges.ts';
import { compact, type DraftBody, has, REPAIR_SERVICE } from './bill-draft.ts';
import { chooseSet, type RequisiteSet } from './bill-requisites.ts';
import type { ServiceNames } from './bill-services.ts';

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
