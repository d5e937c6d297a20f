import { type Actor, authorise } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { NotFound } from '../../platform/errors.ts';
import type { HouseId } from '../../platform/ids.ts';
import { access } from './access.ts';
import { houseOfActor, isSeenBy } from './own-meters.ts';
import { selectMeters } from './queries/meters.ts';
import { type NewReading, type Recorded, recordReadings } from './record-readings.ts';

/**
 * A clerk enters values for residents who phone, or control values that the organisation took itself. What is good is saved, what is
 * unusual is asked, what is wrong is said, one by one. Sent twice, the same values change nothing.
 * @returns an answer for each item, in their order
 * @throws NotFound for a device that the organisation does not see, before anything is written
 */
export async function enterReadings(
  context: Context,
  actor: Actor,
  houseId: HouseId,
  items: readonly NewReading[],
): Promise<Recorded[]> {
  authorise(actor, access.enterReadings);
  const { house, organisationId, personId } = await houseOfActor(context.db, actor, houseId);
  const ids = [...new Set(items.map(({ meterId }) => meterId))];
  const meters = await selectMeters(context.db, houseId, ids);
  if (meters.length < ids.length || meters.some((meter) => !isSeenBy(meter, organisationId))) throw new NotFound();
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const recorded = await recordReadings(trx, house, items, { source: 'organisation', organisationId, personId }, at);
    const saved = recorded.filter(({ state }) => state === 'saved').length;
    if (saved > 0)
      await audit(trx, {
        actor: personId,
        action: 'meters.readings_entered',
        at,
        organisationId,
        houseId,
        details: { saved },
      });
    return recorded;
  });
}
