import type { ChargeLine, DocumentBody } from '../src/modules/billing/index.ts';
import { kopecks, shareOut } from '../src/platform/money.ts';
import type { Day } from '../src/platform/month.ts';
import { decimal, tariffText } from './amounts.ts';
import { consumptionOf, type Draft } from './bills.ts';
import { type Charge, payable } from './charges.ts';
import { BANK } from './check-digits.ts';
import type { Provider } from './organisations.ts';
import { MULTIPLIER } from './tariffs.ts';

export interface Instalment {
  service: string;
  /** Kopecks of this month's charge that are put off, and the fee for it in kopecks. */
  putOff: number;
  fee: number;
}

/** What a document says beside the charges. Sums in kopecks. */
export interface Situation {
  payer: { name: string | null; address: string; totalArea: number; livingArea: number; residents: number };
  /** Debt (+) or advance (-) at the start, by set of requisites. */
  openings: ReadonlyMap<Provider, number>;
  penalties: readonly { payee: Provider; cause: string; amount: number }[];
  paid: number;
  paidOn: Day | null;
  instalment: Instalment | null;
  note: string | null;
}

const GROUP_ORDER = ['housing', 'common_property', 'communal', 'additional', 'capital_repair', 'insurance'] as const;

/** A signed sum over lines of one set of requisites, in proportion to what they ask. */
function spread(amount: number, weights: readonly number[]): number[] {
  const shares = shareOut(
    kopecks(Math.abs(amount)),
    weights.map((weight) => BigInt(weight)),
  );
  return shares.map((share) => Math.sign(amount) * Number(share) || 0);
}

/** The whole content of a document, in the order of the form's fields: the content hash depends on the order. */
export function composeBody(draft: Draft, situation: Situation): DocumentBody {
  const charges = draft.charges.toSorted((a, b) => GROUP_ORDER.indexOf(a.group) - GROUP_ORDER.indexOf(b.group));
  const payees = [...new Set(charges.map(({ payee }) => payee))];
  const lines = composeLines(charges, payees, situation);
  const statedOf = (payee: Provider) =>
    total(
      lines.filter((line) => line.requisiteId === payee.requisiteId && !line.voluntary).map((line) => line.total ?? 0),
    );
  const [charged, penalty] = [
    total(lines.filter(({ voluntary }) => !voluntary).map((line) => line.payable)),
    total(situation.penalties.map(({ amount }) => amount)),
  ];
  const stated = total(payees.map(statedOf));
  const { instalment, paidOn, note } = situation;
  return {
    payer: {
      ...(situation.payer.name ? { name: situation.payer.name } : {}),
      address: situation.payer.address,
      totalArea: decimal(situation.payer.totalArea),
      livingArea: decimal(situation.payer.livingArea),
      residents: situation.payer.residents,
    },
    totals: {
      charged,
      opening: total([...situation.openings.values()]),
      penalty,
      stated,
      ...(instalment ? { withInstalments: stated - instalment.putOff + instalment.fee } : {}),
      paid: situation.paid,
      ...(paidOn ? { paidOn } : {}),
      ...(note ? { note } : {}),
    },
    requisites: payees.map((payee) => ({
      requisiteId: payee.requisiteId,
      recipient: payee.fullName,
      inn: payee.inn,
      bik: BANK.bik,
      bankAccount: payee.bankAccount,
      bankName: BANK.name,
      stated: statedOf(payee),
    })),
    lines,
    ...composeReference(draft),
    electricity: [],
    instalments: instalment ? [composeInstalment(instalment, charges)] : [],
    recalculations: charges.flatMap(({ service, recalculation, reason }) =>
      reason ? [{ service, reason, amount: recalculation }] : [],
    ),
    penalties: situation.penalties.map(({ payee, cause, amount }) => ({
      kind: '1' as const,
      cause,
      amount,
      requisiteId: payee.requisiteId,
    })),
    debts: [],
  };
}

function composeLines(charges: readonly Charge[], payees: readonly Provider[], situation: Situation): ChargeLine[] {
  const own = new Map<Charge, { opening: number; penalty: number }>();
  for (const payee of payees) {
    const asked = charges.filter((line) => line.payee === payee && !line.voluntary);
    // By what was charged, not by what is asked: a recalculation may take a whole line back.
    const weights = asked.map(({ accrued }) => accrued);
    const openings = spread(situation.openings.get(payee) ?? 0, weights);
    const penalties = spread(
      total(situation.penalties.filter((one) => one.payee === payee).map(({ amount }) => amount)),
      weights,
    );
    for (const [index, line] of asked.entries())
      own.set(line, { opening: openings[index]!, penalty: penalties[index]! });
  }
  return charges.map((charge, index) =>
    composeLine(charge, index + 1, own.get(charge) ?? { opening: 0, penalty: 0 }, payees.length > 1),
  );
}

function composeLine(
  charge: Charge,
  position: number,
  { opening, penalty }: { opening: number; penalty: number },
  severalPayees: boolean,
): ChargeLine {
  const volume = { amount: decimal(charge.volume), ...(charge.method ? { method: charge.method } : {}) };
  const asked = payable(charge);
  return {
    position,
    group: charge.group,
    service: charge.service,
    serviceCode: charge.code,
    unit: charge.unit,
    ...(charge.common ? { common: volume } : { individual: volume }),
    tariff: tariffText(charge.tariff),
    ...(charge.common ? { commonCharge: charge.accrued } : { individualCharge: charge.accrued }),
    accrued: charge.accrued,
    ...(charge.excess > 0 ? { multiplier: MULTIPLIER, excess: charge.excess } : {}),
    recalculation: charge.recalculation,
    benefit: charge.benefit,
    payable: asked,
    ...(charge.voluntary ? {} : { opening }),
    penalty,
    fine: 0,
    duty: 0,
    courtCosts: 0,
    total: asked + opening + penalty,
    ...(charge.explanation ? { explanation: charge.explanation } : {}),
    requisiteId: charge.payee.requisiteId,
    ...(severalPayees ? { supplier: charge.payee.shortName } : {}),
    voluntary: charge.voluntary,
  };
}

function composeReference(draft: Draft): Pick<DocumentBody, 'meters' | 'reference'> {
  return {
    meters: draft.readings.map((reading) => ({
      serial: reading.serial,
      service: reading.service,
      services: [reading.code],
      unit: reading.unit,
      previous: decimal(reading.previous),
      current: decimal(reading.current),
      consumption: consumptionOf(reading),
      takenOn: reading.takenOn,
    })),
    reference: draft.norms.map((norm) => ({
      service: norm.service,
      unit: norm.unit,
      ...(norm.individual === null ? {} : { normIndividual: decimal(norm.individual) }),
      ...(norm.common === null ? {} : { normCommon: decimal(norm.common) }),
      ...(norm.housePremises === null ? {} : { housePremises: decimal(norm.housePremises) }),
      ...(norm.houseCommon === null ? {} : { houseCommon: decimal(norm.houseCommon) }),
    })),
  };
}

function composeInstalment({ service, putOff, fee }: Instalment, charges: readonly Charge[]) {
  const whole = total(charges.filter((line) => line.service === service).map(payable));
  return { service, current: whole - putOff, former: 0, feePercent: '9.5', fee, total: whole - putOff + fee };
}

const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
