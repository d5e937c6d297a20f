import { type Actor, authorise } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import type { HouseId } from '../../platform/ids.ts';
import { addJob } from '../../platform/jobs/jobs.ts';
import { access } from './access.ts';
import { houseOfActor, takingOfOrganisation } from './own-meters.ts';
import { remindMissingJob } from './reminders/remind-house.ts';

/**
 * Asks the residents of a house who have sent nothing this month, by e-mail and once a month each.
 * @throws NotFound for a house of others
 */
export async function askForReadings(context: Context, actor: Actor, houseId: HouseId): Promise<void> {
  authorise(actor, access.askForReadings);
  const { house, organisationId, personId } = await houseOfActor(context.db, actor, houseId);
  const at = context.clock();
  const { period } = await takingOfOrganisation(context.db, house, organisationId, at);
  await transaction(context.db, async (trx) => {
    await addJob(
      trx,
      remindMissingJob,
      { organisationId, houseId, period },
      { key: `meters.remind_missing:${organisationId}:${houseId}` },
    );
    await audit(trx, {
      actor: personId,
      action: 'meters.asked_for_readings',
      at,
      organisationId,
      houseId,
      details: { period },
    });
  });
}
