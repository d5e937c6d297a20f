import { type Actor, actingFor, authorise, type DelegatedWork } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction } from '../../../platform/database/database.ts';
import { type FieldError, Invalid, NotFound } from '../../../platform/errors.ts';
import { type DelegationId, newId, type OrganisationId } from '../../../platform/ids.ts';
import { addMonths, type Day, monthOf } from '../../../platform/month.ts';
import { getWholeNumber } from '../../../platform/rules/rules.ts';
import { counted, formatDate } from '../../../ui/index.ts';
import { sendNotice } from '../../notices/index.ts';
import {
  findOrganisationByInn,
  findOrganisationByOgrn,
  holdGivenWorks,
  insertDelegation,
  readOrganisation,
  readPowers,
  revokeDelegationRow,
  SETTLEMENT_CENTRE,
} from '../../organisations/index.ts';
import { access } from '../access.ts';
import { selectHeads } from '../queries/requisites.ts';
import { DELEGATIONS, todayAt } from '../staff.ts';
import { type DelegationForm, WORK_NAMES } from './delegation-form.ts';

/**
 * The head lets a settlement centre do some of the organisation's work. Its employees choose whom they act for; what they do is written
 * down with both organisations.
 * @throws Invalid for who is no settlement centre, and for wrong days
 */
export async function giveDelegation(context: Context, actor: Actor, form: DelegationForm): Promise<void> {
  authorise(actor, access.manageDelegations);
  const { personId, acting } = actingFor(actor);
  const { organisationId } = acting;
  const at = context.clock();
  const delegationId = newId<DelegationId>();
  await transaction(context.db, async (trx) => {
    const find =
      form.number.length === 13 || form.number.length === 15 ? findOrganisationByOgrn : findOrganisationByInn;
    const centre = await find(trx, form.number);
    const today = todayAt(at);
    const errors = dayErrors(form, today, await getWholeNumber(trx, 'delegation.most_years', today));
    if (!centre)
      errors.push({
        field: 'number',
        message: 'Организации с таким номером здесь нет: пусть сначала зарегистрируется',
      });
    else if (centre.organisation_id === organisationId)
      errors.push({ field: 'number', message: 'Это номер вашей организации' });
    else if (!(await readPowers(trx, centre.organisation_id)).includes(SETTLEMENT_CENTRE))
      errors.push({
        field: 'number',
        message: `${centre.short_name} — не расчётный центр: такого полномочия у неё нет`,
      });
    if (errors.length > 0) throw new Invalid(errors);
    const centreId = centre!.organisation_id;
    const { works, from, to } = form;
    const [given] = await holdGivenWorks(trx, { organisationId, centreId, works, from, to });
    if (given)
      throw new Invalid([
        {
          field: 'works',
          message: `«${WORK_NAMES[given.work]}» этому центру уже поручено по ${formatDate(given.to)}: отзовите то поручение или выберите другие дни`,
        },
      ]);
    await insertDelegation(trx, { organisationId, delegationId, centreId, works, from, to, by: personId, at });
    const details = { delegationId, centre: centreId, works, from, to };
    await audit(trx, { actor: personId, action: 'delegation.given', at, organisationId, details });
    await tellBoth(context, trx, { organisationId, centreId, delegationId }, wordsOfGiven(works, from, to));
  });
}

function dayErrors({ from, to }: DelegationForm, today: Day, mostYears: number): FieldError[] {
  const errors: FieldError[] = [];
  if (from < today) errors.push({ field: 'from', message: 'Поручить можно с сегодняшнего дня или позже' });
  if (to > addMonths(monthOf(from), 12 * mostYears) + from.slice(-3))
    errors.push({
      field: 'to',
      message: `Срок больше ${counted(mostYears, ['года', 'лет', 'лет'])}: поручите на меньший, потом дайте новое поручение`,
    });
  return errors;
}

/** From the next request of each of the centre's employees on. @throws NotFound for another's, or one that is revoked */
export async function revokeDelegation(
  context: Context,
  actor: Actor,
  delegationId: DelegationId,
  reason: string,
): Promise<void> {
  authorise(actor, access.manageDelegations);
  const { personId, acting } = actingFor(actor);
  const { organisationId } = acting;
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const revoked = await revokeDelegationRow(trx, { organisationId, delegationId }, { by: personId, reason, at });
    if (!revoked) throw new NotFound('Такого поручения нет, или оно уже отозвано.');
    const { centreId, works } = revoked;
    const details = { delegationId, centre: centreId, works, reason };
    await audit(trx, { actor: personId, action: 'delegation.revoked', at, organisationId, details });
    await tellBoth(
      context,
      trx,
      { organisationId, centreId, delegationId },
      {
        what: 'revoked',
        subject: 'Поручение расчётному центру отозвано',
        paragraphs: [`Причина: ${reason}`, 'Действовать по нему больше нельзя.'],
      },
    );
  });
}

interface Told {
  what: string;
  subject: string;
  paragraphs: string[];
}

const wordsOfGiven = (works: readonly DelegatedWork[], from: Day, to: Day): Told => ({
  what: 'given',
  subject: 'Поручение расчётному центру',
  paragraphs: [
    `Поручено: ${works.map((work) => WORK_NAMES[work].toLowerCase()).join(', ')}.`,
    `С ${formatDate(from)} по ${formatDate(to)} включительно.`,
  ],
});

async function tellBoth(
  context: Context,
  trx: Transaction,
  ids: { organisationId: OrganisationId; centreId: OrganisationId; delegationId: DelegationId },
  { what, subject, paragraphs }: Told,
): Promise<void> {
  const [principal, centre] = [
    await readOrganisation(trx, ids.organisationId),
    await readOrganisation(trx, ids.centreId),
  ];
  for (const organisationId of [ids.organisationId, ids.centreId])
    for (const personId of await selectHeads(trx, organisationId, todayAt(context.clock())))
      await sendNotice(context, trx, {
        kind: 'organisation',
        personId,
        object: `delegation ${ids.delegationId} ${what}`,
        subject,
        content: {
          title: subject,
          paragraphs,
          facts: [
            { name: 'Кто поручает', value: principal!.short_name },
            { name: 'Расчётный центр', value: centre!.short_name },
          ],
          action: { label: 'Поручения', url: `${context.config.PUBLIC_URL}${DELEGATIONS}` },
        },
      });
}
