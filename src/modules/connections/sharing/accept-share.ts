import { type Actor, authorise, personOf } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import { sha256 } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction, violatedConstraint } from '../../../platform/database/database.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import { type LinkId, newId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import type { ShareRight } from '../../accounts/index.ts';
import { readHouse } from '../../houses/index.ts';
import { fullName, readPerson } from '../../identity/index.ts';
import { access } from '../access.ts';
import { canonicalCode } from '../connection.ts';
import { beginAttempt } from '../count-attempts.ts';
import {
  deleteShareCode,
  insertSharedLink,
  lockShare,
  type Share,
  selectShareByCode,
  updateShare,
} from '../queries/shares.ts';
import { forgetAttempt, nameFailure, selectLinkOfAccount } from '../queries.ts';
import { ownerNameOf } from './owner-name.ts';
import { tellAccepted } from './tell-sharing.ts';

const GONE =
  'Такого приглашения нет: код введён с ошибкой, уже использован, отозван или его срок вышел. Попросите новый.';

/** What is offered, before it is accepted: the street and the house, not the flat. */
export interface Offer {
  owner: string;
  address: string;
  rights: ShareRight[];
  until: Day | null;
  expiresAt: Date;
}

/**
 * What a code opens. Wrong codes count against the person's tries of the day.
 * @throws NotFound, TooMany
 */
export async function readOffer(context: Context, actor: Actor, code: string): Promise<Offer> {
  const share = await findShare(context, actor, code);
  const [owner, house] = await Promise.all([
    ownerNameOf(context.db, share.person_id),
    readHouse(context.db, share.house_id),
  ]);
  const { rights, until, expires_at: expiresAt } = share;
  return { owner, address: house?.shortAddress ?? '', rights, until, expiresAt };
}

/**
 * Signed in is enough: the owner says who is let in and sees their name at once, and no right of a share needs a confirmed identity.
 * @throws NotFound, TooMany; Conflict when the account is theirs or shared with them already
 */
export async function acceptShare(context: Context, actor: Actor, code: string): Promise<LinkId> {
  const found = await findShare(context, actor, code);
  const { personId } = personOf(actor);
  const at = context.clock();
  const linkId = newId<LinkId>();
  await transaction(context.db, async (trx) => {
    const share = await lockShare(trx, found.person_id, found.share_id);
    if (share?.state !== 'invited' || share.expires_at <= at || (share.ends_at && share.ends_at <= at))
      throw new NotFound(GONE);
    if (share.person_id === personId) throw new Conflict('Это ваш счёт: приглашение нужно принять другому человеку.');
    const own = await selectLinkOfAccount(trx, personId, share.house_id, share.account_id);
    if (own?.state === 'connected') throw new Conflict('Этот счёт уже подключён к вашему кабинету.');
    const [ownerName, helper] = [await ownerNameOf(trx, share.person_id), await readPerson(trx, personId)];
    // The owner decides by the name whether this is whom they invited: what nobody has confirmed is called so.
    const helperName = helper ? `${fullName(helper)}${helper.confirmed ? '' : ' (имя не подтверждено)'}` : '';
    if (!(await insertSharedLink(trx, share, { personId, linkId, ownerName, at }))) throw new NotFound(GONE);
    await updateShare(trx, share, {
      state: 'accepted',
      helper_id: personId,
      helper_name: helperName,
      helper_link_id: linkId,
      accepted_at: at,
    });
    await deleteShareCode(trx, share);
    await audit(trx, {
      actor: personId,
      action: 'shares.accepted',
      at,
      subject: share.person_id,
      houseId: share.house_id,
      accountId: share.account_id,
      details: { shareId: share.share_id },
    });
    await tellAccepted(context, trx, { ...share, helper_id: personId, helper_name: helperName }, ownerName);
  }).catch((error) => {
    if (violatedConstraint(error) === 'account_link_shared_once')
      throw new Conflict('Доступ к этому счёту у вас уже есть. Чтобы изменить его, сначала откажитесь от прежнего.');
    throw error;
  });
  return linkId;
}

async function findShare(context: Context, actor: Actor, code: string): Promise<Share> {
  authorise(actor, access.acceptShare);
  const person = personOf(actor);
  const attemptId = await beginAttempt(context, person);
  const share = await selectShareByCode(context.db, sha256(canonicalCode(code)), context.clock());
  if (share) {
    await forgetAttempt(context.db, person.personId, attemptId);
    return share;
  }
  await nameFailure(context.db, person.personId, attemptId, 'wrong_code');
  throw new NotFound(GONE);
}
