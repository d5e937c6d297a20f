import { type Actor, actingFor, authorise, personOf } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction, violatedConstraint } from '../../platform/database/database.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import { access } from './access.ts';
import type { OrganisationForm, OwnCardForm } from './organisation-form.ts';
import { insertOrganisation, selectOrganisation, updateOrganisation } from './queries/cards.ts';
import { deletePower, insertPower } from './queries/powers.ts';

/** The fields that a form changes, with what they said before: the journal of a card. */
async function changesOf(trx: Transaction, organisationId: OrganisationId, form: object) {
  const card = await selectOrganisation(trx, organisationId);
  if (!card) throw new NotFound();
  const before = card as unknown as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(form).flatMap(([field, value]) => (before[field] === value ? [] : [[field, before[field]]])),
  );
}

const inRegister = (error: unknown): never => {
  if (violatedConstraint(error) !== 'organisation_ogrn_kpp') throw error;
  throw new Invalid([{ field: 'ogrn', message: 'Организация с этими ОГРН и КПП уже есть: найдите её в списке' }]);
};

/** The head of an organisation corrects its own card. */
export async function editOwnCard(context: Context, actor: Actor, form: OwnCardForm): Promise<void> {
  authorise(actor, access.editOwnCard);
  const { personId, acting } = actingFor(actor);
  const { organisationId } = acting;
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const before = await changesOf(trx, organisationId, form);
    if (Object.keys(before).length === 0) return;
    await updateOrganisation(trx, organisationId, form, at);
    await audit(trx, { actor: personId, action: 'organisation.edited', at, organisationId, details: { before } });
  });
}

/** @throws Invalid when the organisation is registered already */
export async function addOrganisation(context: Context, actor: Actor, form: OrganisationForm): Promise<OrganisationId> {
  authorise(actor, access.addOrganisation);
  const { personId } = personOf(actor);
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const organisationId = await insertOrganisation(trx, form, at).catch(inRegister);
    await audit(trx, { actor: personId, action: 'organisation.added', at, organisationId });
    return organisationId;
  });
}

/** @throws NotFound; Invalid when another card has the ОГРН and КПП */
export async function editOrganisation(
  context: Context,
  actor: Actor,
  organisationId: OrganisationId,
  form: OrganisationForm,
): Promise<void> {
  authorise(actor, access.editOrganisation);
  const { personId } = personOf(actor);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const before = await changesOf(trx, organisationId, form);
    if (Object.keys(before).length === 0) return;
    await updateOrganisation(trx, organisationId, form, at).catch(inRegister);
    await audit(trx, { actor: personId, action: 'organisation.edited', at, organisationId, details: { before } });
  });
}

interface PowerOfOrganisation {
  organisationId: OrganisationId;
  /** НСИ 20. */
  powerCode: string;
  regionCode: string;
}

/**
 * A power decides what the organisation may do here: given by region, or for one municipality of it; journalled. Given again, it
 * is for the place that was named last.
 * @param power `oktmo` is empty for the whole region
 */
export async function givePower(
  context: Context,
  actor: Actor,
  power: PowerOfOrganisation & { oktmo: string },
): Promise<void> {
  authorise(actor, access.givePower);
  const { personId } = personOf(actor);
  const { organisationId, ...details } = power;
  await transaction(context.db, async (trx) => {
    if (!(await selectOrganisation(trx, organisationId))) throw new NotFound();
    await insertPower(trx, organisationId, power.powerCode, power.regionCode, power.oktmo);
    await audit(trx, { actor: personId, action: 'power.given', at: context.clock(), organisationId, details });
  });
}

export async function takePower(context: Context, actor: Actor, power: PowerOfOrganisation): Promise<void> {
  authorise(actor, access.takePower);
  const { personId } = personOf(actor);
  const { organisationId, ...details } = power;
  await transaction(context.db, async (trx) => {
    await deletePower(trx, organisationId, power.powerCode, power.regionCode);
    await audit(trx, { actor: personId, action: 'power.taken', at: context.clock(), organisationId, details });
  });
}
