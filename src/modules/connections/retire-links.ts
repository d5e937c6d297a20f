import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { AccountId, HouseId, PersonId } from '../../platform/ids.ts';
import { moveLink, selectLesserLinks } from './queries.ts';
import { declineShare } from './sharing/end-share.ts';

/** One's own account is not held by a share of somebody, nor by a link that was suspended. In the transaction that connects it. */
export async function retireLesserLinks(
  context: Context,
  trx: Transaction,
  { personId, houseId, accountId }: { personId: PersonId; houseId: HouseId; accountId: AccountId },
  at: Date,
): Promise<void> {
  for (const link of await selectLesserLinks(trx, personId, houseId, accountId))
    if (link.state === 'shared')
      await declineShare(context, trx, personId, { ownerId: link.owner_id!, shareId: link.share_id! });
    else await moveLink(trx, { personId, linkId: link.link_id, from: ['suspended'], to: 'removed', refusal: null, at });
}
