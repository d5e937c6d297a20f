import {
  applyAdvance,
  bill,
  dueTotal,
  owed,
  ownDues,
  payVoluntary,
  receive,
  withdrawBill,
} from '../src/modules/billing/index.ts';
import type { DocumentId, ReceiptId } from '../src/platform/ids.ts';
import { addDays, addMonths, dayIn, type Month } from '../src/platform/month.ts';
import { type AccountPlan, addAccount, type HouseFrame } from './account.ts';
import { charge } from './amounts.ts';
import type { Draft } from './bills.ts';
import { at, issuedAt, ZONE } from './calendar.ts';
import { recalculate } from './charges.ts';
import { composeBody } from './document.ts';
import { addReceipt, drain, type Exposed, type Life, purseOf, writeDocuments, writeMoney } from './life.ts';
import type { Provider } from './organisations.ts';
import { paymentFor } from './paying.ts';
import { penaltiesOf } from './penalties.ts';
import { addOrder } from './portal.ts';
import type { Rows } from './rows.ts';

/** No debt of the demonstration is older than the limitation time. */
const OLDEST_FIRST = { named: null, oldest: null };

/** One account with its bills and payments, from its first month to `now`. */
export function addAccountLife(
  rows: Rows,
  house: HouseFrame,
  plan: AccountPlan,
  months: readonly Month[],
  now: Date,
): void {
  addAccount(rows, house, plan, now);
  const { from, until } = plan;
  const billed = months.filter((month) => from !== null && month >= from && (!until || month <= until));
  const paid = { month: months[0]!, amount: 0, on: null };
  const life: Life = { rows, house, plan, purses: new Map(), documents: [], paid };
  billed.forEach((month, index) => {
    exposeMonth(life, month, now);
    payMonth(life, month, { left: billed.length - 1 - index, now });
  });
  writeDocuments(life);
  writeMoney(life);
}

function exposeMonth(life: Life, month: Month, now: Date): void {
  const { plan } = life;
  const { recalculated, corrected, withdrawn } = plan.story;
  const draft = plan.bill(month);
  if (recalculated?.month === month)
    for (const line of draft.charges.slice(0, 2))
      recalculate(line, -Math.round((line.accrued * recalculated.percent) / 100), recalculated.reason);
  const number = `${plan.number}/${month.slice(5)}${month.slice(2, 4)}`;
  const issued = issuedAt(month);
  const later = at(addDays(dayIn(ZONE, issued), 2), 14);
  if ((corrected !== month && withdrawn !== month) || later > now) {
    expose(life, month, draft, { number, serial: 1, issued, replaces: null });
    return;
  }
  const wrong = expose(life, month, mistaken(draft), { number, serial: 1, issued, replaces: null });
  if (corrected === month) {
    withdraw(life, wrong, later, `Исправлен документом № ${number}`);
    expose(life, month, draft, { number, serial: 1, issued: later, replaces: wrong.documentId });
  } else {
    withdraw(life, wrong, later, 'Показания приняты с ошибкой. Вместо этого документа выставлен другой.');
    expose(life, month, draft, { number: `${number}-2`, serial: 2, issued: later, replaces: null });
  }
}

/** The first volume is twice what it should be. */
function mistaken(draft: Draft): Draft {
  const [first, ...others] = draft.charges;
  const volume = first!.volume * 2;
  return { ...draft, charges: [{ ...first!, volume, accrued: charge(volume, first!.tariff) }, ...others] };
}

interface Issue {
  number: string;
  serial: number;
  issued: Date;
  replaces: DocumentId | null;
}

