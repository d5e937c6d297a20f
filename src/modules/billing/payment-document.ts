import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AccountId, DocumentId, OrganisationId, RequisiteId, UploadId } from '../../platform/ids.ts';
import { type Day, type Month, parseDay } from '../../platform/month.ts';

/** The form of приказ Минстроя № 43/пр of 26.01.2018. A successor gets a name of its own: old documents keep theirs. */
export const CURRENT_FORM = '43/пр';

/** The six groups of section 3, in the order in which the form prints them. */
export const GROUPS = ['housing', 'common_property', 'communal', 'additional', 'capital_repair', 'insurance'] as const;
export type Group = (typeof GROUPS)[number];

/** Kopecks inside a document: JSON has no bigint, and a safe integer holds every sum that the state's schema allows (13 digits). */
const sum = z.int();
const positive = z.int().min(0);
/** Volumes, tariffs, readings: exact decimal text, never floating point. */
const decimal = z.string().regex(/^-?\d{1,18}(\.\d{1,7})?$/);
const text = (most: number) => z.string().min(1).max(most);
const day = z
  .string()
  .refine((value) => parseDay(value) === value)
  .transform((value) => value as Day);
const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .transform((value) => value as Month);
const requisiteId = z.uuid().transform((value) => value as RequisiteId);

/** N «норматив», M «прибор учёта», O «иное». */
const volume = z.object({ amount: decimal, method: z.enum(['N', 'M', 'O']).nullish() });

/** One charge with the form's columns; their numbers stand beside them. */
const ChargeLine = z.object({
  position: z.int().min(1).max(9999),
  group: z.enum(GROUPS),
  service: text(500), // 1
  serviceCode: z.string().max(40).nullish(),
  /** The communal service under which the form groups the line. */
  under: z.string().max(500).nullish(),
  unit: z.string().max(100).nullish(), // 2
  individual: volume.nullish(), // 3
  common: volume.nullish(), // 4
  tariff: decimal.nullish(), // 5
  individualCharge: sum.nullish(), // 6
  commonCharge: sum.nullish(), // 6
  accrued: sum, // 7
  multiplier: decimal.nullish(), // 8
  excess: sum.nullish(), // 8
  recalculation: sum.default(0), // 9
  benefit: positive.default(0), // 10
  payable: sum, // 11
  /** Debt (+) or advance (-) at the start of the period. */
  opening: sum.nullish(), // 12
  penalty: sum.default(0), // 13
  fine: sum.default(0), // 13, with the issuer's sign
  duty: sum.default(0), // 13
  courtCosts: sum.default(0), // 13
  total: sum.nullish(), // 14
  explanation: z.string().max(4000).nullish(), // 15
  requisiteId, // 16
  supplier: z.string().max(4000).nullish(), // 16
  /** For contributions charged a year at once: the month of this line. */
  month: month.nullish(),
  /** Voluntary insurance: no debt until the payer pays it. */
  voluntary: z.boolean().default(false),
});
export type ChargeLine = z.output<typeof ChargeLine>;

/** Column 13: penalties, the provider's fine, duties and court costs of a line. */
export const penaltyOfLine = ({ penalty, fine, duty, courtCosts }: ChargeLine): number =>
  penalty + fine + duty + courtCosts;
/** What column 14 should say: 11 + 12 + 13. */
export const wholeOf = (line: ChargeLine): number => line.payable + (line.opening ?? 0) + penaltyOfLine(line);

/** Penalty and court lines by НСИ 329: 1 пени, 2 штрафы, 3 госпошлины, 4 судебные издержки. */
const PenaltyLine = z.object({
  kind: z.enum(['1', '2', '3', '4']),
  cause: z.string().max(1000).nullish(),
  amount: sum,
  requisiteId,
});

/** A line of a debt document («ДПД»): what is owed for a past month. */
const DebtLine = z.object({
  service: text(500),
  serviceCode: z.string().max(40).nullish(),
  month,
  amount: positive,
  requisiteId,
});

const Requisites = z.object({
  requisiteId,
  recipient: text(4000),
  inn: z.string().max(12).nullish(),
  bik: z.string().regex(/^\d{9}$/),
  bankAccount: z.string().regex(/^\d{20}$/),
  bankName: z.string().max(255).nullish(),
  /** «Сумма к оплате в рамках реквизита». */
  stated: sum.nullish(),
});

