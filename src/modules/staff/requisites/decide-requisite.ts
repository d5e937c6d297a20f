import { type Actor, actingFor, authorise, personOf, requireAllHouses } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction } from '../../../platform/database/database.ts';
import { Conflict, Forbidden, NotFound } from '../../../platform/errors.ts';
import type { OrganisationId, PersonId, RequisiteChangeId } from '../../../platform/ids.ts';
import { listMoneyKeepers, noteRequisitesChanged, upsertRequisite } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { decideChange, lockChange, lockRequisites, type RequisiteChange } from '../queries/requisites.ts';
import { todayAt } from '../staff.ts';
import { tellOfDecided } from './tell.ts';

export type Verdict = { confirm: true } | { confirm: false; reason: string };

const OWN = 'Свой счёт подтверждает не тот, кто о нём попросил: это делает другой руководитель или бухгалтер.';
const DECIDED = 'По этому счёту решение уже принято. Обновите страницу.';

/** Another head or accountant of the organisation decides about a new account. @throws Forbidden for who asked */
export async function decideRequisite(
  context: Context,
  actor: Actor,
  changeId: RequisiteChangeId,
  verdict: Verdict,
): Promise<void> {
  authorise(actor, access.decideRequisite);
  const { personId, acting } = actingFor(actor);
  requireAllHouses(acting);
  const { organisationId } = acting;
  await transaction(context.db, async (trx) => {
    const change = await lockPending(trx, organisationId, changeId);
    if (change.askedBy === personId) throw new Forbidden(OWN);
    await decide(context, trx, change, personId, verdict);
  });
}

/**
 * The administrator decides where nobody of the organisation can.
 * @throws Conflict when somebody of the organisation can; Forbidden when the administrator asked for it as its employee
 */
export async function decideRequisiteFor(
  context: Context,
  actor: Actor,
  key: { organisationId: OrganisationId; changeId: RequisiteChangeId },
  verdict: Verdict,
): Promise<void> {
  authorise(actor, access.decideLonelyRequisites);
  const { personId } = personOf(actor);
  await transaction(context.db, async (trx) => {
    const change = await lockPending(trx, key.organisationId, key.changeId);
    if (change.askedBy === personId) throw new Forbidden(OWN);
    const others = (await listMoneyKeepers(trx, key.organisationId, todayAt(context.clock()))).filter(
      (one) => one !== change.askedBy,
    );
    if (others.length > 0)
      throw new Conflict('В организации есть второй руководитель или бухгалтер: подтверждает он.', 'second_person');
    await decide(context, trx, change, personId, verdict);
  });
}

/** Who asked thinks better of it. */
export async function withdrawRequisite(context: Context, actor: Actor, changeId: RequisiteChangeId): Promise<void> {
  authorise(actor, access.askRequisite);
  const { personId, acting } = actingFor(actor);
  const { organisationId } = acting;
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const change = await lockPending(trx, organisationId, changeId);
    if (change.askedBy !== personId) throw new NotFound();
    await decideChange(trx, change, { state: 'withdrawn', by: personId, reason: null, at });
    await audit(trx, { actor: personId, action: 'requisite.withdrawn', at, organisationId, details: { changeId } });
  });
}

async function lockPending(
  trx: Transaction,
  organisationId: OrganisationId,
  changeId: RequisiteChangeId,
): Promise<RequisiteChange> {
  await lockRequisites(trx, organisationId);
  const change = await lockChange(trx, organisationId, changeId);
  if (!change) throw new NotFound();
  if (change.state !== 'pending') throw new Conflict(DECIDED, 'requisite_decided');
  return change;
}

async function decide(
  context: Context,
  trx: Transaction,
  change: RequisiteChange,
  by: PersonId,
  verdict: Verdict,
): Promise<void> {
  const at = context.clock();
  const { organisationId, changeId, bik, bankAccount } = change;
  const state = verdict.confirm ? 'confirmed' : 'refused';
  const reason = verdict.confirm ? null : verdict.reason;
  await decideChange(trx, change, { state, by, reason, at });
  if (verdict.confirm) {
    await upsertRequisite(trx, change);
    await noteRequisitesChanged(trx, organisationId, at);
  }
  const details = { changeId, bik, bankAccount, askedBy: change.askedBy, ...(reason && { reason }) };
  await audit(trx, { actor: by, action: `requisite.${state}`, at, organisationId, subject: change.askedBy, details });
  await tellOfDecided(context, trx, change, { by, reason });
}
