import { type Actor, authorise } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Invalid } from '../../platform/errors.ts';
import type { HouseId, MeterId } from '../../platform/ids.ts';
import { accountsOfPremises } from '../accounts/index.ts';
import { access } from './access.ts';
import type { MeterWrite } from './check-meter.ts';
import { houseOfActor } from './own-meters.ts';
import { addSummary } from './summarise-house.ts';
import { todayAt } from './windows.ts';
import { writeMeters } from './write-meters.ts';

export type NewMeter = Omit<MeterWrite, 'meterId' | 'accounts' | 'change' | 'onDay'>;

/**
 * Puts a device on the register of a house. A device of a flat charges the organisation's own accounts of that flat.
 * @throws NotFound for a house that is not on the organisation's list, Invalid with what is wrong in the card
 */
export async function registerMeter(
  context: Context,
  actor: Actor,
  houseId: HouseId,
  card: NewMeter,
): Promise<MeterId> {
  authorise(actor, access.changeMeter);
  const { house, organisationId, personId } = await houseOfActor(context.db, actor, houseId);
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const accountIds = card.premisesId ? await accountsOfPremises(trx, houseId, card.premisesId, organisationId) : [];
    if (card.premisesId && accountIds.length === 0)
      throw new Invalid([
        {
          field: 'premises',
          message: 'В этом помещении у вашей организации нет лицевых счетов: прибор не к чему привязать',
        },
      ]);
    const writer = { houseId, regionCode: house.regionCode, organisationId, personId, at };
    const [written] = await writeMeters(trx, writer, [
      {
        ...card,
        meterId: null,
        accounts: accountIds.map((accountId) => ({ accountId, providerId: organisationId })),
        change: 'installed',
        onDay: card.installedOn ?? card.usedFrom ?? todayAt(house, at),
      },
    ]);
    if (written?.state !== 'written') throw new Invalid(written?.errors ?? []);
    await addSummary(trx, houseId, at);
    await audit(trx, {
      actor: personId,
      action: 'meters.installed',
      at,
      organisationId,
      houseId,
      details: { meterId: written.meterId },
    });
    return written.meterId;
  });
}
