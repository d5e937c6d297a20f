import { type Actor, authorise } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction, violatedConstraint } from '../../platform/database/database.ts';
import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import type { HouseId, MeterId, ReadingId } from '../../platform/ids.ts';
import type { Month } from '../../platform/month.ts';
import { access } from './access.ts';
import { DELIVERY_TRANSITIONS, type DeliveryState } from './meter.ts';
import { houseOfActor, type OwnHouse } from './own-meters.ts';
import { decide, dropForsaken, selectDeliveredMeters, takeBack } from './queries/decisions.ts';
import { lockMeters } from './queries/meters.ts';
import { recountMonths } from './recount-months.ts';
import { addDeclined } from './reminders/tell-declined.ts';
import { addSummary } from './summarise-house.ts';

/** States from which a delivery may be decided so. */
const from = (to: DeliveryState): DeliveryState[] =>
  (Object.keys(DELIVERY_TRANSITIONS) as DeliveryState[]).filter((state) => DELIVERY_TRANSITIONS[state].includes(to));

const DECIDED = 'Это показание уже решено или заменено новым. Откройте список ещё раз.';

/**
 * The organisation takes a reading into its charges. One that it had declined counts again.
 * @throws NotFound for a reading that was not delivered to it, Conflict when it may not be decided any more
 */
export async function acceptReading(
  context: Context,
  actor: Actor,
  houseId: HouseId,
  readingId: ReadingId,
): Promise<void> {
  try {
    await deciding(context, actor, houseId, readingId, 'accepted', null, async (trx, own, at) => {
      const back = await takeBack(trx, houseId, readingId);
      if (back) await recount(trx, own, [back], at);
    });
  } catch (error) {
    if (violatedConstraint(error) !== 'reading_once') throw error;
    throw new Conflict('За этот месяц уже есть новое показание: примите его.', 'reading_replaced');
  }
}

/**
 * The organisation does not take a reading and says why; the resident reads it word for word. A value that no provider stands by counts
 * no more, and its months are counted anew.
 * @throws Invalid without a reason
 */
export async function declineReading(
  context: Context,
  actor: Actor,
  houseId: HouseId,
  readingId: ReadingId,
  reason: string,
): Promise<void> {
  const said = reason.trim();
  if (said.length < 5)
    throw new Invalid([{ field: 'reason', message: 'Напишите, что не так и что жителю сделать: он это прочтёт' }]);
  if (said.length > 500) throw new Invalid([{ field: 'reason', message: 'Не больше 500 знаков' }]);
  await deciding(context, actor, houseId, readingId, 'declined', said, async (trx, own, at) => {
    await recount(trx, own, await dropForsaken(trx, houseId, [readingId]), at);
    await addDeclined(trx, houseId, own.organisationId, at);
  });
}

async function deciding(
  context: Context,
  actor: Actor,
  houseId: HouseId,
  readingId: ReadingId,
  to: 'accepted' | 'declined',
  reason: string | null,
  then: (trx: Transaction, own: OwnHouse, at: Date) => Promise<void>,
): Promise<void> {
  authorise(actor, access.decideDeliveries);
  const own = await houseOfActor(context.db, actor, houseId);
  const at = context.clock();
  const { organisationId, personId } = own;
  await transaction(context.db, async (trx) => {
    const ids = await selectDeliveredMeters(trx, houseId, organisationId, [readingId]);
    if (ids.length === 0) throw new NotFound('Такого показания у вашей организации нет.');
    // The device is held as recordReadings holds it: a correction of the resident comes before or after, not between.
    await lockMeters(trx, houseId, ids);
    const decided = await decide(trx, {
      houseId,
      organisationId,
      readingIds: [readingId],
      from: from(to),
      to,
      reason,
      by: personId,
      at,
    });
    if (decided.length === 0) throw new Conflict(DECIDED, 'delivery_state');
    await then(trx, own, at);
    await addSummary(trx, houseId, at);
    await audit(trx, {
      actor: personId,
      action: `meters.reading_${to}`,
      at,
      organisationId,
      houseId,
      details: { readingId, ...(reason && { reason }) },
    });
  });
}

/** Accepts all that waits in a house, once. @returns how many there were */
export async function acceptAll(context: Context, actor: Actor, houseId: HouseId): Promise<number> {
  authorise(actor, access.decideDeliveries);
  const { organisationId, personId } = await houseOfActor(context.db, actor, houseId);
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const decided = await decide(trx, {
      houseId,
      organisationId,
      readingIds: null,
      from: ['received', 'fetched'],
      to: 'accepted',
      reason: null,
      by: personId,
      at,
    });
    if (decided.length === 0) return 0;
    await addSummary(trx, houseId, at);
    await audit(trx, {
      actor: personId,
      action: 'meters.readings_accepted',
      at,
      organisationId,
      houseId,
      details: { accepted: decided.length },
    });
    return decided.length;
  });
}

async function recount(
  trx: Transaction,
  { house }: OwnHouse,
  changed: readonly { meterId: MeterId; period: Month }[],
  at: Date,
): Promise<void> {
  for (const { meterId, period } of changed) {
    const [meter] = await lockMeters(trx, house.houseId, [meterId]);
    await recountMonths(trx, house, meter!, period, at);
  }
}
