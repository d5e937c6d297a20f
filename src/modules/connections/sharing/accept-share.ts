import { type Actor, authorise, personOf } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import { sha256 } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction } from '../../../platform/database/database.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import { type LinkId, newId, type PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import type { ShareRight } from '../../accounts/index.ts';
import { readHouses } from '../../houses/index.ts';
import { fullName, readPerson } from '../../identity/index.ts';
import { access } from '../access.ts';
import { canonicalCode } from '../connection.ts';
import { beginAttempt } from '../count-attempts.ts';
import {
  deleteShareCode,
  insertSharedLink,
  lockInvitation,
  type Share,
  selectSharesByCode,
  updateShare,
} from '../queries/shares.ts';
import { forgetAttempt, nameFailure, selectLesserLinks, selectLinkOfAccount } from '../queries.ts';
import { end } from './end-share.ts';
import { ownerNameOf } from './owner-name.ts';
import { tellAccepted } from './tell-sharing.ts';

const GONE =
  'Такого приглашения нет: код введён с ошибкой, уже использован, отозван или его срок вышел. Попросите новый.';

/** What is offered, before it is accepted: the street and the house, not the flat. */
export interface Offer {
  owner: string;
  addresses: string[];
  /** How many accounts are opened together. */
  accounts: number;
  rights: ShareRight[];
  until: Day | null;
  expiresAt: Date;
}

/**
 * What a code opens. Wrong codes count against the person's tries of the day.
 * @throws NotFound, TooMany
 */
export async function readOffer(context: Context, actor: Actor, code: string): Promise<Offer> {
  const shares = await findShares(context, actor, code);
  const { person_id: ownerId, rights, until, expires_at: expiresAt } = shares[0]!;
  const [owner, houses] = await Promise.all([
    ownerNameOf(context.db, ownerId),
    readHouses(context.db, [...new Set(shares.map(({ house_id }) => house_id))]),
  ]);
  const addresses = houses.map(({ shortAddress }) => shortAddress);
  return { owner, addresses, accounts: shares.length, rights, until, expiresAt };
}

/**
 * Takes all that a code opens. Signed in is enough: the owner says who is let in and sees their name at once, and no right of a share needs
 * a confirmed identity. Accounts that are the person's own already, or shared with them, are left out.
 * @returns the new links
 * @throws NotFound, TooMany; Conflict when nothing is left of it
 */
export async function acceptShare(context: Context, actor: Actor, code: string): Promise<LinkId[]> {
  const [found] = await findShares(context, actor, code);
  const { personId } = personOf(actor);
  const { person_id: ownerId, invitation_id: invitationId } = found!;
  if (ownerId === personId) throw new Conflict('Это ваш счёт: приглашение нужно принять другому человеку.');
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const offered = (await lockInvitation(trx, ownerId, invitationId)).filter((share) => isOpen(share, at));
    if (offered.length === 0) throw new NotFound(GONE);
    const [ownerName, helper] = [await ownerNameOf(trx, ownerId), await readPerson(trx, personId)];
    // The owner decides by the name whether this is whom they invited: what nobody has confirmed is called so.
    const helperName = helper ? `${fullName(helper)}${helper.confirmed ? '' : ' (имя не подтверждено)'}` : '';
    const given = { personId, ownerName, helperName, at };
    const taken: Share[] = [];
    let obstacle: Obstacle = 'gone';
    for (const share of offered) {
      const answer = await take(trx, share, given);
      if (typeof answer === 'string') obstacle = answer;
      else taken.push(answer);
    }
    if (taken.length === 0) throw refusalOf(obstacle);
    const rest = offered.filter(({ share_id }) => !taken.some((share) => share.share_id === share_id));
    await end(context, trx, rest, 'ended', personId);
    await tellAccepted(context, trx, taken, ownerName);
    return taken.map(({ helper_link_id }) => helper_link_id!);
  });
}

const isOpen = ({ state, expires_at, ends_at }: Share, at: Date): boolean =>
  state === 'invited' && expires_at > at && (ends_at === null || ends_at > at);

type Obstacle = 'gone' | 'own' | 'shared';

const refusalOf = (obstacle: Obstacle): Conflict | NotFound => {
  if (obstacle === 'own') return new Conflict('Этот счёт уже подключён к вашему кабинету.');
  if (obstacle === 'shared')
    return new Conflict('Доступ к этому счёту у вас уже есть. Чтобы изменить его, сначала откажитесь от прежнего.');
  return new NotFound(GONE);
};

/** One account of an invitation. @returns the share as it is now, or why not */
async function take(
  trx: Transaction,
  share: Share,
  { personId, ownerName, helperName, at }: { personId: PersonId; ownerName: string; helperName: string; at: Date },
): Promise<Share | Obstacle> {
  const { house_id: houseId, account_id: accountId, share_id: shareId, person_id: ownerId } = share;
  const own = await selectLinkOfAccount(trx, personId, houseId, accountId);
  if (own?.state === 'connected') return 'own';
  const linkId = newId<LinkId>();
  if (!(await insertSharedLink(trx, share, { personId, linkId, ownerName, at })))
    return (await selectLesserLinks(trx, personId, houseId, accountId)).some(({ state }) => state === 'shared')
      ? 'shared'
      : 'gone';
  const change = { helper_id: personId, helper_name: helperName, helper_link_id: linkId, accepted_at: at };
  const accepted = { state: 'accepted' as const, ...change };
  await updateShare(trx, share, accepted);
  await deleteShareCode(trx, share);
  await audit(trx, {
    ...{ actor: personId, action: 'shares.accepted', at, subject: ownerId, houseId, accountId },
    details: { shareId },
  });
  return { ...share, ...accepted };
}

async function findShares(context: Context, actor: Actor, code: string): Promise<Share[]> {
  authorise(actor, access.acceptShare);
  const person = personOf(actor);
  const { attemptId } = await beginAttempt(context, person, ', а владелец может пригласить вас письмом');
  const shares = await selectSharesByCode(context.db, sha256(canonicalCode(code)), context.clock());
  if (shares.length > 0) {
    await forgetAttempt(context.db, person.personId, attemptId);
    return shares;
  }
  await nameFailure(context.db, person.personId, attemptId, 'wrong_code');
  throw new NotFound(GONE);
}
