import type { AccountId, HouseId, OrganisationId, RequisiteId } from '../../platform/ids.ts';
import type { Kopecks } from '../../platform/money.ts';
import type { Month } from '../../platform/month.ts';

/** One recipient's part of what a payer wants to pay: an account, a set of requisites and a sum. */
export interface OrderItem {
  houseId: HouseId;
  accountId: AccountId;
  requisiteId: RequisiteId;
  recipientId: OrganisationId;
  accountNumber: string;
  address: string;
  /** The recipient's account at the splitting acquirer. */
  splitAccount: string | null;
  period: Month | null;
  amount: Kopecks;
}

export interface TakingShop {
  organisationId: OrganisationId;
  shopId: string;
}

export interface Shops {
  /** The operator's shop that splits a payment among recipients. */
  split: TakingShop | null;
  /** Shops of recipients themselves. */
  own: ReadonlyMap<OrganisationId, TakingShop>;
}

export interface PlannedPayment {
  shop: TakingShop;
  items: readonly OrderItem[];
}

export type Plan =
  | { kind: 'planned'; mode: 'split' | 'steps'; payments: readonly PlannedPayment[] }
  | { kind: 'unpayable'; recipients: ReadonlySet<OrganisationId> };

/** Whether money for a recipient can be taken here at all. */
export const isPayable = (recipient: { recipientId: OrganisationId; splitAccount: string | null }, shops: Shops) =>
  shops.own.has(recipient.recipientId) || (shops.split !== null && recipient.splitAccount !== null);

/**
 * How the order is paid. One payment with transfers when the operator's shop can pay every recipient; otherwise one payment
 * after another, each to its recipient's own shop. A recipient without an own shop that the operator's can pay is a step there.
 */
export function planOrder(items: readonly OrderItem[], shops: Shops): Plan {
  const unpayable = new Set(items.filter((item) => !isPayable(item, shops)).map(({ recipientId }) => recipientId));
  if (unpayable.size > 0) return { kind: 'unpayable', recipients: unpayable };
  const { split } = shops;
  if (split && items.every(({ splitAccount }) => splitAccount !== null))
    return { kind: 'planned', mode: 'split', payments: [{ shop: split, items }] };
  const byShop = new Map<string, { shop: TakingShop; items: OrderItem[] }>();
  for (const item of items) {
    const own = shops.own.get(item.recipientId);
    const shop = own ?? split!;
    const key = `${shop.organisationId} ${shop.shopId}`;
    const known = byShop.get(key);
    // The parts of one's own shop need no transfer.
    const part = own ? { ...item, splitAccount: null } : item;
    if (known) known.items.push(part);
    else byShop.set(key, { shop, items: [part] });
  }
  return { kind: 'planned', mode: 'steps', payments: [...byShop.values()] };
}

const LONGEST_DESCRIPTION = 128;

/** What the payer reads on the bank's page. Account numbers only: no names, no addresses. */
export function describePayment(items: readonly Pick<OrderItem, 'accountNumber'>[]): string {
  const numbers = [...new Set(items.map(({ accountNumber }) => accountNumber))];
  const text = `Оплата ЖКУ, ${numbers.length === 1 ? 'лицевой счёт' : 'лицевые счета'} ${numbers.join(', ')}`;
  return text.length <= LONGEST_DESCRIPTION ? text : `${text.slice(0, LONGEST_DESCRIPTION - 1)}…`;
}

/** The largest sum of one part; a card payment above it is not taken anywhere. */
export const MOST = 1_000_000_00n;
