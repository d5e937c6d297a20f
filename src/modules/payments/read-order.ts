import type { Db } from '../../platform/database/database.ts';
import { NotFound } from '../../platform/errors.ts';
import type { OrderId, OrganisationId, PersonId } from '../../platform/ids.ts';
import type { Kopecks } from '../../platform/money.ts';
import { readOrganisations } from '../organisations/index.ts';
import type { PaymentState } from './payment.ts';
import { type PartRow, type PaymentRow, selectOrder, selectParts, selectPaymentsOfOrder } from './queries/orders.ts';

export interface OrderStep {
  payment: PaymentRow;
  parts: (PartRow & { recipient: string })[];
  /** Tries before this one, that failed. */
  earlier: number;
}

export interface Order {
  orderId: OrderId;
  total: Kopecks;
  mode: 'split' | 'steps';
  createdAt: Date;
  /** The payments that count, in their order: a repeated one stands for those it replaced. */
  steps: OrderStep[];
}

/** An order of the person with all there is to show. @throws NotFound for another's */
export async function readOrder(db: Db, personId: PersonId, orderId: OrderId): Promise<Order> {
  const order = await selectOrder(db, personId, orderId);
  if (!order) throw new NotFound();
  const payments = await selectPaymentsOfOrder(db, personId, orderId);
  const live = payments.filter(({ replaced_by }) => replaced_by === null);
  const parts = await selectParts(
    db,
    personId,
    live.map(({ payment_id }) => payment_id),
  );
  const names = await recipientNames(
    db,
    parts.map(({ recipient_id }) => recipient_id),
  );
  return {
    orderId,
    total: order.total,
    mode: order.mode,
    createdAt: order.created_at,
    steps: live.map((payment) => ({
      payment,
      earlier: payments.filter(({ position }) => position === payment.position).length - 1,
      parts: parts
        .filter(({ payment_id }) => payment_id === payment.payment_id)
        .map((part) => ({ ...part, recipient: names.get(part.recipient_id) ?? '' })),
    })),
  };
}

export async function recipientNames(db: Db, ids: readonly OrganisationId[]): Promise<Map<OrganisationId, string>> {
  const organisations = await readOrganisations(db, [...new Set(ids)]);
  return new Map(organisations.map(({ organisationId, shortName }) => [organisationId, shortName]));
}

/** States in order, for telling whether the page that somebody looks at is still true. */
export const fingerprint = (steps: readonly { payment: Pick<PaymentRow, 'state' | 'posted_at'> }[]): string =>
  steps.map(({ payment }) => payment.state + (payment.posted_at ? '*' : '')).join('.');

/** The page is worth following: something may change without the payer. */
export const isMoving = (payment: { state: PaymentState; posted_at: Date | null }): boolean =>
  payment.state === 'creating' ||
  payment.state === 'awaiting_payer' ||
  (payment.state === 'succeeded' && payment.posted_at === null);