const Reading = z.object({
  serial: z.string().max(50).nullish(),
  service: z.string().max(80),
  services: z.array(z.string().max(2)).default([]),
  unit: z.string().max(100).nullish(),
  previous: decimal.nullish(),
  current: decimal.nullish(),
  consumption: decimal.nullish(),
  takenOn: day.nullish(),
});

const Reference = z.object({
  service: text(500),
  unit: z.string().max(100).nullish(),
  normIndividual: decimal.nullish(),
  normCommon: decimal.nullish(),
  meterIndividual: decimal.nullish(),
  meterHouse: decimal.nullish(),
  housePremises: decimal.nullish(),
  houseCommon: decimal.nullish(),
});

const Totals = z.object({
  /** «К оплате за расчётный период», as the issuer wrote it. */
  charged: sum.nullish(),
  opening: sum.nullish(),
  penalty: sum.nullish(),
  /** «Итого к оплате с учётом задолженности и переплаты». */
  stated: sum.nullish(),
  withInstalments: sum.nullish(),
  paid: sum.nullish(),
  paidOn: day.nullish(),
  /** «Учтены платежи до N-го числа периода», that day included. */
  paidThroughDay: z.int().min(1).max(31).nullish(),
  limitIndex: decimal.nullish(),
  subsidies: sum.nullish(),
  note: z.string().max(1000).nullish(),
});

/** Everything that a payment document says, by the sections of the form. Stored whole and never changed. */
export const DocumentBody = z.object({
  payer: z.object({
    name: z.string().max(4000).nullish(),
    address: z.string().max(4000).nullish(),
    totalArea: decimal.nullish(),
    livingArea: decimal.nullish(),
    heatedArea: decimal.nullish(),
    residents: z.int().min(0).max(9999).nullish(),
  }),
  totals: Totals,
  requisites: z.array(Requisites).min(1).max(50),
  lines: z.array(ChargeLine).max(500),
  meters: z.array(Reading).max(200).default([]),
  reference: z.array(Reference).max(200).default([]),
  /** Parts of the cost of electricity (НСИ 331). */
  electricity: z
    .array(z.object({ code: z.string().max(20), name: text(500), amount: decimal }))
    .max(50)
    .default([]),
  instalments: z
    .array(
      z.object({
        service: text(500),
        current: sum,
        former: sum.default(0),
        feePercent: decimal.nullish(),
        fee: sum.default(0),
        total: sum,
      }),
    )
    .max(200)
    .default([]),
  recalculations: z
    .array(z.object({ service: text(500), reason: text(500), amount: sum }))
    .max(500)
    .default([]),
  penalties: z.array(PenaltyLine).max(200).default([]),
  debts: z.array(DebtLine).max(500).default([]),
});
export type DocumentBody = z.output<typeof DocumentBody>;
export type DocumentBodyInput = z.input<typeof DocumentBody>;

export type DocumentState = 'exposed' | 'withdrawn';

/** From each state, where a document may go. Nothing returns: a corrected document is a new one. */
export const TRANSITIONS: Record<DocumentState, readonly DocumentState[]> = {
  exposed: ['withdrawn'],
  withdrawn: [],
};

/** A document as an upload or the organisation's system brings it. */
export interface NewDocument {
  accountId: AccountId;
  providerId: OrganisationId;
  /** The issuer's number, 1–30 characters. */
  number: string;
  /** «Идентификатор платёжного документа» of the state system; null: one is made from the ЖКУ id. */
  uid: string | null;
  kind: 'current' | 'debt';
  form?: string;
  period: Month;
  /** The exposed document of another number that this one corrects. The same number and period corrects by itself. */
  replacesId?: DocumentId | null;
  issuedAt: Date;
  uploadId?: UploadId | null;
  body: DocumentBodyInput;
}

/**
 * Of two documents with one number and period, the same hash means that nothing changed.
 * @param body its JSON text, as it is stored: it is most of a load's bytes and is written once
 */
export function contentHash(document: NewDocument, body: string): Buffer {
  const { accountId, kind, form = CURRENT_FORM, period } = document;
  const head = JSON.stringify([accountId, kind, form, period]);
  return createHash('sha256')
    .update(`${head.slice(0, -1)},${body}]`)
    .digest();
}
