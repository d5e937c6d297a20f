import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { type AccountId, type HouseId, type LinkId, newId, type PersonId } from '../../platform/ids.ts';
import { isNamedPayer, isPayer, readAccounts } from '../accounts/index.ts';
import { sendNotice } from '../notices/index.ts';
import { selectSuspendedPayers } from './queries/payers.ts';
import { insertLink, moveLink } from './queries.ts';

/**
 * After accounts were given their former payers back: whoever had one suspended for it is connected again, by a link of its own, for
 * their proof holds as before. What they had shared has ended and is theirs to share anew. In the caller's transaction.
 */
export async function resumePayers(
  context: Pick<Context, 'config' | 'clock'>,
  trx: Transaction,
  by: PersonId,
  houseId: HouseId,
  accountIds: readonly AccountId[],
): Promise<void> {
  if (accountIds.length === 0) return;
  const links = await selectSuspendedPayers(trx, houseId, accountIds);
  if (links.length === 0) return;
  const ids = [...new Set(links.map(({ accountId }) => accountId))];
  const cards = new Map((await readAccounts(trx, houseId, ids)).map((card) => [card.accountId, card]));
  const done = new Set<string>();
  for (const link of links) {
    const { personId, linkId, accountId, providerId, title, proof, person } = link;
    const at = context.clock();
    const isAgain = proof === 'payer' ? isPayer : isNamedPayer;
    if (done.has(`${personId} ${accountId}`) || !isAgain(person, cards.get(accountId)!)) continue;
    if (!(await moveLink(trx, { personId, linkId, from: ['suspended'], to: 'removed', refusal: null, at }))) continue;
    done.add(`${personId} ${accountId}`);
    const fresh = newId<LinkId>();
    const again = { state: 'connected', proof, claimId: null } as const;
    await insertLink(trx, { personId, linkId: fresh, houseId, accountId, providerId, title, ...again, at });
    await audit(trx, { actor: by, action: 'accounts.resumed', at, subject: personId, houseId, accountId });
    await tell(context, trx, personId, fresh);
  }
}

const tell = (
  { config, clock }: Pick<Context, 'config' | 'clock'>,
  trx: Transaction,
  personId: PersonId,
  linkId: LinkId,
) =>
  sendNotice({ config, clock }, trx, {
    kind: 'access_changed',
    personId,
    object: `${linkId}:resumed`,
    subject: 'Доступ к лицевому счёту снова открыт',
    content: {
      title: 'Доступ к лицевому счёту снова открыт',
      paragraphs: [
        'Организация по ошибке сообщила, что плательщик счёта сменился, и отменила это. Счёт снова в вашем кабинете, подключать его не нужно.',
        'Если вы открывали этот счёт другим людям, откройте его им ещё раз.',
      ],
      action: { label: 'Мои счета', url: `${config.PUBLIC_URL}/accounts` },
    },
  });
