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
  lockInvitation,
  lockLiveShares,
  lockShare,
  type Share,
  selectOverdueShares,
  selectShare,
  updateShare,
} from '../queries/shares.ts';
import { moveLink } from '../queries.ts';
import { type EndOfShare, tellEnded } from './tell-sharing.ts';

/**
 * The owner takes a share back, or all that was offered with it; the helper's next request finds nothing.
 * @throws NotFound, Conflict when it is over already
 */
export async function revokeShare(
  context: Context,
  actor: Actor,
  shareId: ShareId,
  { whole = false }: { whole?: boolean } = {},
): Promise<LinkId> {
  authorise(actor, access.share);
  const { personId } = personOf(actor);
  return transaction(context.db, async (trx) => {
    const known = whole ? await selectShare(trx, personId, shareId) : await lockShare(trx, personId, shareId);
    if (!known) throw new NotFound();
    const together = whole ? await lockInvitation(trx, personId, known.invitation_id) : [known].filter(isLive);
    // Asked to close all of them, the person closes what is left, also when one of them was closed in another window.
    if (together.length === 0) throw new Conflict('Этот доступ уже закрыт.', 'share_ended');
    await end(context, trx, together, 'revoked', personId);
    return known.link_id;
  });
}

/** Offered or in force. */
export const isLive = ({ state }: Share): boolean => state === 'invited' || state === 'accepted';

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
  await end(context, trx, [share], 'declined', helperId);
}

/** All that hangs on a link of the owner ends with it, in the transaction that ends it. */
export async function endSharesOfLink(
  context: Pick<Context, 'config' | 'clock'>,
  trx: Transaction,
  ownerId: PersonId,
  linkId: LinkId,
): Promise<void> {
  for (const share of await lockLiveShares(trx, ownerId, linkId)) await end(context, trx, [share], 'ended', ownerId);
}

/** Shares of one invitation that end together: one letter tells of them. In the caller's transaction. */
export async function end(
  context: Pick<Context, 'config' | 'clock'>,
  trx: Transaction,
  shares: readonly Share[],
  state: EndOfShare,
  by: PersonId,
): Promise<void> {
  const at = context.clock();
  for (const share of shares) {
    const { person_id: subject, house_id: houseId, account_id: accountId, share_id: shareId } = share;
    await updateShare(trx, share, { state, ended_at: at });
    await deleteShareCode(trx, share);
    if (share.helper_id && share.helper_link_id)
      await moveLink(trx, {
        ...{ personId: share.helper_id, linkId: share.helper_link_id, from: ['shared'], to: 'removed' },
        ...{ refusal: null, at },
      });
    await audit(trx, { actor: by, action: `shares.${state}`, at, subject, houseId, accountId, details: { shareId } });
  }
  await tellEnded(context, trx, shares, state);
}

const isOver = ({ state, ends_at, expires_at }: Share, at: Date): boolean =>
  state === 'invited' ? expires_at <= at : ends_at !== null && ends_at <= at;

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
          const share = await selectShare(trx, ownerId, shareId);
          const together = share ? await lockInvitation(trx, ownerId, share.invitation_id) : [];
          const over = together.filter((one) => isOver(one, at));
          if (over.length > 0) await end(context, trx, over, 'ended', ownerId);
        });
      if (overdue.length < BATCH) return;
    }
  },
};
