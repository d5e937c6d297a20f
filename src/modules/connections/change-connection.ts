import { type Actor, authorise, personOf } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import type { LinkId } from '../../platform/ids.ts';
import { access } from './access.ts';
import { decideClaimRow, moveLink, renameLink, selectLink } from './queries.ts';
import { declineShare, endSharesOfLink } from './sharing/end-share.ts';

/** Gives the person's account a name of their own («Квартира мамы»); an empty name takes it away. */
export async function renameAccount(context: Context, actor: Actor, linkId: LinkId, title: string): Promise<void> {
  authorise(actor, access.renameAccount);
  if (!(await renameLink(context.db, personOf(actor).personId, linkId, title))) throw new NotFound();
}

/** Disconnects an account, withdraws the claim for it, or gives a share of somebody's back. What was shared from it ends. The organisation's data stay as they are. */
export async function disconnectAccount(context: Context, actor: Actor, linkId: LinkId): Promise<void> {
  authorise(actor, access.disconnectAccount);
  const { personId } = personOf(actor);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const link = await selectLink(trx, personId, linkId);
    if (!link) throw new NotFound();
    // The claim before the link, as the organisation decides it: two at once wait, and never for each other.
    if (link.state === 'pending' && link.claim_id)
      await decideClaimRow(trx, {
        organisationId: link.provider_id,
        claimId: link.claim_id,
        state: 'withdrawn',
        by: personId,
        reason: null,
        at,
      });
    if (link.state === 'shared')
      return declineShare(context, trx, personId, { ownerId: link.owner_id!, shareId: link.share_id! });
    const from = ['connected', 'pending', 'suspended', 'refused'] as const;
    if (!(await moveLink(trx, { personId, linkId, from, to: 'removed', refusal: null, at })))
      throw new Conflict('Этот счёт уже отключён.', 'already_removed');
    await endSharesOfLink(context, trx, personId, linkId);
    await audit(trx, {
      actor: personId,
      action: 'accounts.disconnected',
      at,
      subject: personId,
      houseId: link.house_id,
      accountId: link.account_id,
    });
  });
}
