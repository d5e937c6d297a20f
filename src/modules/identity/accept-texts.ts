import { type Actor, authorise, personOf } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import { newId, type OrganisationId } from '../../platform/ids.ts';
import { listCapacities } from '../organisations/index.ts';
import { access } from './access.ts';
import type { Capacity } from './identity.ts';
import { insertAcceptance, keepAfterWithdrawal, selectTextsInForce } from './queries/consents.ts';
import { lockPerson } from './queries/erasing.ts';
import { setActing } from './queries/sessions.ts';

/**
 * Stores that the person accepts the texts in force on their own behalf or for one of their organisations, and lets them act so.
 * @param versions what the person was shown; a newer version published meanwhile must be read first
 */
export async function acceptTexts(
  context: Context,
  actor: Actor,
  input: { capacity: Capacity; forId?: OrganisationId | null; versions: Readonly<Record<string, number>> },
): Promise<void> {
  authorise(actor, access.acceptTexts);
  const person = personOf(actor);
  const { capacity, forId = null } = input;
  await requireCapacity(context, actor, capacity, forId);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const texts = await selectTextsInForce(trx);
    if (texts.some((text) => input.versions[text.kind] !== text.version))
      throw new Conflict('Текст обновился, пока вы его читали. Прочтите, пожалуйста, новую редакцию.', 'text_changed');
    if (!(await lockPerson(trx, person.personId))) throw new NotFound('Этой учётной записи уже нет.');
    let stored = false;
    for (const text of texts) {
      const acceptance = { kind: text.kind, version: text.version, organisationId: capacity, at, way: 'first entry' };
      if (await insertAcceptance(trx, { personId: person.personId, acceptanceId: newId(), ...acceptance }))
        stored = true;
    }
    await keepAfterWithdrawal(trx, person.personId);
    await setActing(trx, person.personId, person.sessionId, capacity, forId);
    if (!stored) return;
    await audit(trx, {
      actor: person.personId,
      action: 'identity.accepted_texts',
      at,
      organisationId: capacity,
      subject: person.personId,
      details: { versions: input.versions },
    });
  });
}

/**
 * Changes on whose behalf the person acts in this session.
 * @param forId the organisation whose work is done for it by `capacity`, a settlement centre
 */
export async function chooseCapacity(
  context: Context,
  actor: Actor,
  capacity: Capacity,
  forId: OrganisationId | null = null,
): Promise<void> {
  authorise(actor, access.chooseCapacity);
  const person = personOf(actor);
  await requireCapacity(context, actor, capacity, forId);
  await setActing(context.db, person.personId, person.sessionId, capacity, forId);
}

/** @throws NotFound when the organisation is not among the person's roles */
async function requireCapacity(
  context: Context,
  actor: Actor,
  capacity: Capacity,
  forId: OrganisationId | null,
): Promise<void> {
  if (capacity === null && forId === null) return;
  const capacities = await listCapacities(context.db, personOf(actor).personId, context.clock());
  if (!capacities.some((one) => one.organisationId === capacity && (one.for?.organisationId ?? null) === forId))
    throw new NotFound('Такой организации нет среди ваших ролей.');
}
