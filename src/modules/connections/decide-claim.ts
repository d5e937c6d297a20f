import { type Actor, actingFor, authorise, throughOf } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import type { ClaimId } from '../../platform/ids.ts';
import { access } from './access.ts';
import { decideClaimRow, lockAccount, moveLink, selectClaim } from './queries.ts';
import { retireLesserLinks } from './retire-links.ts';
import { addTellConnected, tellDecided } from './tell-person.ts';

export interface Decision {
  approve: boolean;
  /** Said to the claimant; needed for a refusal. */
  reason: string | null;
}

/**
 * The organisation connects the account or refuses with a reason; the claimant's link moves in the same transaction.
 * @throws NotFound for another organisation's claim, Conflict when it is decided already, Invalid for a refusal without a reason
 */
export async function decideClaim(context: Context, actor: Actor, claimId: ClaimId, decision: Decision): Promise<void> {
  authorise(actor, access.decideClaim);
  const clerk = actingFor(actor);
  const organisationId = clerk.acting.organisationId;
  if (!decision.approve && !decision.reason)
    throw new Invalid([{ field: 'reason', message: 'Напишите, почему отказано и что человеку делать дальше' }]);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const claim = await selectClaim(trx, clerk.acting, claimId);
    if (!claim) throw new NotFound('Такой заявки нет.');
    const state = decision.approve ? 'approved' : 'refused';
    await lockAccount(trx, claim.house_id, claim.account_id);
    if (
      !(await decideClaimRow(trx, { organisationId, claimId, state, by: clerk.personId, reason: decision.reason, at }))
    )
      throw new Conflict('Эта заявка уже решена.', 'claim_decided');
    await moveLink(trx, {
      personId: claim.person_id,
      linkId: claim.link_id,
      from: ['pending'],
      to: decision.approve ? 'connected' : 'refused',
      refusal: decision.approve ? null : decision.reason,
      at,
    });
    const { person_id: personId, house_id: houseId, account_id: accountId } = claim;
    if (decision.approve) {
      await retireLesserLinks(context, trx, { personId, houseId, accountId }, at);
      await addTellConnected(trx, personId, at);
    }
    await audit(trx, {
      actor: clerk.personId,
      action: `claims.${state}`,
      at,
      organisationId,
      ...{ subject: personId, houseId, accountId },
      details: { claimId, ...throughOf(clerk.acting) },
    });
    await tellDecided(context, trx, {
      personId,
      claimId,
      provider: clerk.acting.name,
      approved: decision.approve,
      reason: decision.reason,
    });
  });
}
