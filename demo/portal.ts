import type { Id, OrderId, PartId, PaymentId, PersonId, ReceiptId } from '../src/platform/ids.ts';
import type { AccountPlan, HouseFrame } from './account.ts';
import { type DemoOrganisationKey, type Provider, providerOf } from './organisations.ts';
import { guidOf } from './random.ts';
import { addNamed, type Rows } from './rows.ts';
import { DEMO_SHOPS } from './shops.ts';

const DAY = 24 * 3_600_000;
const MINUTE_AND_A_HALF = 90_000;

interface Paid {
  personId: PersonId;
  plan: AccountPlan;
  payee: Provider;
  receiptId: ReceiptId;
  amount: bigint;
  at: Date;
}

const shopFor = (payee: Provider) =>
  DEMO_SHOPS.find((shop) => shop.organisation === payee.key && shop.mode === 'own') ??
  DEMO_SHOPS.find(({ mode }) => mode === 'split')!;

/** A payment made through the product and finished: an order of one part. @returns the part that the receipt names */
export function addOrder(
  rows: Rows,
  house: HouseFrame,
  { personId, plan, payee, receiptId, amount, at }: Paid,
): PartId {
  const begun = new Date(at.getTime() - MINUTE_AND_A_HALF);
  const shop = shopFor(payee);
  const [orderId, paymentId, partId] = [
    house.makeId<OrderId>(begun),
    house.makeId<PaymentId>(begun),
    house.makeId<PartId>(begun),
  ];
  const externalId = guidOf('external', paymentId);
  const owner = { person_id: personId, order_id: orderId };
  addNamed(rows, 'payment_order', {
    ...owner,
    total: amount,
    mode: shop.mode === 'own' ? 'steps' : 'split',
    created_at: begun,
  });
  addNamed(rows, 'payment', {
    ...owner,
    payment_id: paymentId,
    position: 1,
    shop_owner_id: providerOf(shop.organisation as DemoOrganisationKey).organisationId,
    shop_id: shop.shopId,
    amount,
    description: `Оплата ЖКУ, лицевой счёт ${plan.number}`,
    state: 'succeeded',
    idempotence_key: paymentId,
    key_expires_at: new Date(begun.getTime() + DAY),
    external_id: externalId,
    paid_at: at,
    succeeded_at: at,
    posted_at: at,
    created_at: begun,
    changed_at: at,
  });
  addNamed(rows, 'payment_part', {
    ...owner,
    part_id: partId,
    payment_id: paymentId,
    position: 1,
    house_id: house.houseId,
    account_id: plan.accountId,
    requisite_id: payee.requisiteId,
    recipient_id: payee.organisationId,
    account_number: plan.number,
    address: plan.address,
    transfer_account: shop.mode === 'own' ? null : recipientAccount(payee),
    amount,
    posted_at: at,
    receipt_id: receiptId,
  });
  addHistory(rows, house, { personId, paymentId, begun, at });
  addNamed(rows, 'external_payment', {
    shop_id: shop.shopId,
    external_id: externalId,
    person_id: personId,
    payment_id: paymentId,
  });
  return partId;
}

const recipientAccount = (payee: Provider): string | null =>
  DEMO_SHOPS.find((shop) => shop.organisation === payee.key && shop.mode === 'recipient')?.shopId ?? null;

function addHistory(
  rows: Rows,
  house: HouseFrame,
  { personId, paymentId, begun, at }: { personId: PersonId; paymentId: PaymentId; begun: Date; at: Date },
): void {
  const steps = [
    ['new', 'creating', 'payer', begun],
    ['creating', 'awaiting_payer', 'acquirer', begun],
    ['awaiting_payer', 'succeeded', 'acquirer', at],
  ] as const;
  for (const [from, to, source, when] of steps)
    addNamed(rows, 'payment_event', {
      person_id: personId,
      event_id: house.makeId<Id<'event'>>(when),
      payment_id: paymentId,
      at: when,
      from_state: from,
      to_state: to,
      source,
    });
}
