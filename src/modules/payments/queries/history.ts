import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, HouseId, PartId, PersonId } from '../../../platform/ids.ts';
import '../tables.ts';

export interface HistoryFilter {
  account: { houseId: HouseId; accountId: AccountId } | null;
  /** Included. */
  from: Date;
  /** Excluded. */
  until: Date;
  /** The last part shown: the page begins after it. */
  after: PartId | null;
  limit: number;
}

/**
 * Parts of the person's payments, newest first. Part ids are made in the order of time, so they are the key of the pages.
 * Steps that nobody began and attempts that failed and were repeated are left out.
 */
export async function selectHistory(db: Db, personId: PersonId, filter: HistoryFilter) {
  let query = db
    .selectFrom('payment_part')
    .innerJoin('payment', (join) =>
      join
        .onRef('payment.person_id', '=', 'payment_part.person_id')
        .onRef('payment.payment_id', '=', 'payment_part.payment_id'),
    )
    .select([
      'payment_part.part_id as partId',
      'payment_part.order_id as orderId',
      'payment_part.house_id as houseId',
      'payment_part.account_id as accountId',
      'payment_part.account_number as accountNumber',
      'payment_part.address',
      'payment_part.recipient_id as recipientId',
      'payment_part.period',
      'payment_part.amount',
      'payment_part.posted_at as postedAt',
      'payment.state',
      'payment.created_at as createdAt',
      'payment.paid_at as paidAt',
      'payment.succeeded_at as succeededAt',
      'payment.changed_at as changedAt',
    ])
    .where('payment_part.person_id', '=', personId)
    .where('payment.state', '!=', 'new')
    .where('payment.replaced_by', 'is', null)
    .where('payment.created_at', '>=', filter.from)
    .where('payment.created_at', '<', filter.until);
  if (filter.account)
    query = query
      .where('payment_part.house_id', '=', filter.account.houseId)
      .where('payment_part.account_id', '=', filter.account.accountId);
  if (filter.after) query = query.where('payment_part.part_id', '<', filter.after);
  return query.orderBy('payment_part.part_id', 'desc').limit(filter.limit).execute();
}

/** Accounts that the person has ever paid for here, for the filter. */
export async function selectPaidAccounts(db: Db, personId: PersonId) {
  return db
    .selectFrom('payment_part')
    .select(['house_id as houseId', 'account_id as accountId', 'account_number as accountNumber', 'address'])
    .distinctOn(['house_id', 'account_id'])
    .where('person_id', '=', personId)
    .orderBy('house_id')
    .orderBy('account_id')
    .orderBy('part_id', 'desc')
    .limit(100)
    .execute();
}