function expose(life: Life, month: Month, draft: Draft, { number, serial, issued, replaces }: Issue): Exposed {
  const { plan, house, paid } = life;
  const payees = [...new Set(draft.charges.map(({ payee }) => payee))];
  const { instalment } = plan.story;
  const body = composeBody(draft, {
    payer: { name: plan.payer.name, address: plan.address, ...plan.dwelling },
    openings: new Map(payees.map((payee) => [payee, Number(owed(purseOf(life, payee)))])),
    penalties: payees.flatMap((payee) => penaltiesOf(payee, purseOf(life, payee), month, plan.kind)),
    paid: paid.month === month ? paid.amount : 0,
    paidOn: paid.month === month ? paid.on : null,
    instalment: instalment?.month === month ? instalment.of(draft) : null,
    note: null,
  });
  const documentId = house.makeId<DocumentId>(issued);
  const uid = `${plan.serviceId}-${month.slice(3, 4)}${month.slice(5)}${serial}`;
  const dues = ownDues(body);
  const exposed: Exposed = { documentId, number, uid, period: month, issued, replaces, body, dues, withdrawn: null };
  life.documents.push(exposed);
  for (const payee of payees) post(life, payee, exposed);
  return exposed;
}

/** The same steps as for an uploaded document: bill, credit what is below zero, settle from the advance. */
function post(life: Life, payee: Provider, { documentId, period, issued, dues }: Exposed): void {
  const own = dues.find(({ requisiteId }) => requisiteId === payee.requisiteId)!;
  const purse = purseOf(life, payee);
  bill(purse, { documentId, period }, own);
  if (own.own < 0n) {
    const credit = {
      receiptId: life.house.makeId<ReceiptId>(issued),
      source: 'negative_bill',
      amount: -own.own,
      documentId,
    } as const;
    addReceipt(life, payee, {
      ...credit,
      voluntary: 0n,
      period: null,
      partId: null,
      personId: null,
      receivedAt: issued,
    });
    receive(purse, credit, OLDEST_FIRST);
  }
  applyAdvance(purse, OLDEST_FIRST);
  drain(life, payee, issued);
}

function withdraw(life: Life, exposed: Exposed, when: Date, reason: string): void {
  exposed.withdrawn = { at: when, reason };
  for (const [payee, { purse }] of life.purses) {
    const due = purse.dues.find(({ documentId }) => documentId === exposed.documentId);
    if (!due) continue;
    withdrawBill(purse, due);
    drain(life, payee, when);
  }
}

function payMonth(life: Life, month: Month, { left, now }: { left: number; now: Date }): void {
  const { plan, house } = life;
  life.paid = { month: addMonths(month, 1), amount: 0, on: null };
  for (const [payee, { purse }] of life.purses) {
    const due = purse.dues.at(-1)!;
    const payment = paymentFor(plan.story, {
      month,
      left,
      asked: owed(purse),
      billed: dueTotal(due),
      random: house.random,
    });
    if (payment && payment.at <= now) pay(life, payee, month, payment);
  }
}

function pay(life: Life, payee: Provider, month: Month, payment: { amount: bigint; at: Date }): void {
  const { plan, house, rows } = life;
  const purse = purseOf(life, payee);
  const own = life.documents.at(-1)!.dues.find(({ requisiteId }) => requisiteId === payee.requisiteId);
  const insurance = plan.story.takesInsurance ? (own?.voluntary ?? []) : [];
  const voluntary = insurance.reduce((sum, { amount }) => sum + amount, 0n);
  const amount = payment.amount + voluntary;
  const personId = plan.story.throughPortal ?? null;
  const receiptId = house.makeId<ReceiptId>(payment.at);
  addReceipt(life, payee, {
    receiptId,
    source: 'payment',
    amount,
    voluntary,
    // Naming the month is how a payer takes its insurance.
    period: voluntary > 0n ? month : null,
    partId: personId ? addOrder(rows, house, { personId, plan, payee, receiptId, amount, at: payment.at }) : null,
    personId,
    documentId: null,
    receivedAt: payment.at,
  });
  if (voluntary > 0n) payVoluntary(purse, purse.dues.at(-1)!, insurance, receiptId);
  receive(purse, { receiptId, source: 'payment', amount: payment.amount, documentId: null }, OLDEST_FIRST);
  drain(life, payee, payment.at);
  life.paid.amount += Number(amount);
  life.paid.on = dayIn(ZONE, payment.at);
}
