import { type Actor, actingFor, authorise, requireAllHouses } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction } from '../../../platform/database/database.ts';
import { Invalid } from '../../../platform/errors.ts';
import {
  newId,
  type OrganisationId,
  type PersonId,
  type RequisiteChangeId,
  type RequisiteId,
} from '../../../platform/ids.ts';
import { listRequisites, upsertRequisite } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { type BankSet, insertChange, lockRequisites, selectPendingChange } from '../queries/requisites.ts';
import { tellOfAsked, tellOfFirst } from './tell.ts';

export type Sender = Pick<Context, 'config' | 'clock'>;

export interface Offered extends BankSet {
  organisationId: OrganisationId;
  by: PersonId;
  /** The head's own word makes the first account of an organisation: no money goes anywhere yet that could be led away. */
  byHead: boolean;
}

export type Outcome = { state: 'known' | 'first'; requisiteId: RequisiteId } | { state: 'pending' };

/**
 * A new bank account, in the caller's transaction: the first one is there at once, any other waits for a second person. A known or
 * waiting one is not asked for again.
 */
export async function offerRequisite(context: Sender, trx: Transaction, offered: Offered): Promise<Outcome> {
  const { organisationId, by, byHead, ...set } = offered;
  await lockRequisites(trx, organisationId);
  const sets = await listRequisites(trx, organisationId);
  const known = sets.find((one) => one.bik === set.bik && one.bank_account === set.bankAccount);
  if (known) return { state: 'known', requisiteId: known.requisite_id };
  const at = context.clock();
  const details = { bik: set.bik, bankAccount: set.bankAccount };
  if (sets.length === 0 && byHead) {
    const requisiteId = await upsertRequisite(trx, { organisationId, ...set });
    await audit(trx, {
      actor: by,
      action: 'requisite.added',
      at,
      organisationId,
      details: { ...details, requisiteId },
    });
    await tellOfFirst(context, trx, offered);
    return { state: 'first', requisiteId };
  }
  if (await selectPendingChange(trx, organisationId, set)) return { state: 'pending' };
  const changeId = newId<RequisiteChangeId>();
  await insertChange(trx, { ...set, organisationId, changeId, askedBy: by, at });
  await audit(trx, { actor: by, action: 'requisite.asked', at, organisationId, details: { ...details, changeId } });
  await tellOfAsked(context, trx, { ...set, organisationId, changeId, askedBy: by });
  return { state: 'pending' };
}

/** The head or the accountant asks for a new account on the page. @throws Invalid for one that is there, or waits already */
export async function askRequisite(context: Context, actor: Actor, set: BankSet): Promise<'first' | 'pending'> {
  authorise(actor, access.askRequisite);
  const { personId, acting } = actingFor(actor);
  requireAllHouses(acting);
  const { organisationId } = acting;
  return transaction(context.db, async (trx) => {
    if (await selectPendingChange(trx, organisationId, set))
      throw new Invalid([{ field: 'bankAccount', message: 'Этот счёт уже ждёт подтверждения' }]);
    const offered = { ...set, organisationId, by: personId, byHead: acting.role === 'head' };
    const outcome = await offerRequisite(context, trx, offered);
    if (outcome.state === 'known')
      throw new Invalid([{ field: 'bankAccount', message: 'Такой счёт у организации уже есть' }]);
    return outcome.state;
  });
}
