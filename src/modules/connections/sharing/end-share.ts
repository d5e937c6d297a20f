import { type Actor, authorise, personOf } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction } from '../../../platform/database/database.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import type { LinkId, PersonId } from '../../../platform/ids.ts';
import type { ScheduledJob } from '../../../platform/jobs/jobs.ts';
import type { ShareId } from '../../accounts/index.ts';
import { access } from '../access.ts';
import {
  deleteShareCode,
  lockLiveShares,
  lockShare,
  type Share,
  selectOverdueShares,
  updateShare,
} from '../queries/shares.ts';
import { moveLink } from '../queries.ts';
import { type EndOfShare, tellEnded } from './tell-sharing.ts';

/** The owner takes a share back; the helper's next request finds nothing. @throws NotFound, Conflict when it is over already */
export async function revokeShare(context: Context, actor: Actor, shareId: ShareId): Promise<LinkId> {
  authorise(actor, access.share);
  const { personId } = personOf(actor);
  return transaction(context.db, async (trx) => {
    const share = await lockShare(trx, personId, shareId);
    if (!share) throw new NotFound();
    if (share.state !== 'invited' && share.state !== 'accepted')
      throw new Conflict('Этот доступ уже закрыт.', 'share_ended');
    await end(context, trx, share, 'revoked', personId);
    return share.link_id;
  });
}

/** The helper gives a share back. In the caller's transaction. */
export async function declineShare(
  context: Context,
  trx: Transaction,
  helperId: PersonId,
  { ownerId, shareId }: { ownerId: PersonId; shareId: ShareId },
): Promise<void> {
  const share = await lockShare(trx, ownerId, shareId);
  if (share?.state !== 'accepted' || share.helper_id !== helperId)
    throw new Conflict('Этот доступ уже закрыт.', 'share_ended');
  await end(context, trx, share, 'declined', helperId);
}

/** All that hangs on a link of the owner ends with it, in the transaction that ends it. */
export async function endSharesOfLink(
  context: Pick<Context, 'config' | 'clock'>,
  trx: Transaction,
  ownerId: PersonId,
  linkId: LinkId,
): Promise<void> {
  for (const share of await lockLiveShares(trx, ownerId, linkId)) await end(context, trx, share, 'ended', ownerId);
}

async function end(
  context: Pick<Context, 'config' | 'clock'>,
  trx: Transaction,
  share: Share,
  state: EndOfShare,
  by: PersonId,
): Promise<void> {
  const at = context.clock();
  await updateShare(trx, share, { state, ended_at: at });
  await deleteShareCode(trx, share);
  if (share.helper_id && share.helper_link_id)
    await moveLink(trx, {
      personId: share.helper_id,
      linkId: share.helper_link_id,
      from: ['shared'],
      to: 'removed',
      refusal: null,
      at,
    });
  await audit(trx, {
    actor: by,
    action: `shares.${state}`,
    at,
    subject: share.person_id,
    houseId: share.house_id,
    accountId: share.account_id,
    details: { shareId: share.share_id },
  });
  await tellEnded(context, trx, share, state);
}

const BATCH = 200;

/** The rights end at their moment by the statement that asks for them; this moves the rows and tells both. */
export const endOverdueShares: ScheduledJob = {
  name: 'connections.end_shares',
  cron: '*/10 * * * *',
  async run(context) {
    const at = context.clock();
    for (;;) {
      const overdue = await selectOverdueShares(context.db, at, BATCH);
      for (const { ownerId, shareId } of overdue)
        await transaction(context.db, async (trx) => {
          const share = await lockShare(trx, ownerId, shareId);
          const live = share?.state === 'invited' || share?.state === 'accepted';
          if (share && live) await end(context, trx, share, 'ended', ownerId);
        });
      if (overdue.length < BATCH) return;
    }
  },
};
