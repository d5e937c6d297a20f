import type { Db } from '../../../platform/database/database.ts';
import type { PartId, PersonId } from '../../../platform/ids.ts';
import '../tables.ts';

/** Everything that the person has paid or tried to, by the key of the parts. */
export async function selectPartsOfPerson(db: Db, personId: PersonId, after: PartId | null, limit: number) {
  let query = db
    .selectFrom('payment_part')
    .innerJoin('payment', (join) =>
      join
        .onRef('payment.person_id', '=', 'payment_part.person_id')
        .onRef('payment.payment_id', '=', 'payment_part.payment_id'),
    )
    .select(['payment_part.part_id as partId', 'payment_part.account_number as account', 'payment_part.address'])
    .select(['payment_part.period', 'payment_part.amount', 'payment_part.posted_at as postedAt'])
    .select(['payment.payment_id as paymentId', 'payment.order_id as orderId', 'payment.state'])
    .select(['payment.description', 'payment.external_id as bankNumber', 'payment.refusal'])
    .select(['payment.created_at as createdAt', 'payment.paid_at as paidAt'])
    .where('payment_part.person_id', '=', personId);
  if (after) query = query.where('payment_part.part_id', '>', after);
  return query.orderBy('payment_part.part_id').limit(limit).execute();
}

/** Payments whose end is not known yet: the bank may still take the money. */
export async function selectUnfinished(db: Db, personId: PersonId) {
  return db
    .selectFrom('payment')
    .select(['payment_id as paymentId', 'order_id as orderId', 'amount', 'created_at as createdAt'])
    .where('person_id', '=', personId)
    .where((where) =>
      where.or([
        where('state', 'in', ['creating', 'awaiting_payer', 'needs_person']),
        where.and([where('state', '=', 'succeeded'), where('posted_at', 'is', null)]),
      ]),
    )
    .orderBy('payment_id')
    .limit(20)
    .execute();
}
