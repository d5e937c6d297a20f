import { type Actor, authorise, humanOf, personOf } from '../../platform/access.ts';
import { deriveKey } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { type Db, type Transaction, transaction } from '../../platform/database/database.ts';
import { type FieldError, Invalid } from '../../platform/errors.ts';
import { once } from '../../platform/idempotency/idempotency.ts';
import type { AccountId, OrganisationId, RequisiteId } from '../../platform/ids.ts';
import { type Kopecks, sum, ZERO } from '../../platform/money.ts';
import type { Month } from '../../platform/month.ts';
import { seal, unseal } from '../../platform/sealing.ts';
import { formatRubles } from '../../ui/index.ts';
import { findAccounts, recordShareUse } from '../accounts/index.ts';
import { openGuestSession } from '../identity/index.ts';
import { access } from './access.ts';
import { MOST, type OrderItem } from './order.ts';
import { maskAddress, type Payable, readOwnPayables, readPayables } from './payables.ts';
import { type PlacedOrder, placeOrder } from './place-order.ts';

export interface ChosenSum {
  accountId: AccountId;
  requisiteId: RequisiteId;
  amount: Kopecks;
}

export interface PaymentWish {
  /** Of the form: the same form sent twice makes one order. */
  key: string;
  sums: readonly ChosenSum[];
  /** The month that the payer names; null: the oldest debt first. */
  period: Month | null;
}

const LEAST = 100n;

export const sumField = ({ accountId, requisiteId }: Pick<ChosenSum, 'accountId' | 'requisiteId'>): string =>
  `sum.${accountId}.${requisiteId}`;

/** Says what is wrong with the sums, all at once. Pure. */
export function checkSums(sums: readonly ChosenSum[]): FieldError[] {
  if (sums.length === 0) return [{ field: 'choose', message: 'Отметьте, что вы оплачиваете' }];
  const seen = new Set<string>();
  return sums.flatMap((chosen) => {
    const field = sumField(chosen);
    if (seen.has(field)) return [{ field, message: 'Этот счёт выбран дважды' }];
    seen.add(field);
    if (chosen.amount < LEAST) return [{ field, message: 'Укажите сумму не меньше 1 рубля' }];
    if (chosen.amount > MOST) return [{ field, message: 'Одним платежом можно оплатить не больше 1 000 000 рублей' }];
    return [];
  });
}

/**
 * A resident pays for accounts of their own, and for those shared with them to pay.
 * @throws Invalid with an error for each wrong sum, and for an account that is not connected (any more)
 */
export async function startPayment(context: Context, actor: Actor, wish: PaymentWish): Promise<PlacedOrder> {
  authorise(actor, access.payOwn);
  const { personId } = personOf(actor);
  throwAny(checkSums(wish.sums));
  const at = context.clock();
  return transaction(context.db, (trx) =>
    once(trx, { key: `pay:${personId}:${wish.key}`, request: wish, at }, async () => {
      const payables = await readOwnPayables(trx, personId, at);
      const items = matchItems(wish, payables);
      const placed = await placeOrder(trx, { personId, items, at });
      await recordUses(trx, wish, payables, placed, at);
      return placed;
    }),
  );
}

/** The owner of an account reads who began to pay for it, and how much. */
async function recordUses(
  trx: Transaction,
  wish: PaymentWish,
  payables: readonly Payable[],
  { orderId }: PlacedOrder,
  at: Date,
): Promise<void> {
  const shared = payables.flatMap(({ share, accountId, requisiteId }) => {
    const chosen = wish.sums.find((one) => one.accountId === accountId && one.requisiteId === requisiteId);
    return share && chosen ? [{ share, amount: chosen.amount }] : [];
  });
  for (const [, of] of Map.groupBy(shared, ({ share }) => share.shareId)) {
    const what = formatRubles(sum(of.map(({ amount }) => amount)));
    await recordShareUse(trx, of[0]!.share, { kind: 'payment', thingId: orderId, what }, at);
  }
}

export interface AnyAccount {
  /** Bill id, ЖКУ id, ЕЛС, or with a provider its own number. */
  number: string;
  providerId: OrganisationId | null;
}

/** The accounts that a number names, as a stranger may see them: no name, no debt, the address masked. */
export async function findAnyPayables(db: Db, account: AnyAccount, now: Date): Promise<Payable[]> {
  const found = await findAccounts(db, account);
  const payables = await readPayables(
    db,
    found.map((one) => ({ ...one, title: '' })),
    now,
  );
  return payables.map((payable) => ({
    ...payable,
    owed: ZERO,
    dueDay: null,
    overdue: false,
    address: maskAddress(payable.address),
  }));
}

export interface AnyOrder extends PlacedOrder {
  /** The session to give to a browser that had none. */
  session: Awaited<ReturnType<typeof openGuestSession>> | null;
}

/**
 * Anybody pays for any account by its number. Whoever is not signed in becomes a guest; the same form sent again gives the
 * same guest, so that the second answer, which the browser keeps, opens the order too.
 */
export async function startAnyPayment(
  context: Context,
  actor: Actor,
  wish: PaymentWish & { account: AnyAccount; email: string | null; userAgent: string },
): Promise<AnyOrder> {
  authorise(actor, access.payAny);
  throwAny(checkSums(wish.sums));
  const at = context.clock();
  const known = humanOf(actor)?.personId ?? null;
  const { userAgent: _, ...request } = wish;
  const sealingKey = deriveKey(context.config, 'guest sessions');
  const placed = await transaction(context.db, (trx) =>
    once(trx, { key: `pay-any:${known ?? ''}:${wish.key}`, request, at }, async () => {
      const items = matchItems(wish, await findAnyPayables(trx, wish.account, at));
      const session = known ? null : await openGuestSession(context, trx, wish);
      const order = await placeOrder(trx, { personId: known ?? session!.personId, items, at });
      const sealed = session && seal(sealingKey, JSON.stringify(session)).toString('base64');
      return { ...order, sealed };
    }),
  );
  const session = placed.sealed && JSON.parse(unseal(sealingKey, Buffer.from(placed.sealed, 'base64')));
  return { orderId: placed.orderId, session: session || null };
}

/** What was chosen must be among what may be paid: read in the same transaction. @throws Invalid */
function matchItems(wish: PaymentWish, payables: readonly Payable[]): OrderItem[] {
  const errors: FieldError[] = [];
  const items = wish.sums.flatMap((chosen): OrderItem[] => {
    const payable = payables.find(
      ({ accountId, requisiteId }) => accountId === chosen.accountId && requisiteId === chosen.requisiteId,
    );
    if (!payable) {
      errors.push({
        field: sumField(chosen),
        message: 'Этот счёт вам больше не доступен: откройте страницу оплаты заново',
      });
      return [];
    }
    if (!payable.payable)
      errors.push({
        field: sumField(chosen),
        message: `${payable.recipient.name} пока не принимает оплату здесь: оплатите по реквизитам в банке`,
      });
    const { houseId, accountId, requisiteId, recipientId, accountNumber, address, splitAccount } = payable;
    const where = { houseId, accountId, requisiteId, recipientId, accountNumber, address, splitAccount };
    return [{ ...where, period: wish.period, amount: chosen.amount }];
  });
  throwAny(errors);
  return items;
}

function throwAny(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new Invalid(errors);
}
