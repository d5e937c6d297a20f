import { type Actor, ROLE_NAMES } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction } from '../../../platform/database/database.ts';
import { Forbidden, Invalid, NotFound } from '../../../platform/errors.ts';
import {
  type EmployeeId,
  type HouseId,
  type InvitationId,
  newId,
  type OrganisationId,
  type PersonId,
} from '../../../platform/ids.ts';
import { formatDate } from '../../../ui/index.ts';
import { sendNotice } from '../../notices/index.ts';
import {
  type EmployeeRow,
  lockEmployee,
  lockHeads,
  readOrganisation,
  readPowers,
  standingOf,
  updateEmployee,
} from '../../organisations/index.ts';
import { countHousesOf, type HouseHolder, lockInvitation, setHousesOf } from '../queries/invitations.ts';
import { todayAt } from '../staff.ts';
import { authorityOf, checkWork } from './authority.ts';
import type { WorkForm } from './employee-form.ts';

/** More is nearly all of them, and each statement of the employee would carry them: then all are opened. */
export const MOST_HOUSES = 500;

/** This alone keeps the last head: somebody heads the organisation after every change, the one who made it. */
const OWN = 'Свои права меняет другой руководитель: так организация не останется без него по ошибке.';

/**
 * Somebody who works for the organisation today, with its heads, all held: heads first, so that two of them who change one another wait
 * and never for each other.
 * @throws NotFound for others; Forbidden for oneself, and for a head who was made none a moment ago
 */
async function lockWorking(
  trx: Transaction,
  by: { organisationId: OrganisationId; personId: PersonId },
  employeeId: EmployeeId,
  at: Date,
): Promise<EmployeeRow> {
  const today = todayAt(at);
  const heads = await lockHeads(trx, by.organisationId, today);
  const row = await lockEmployee(trx, by.organisationId, employeeId);
  if (!row || row.isDismissed || (row.to !== null && row.to < today))
    throw new NotFound('Такого сотрудника в организации нет.');
  if (row.personId === by.personId) throw new Forbidden(OWN);
  if (!heads.some(({ personId }) => personId === by.personId)) throw new Forbidden();
  return row;
}

/**
 * The head changes what an employee may do, until when, and in which houses; from the next request on. Houses themselves are chosen
 * by `changeHouses`.
 * @throws Forbidden for oneself; Invalid; NotFound for another's employee
 */
export async function changeEmployee(
  context: Context,
  actor: Actor,
  employeeId: EmployeeId,
  form: WorkForm,
): Promise<void> {
  const by = authorityOf(actor, null);
  const { organisationId } = by;
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const row = await lockWorking(trx, by, employeeId, at);
    checkWork(form, { powers: await readPowers(trx, organisationId), today: todayAt(at), isAdministrator: false });
    // What the head says now stands until the provider names the person a head at their next sign-in.
    const claimedRole = row.claimedRole === 'head' && form.role !== 'head' ? 'clerk' : row.claimedRole;
    // Whom nobody names any more works on the head's word.
    const invited = row.invited || claimedRole === null;
    const known = { ...row, claimedRole, invited, givenRole: form.role, givenUntil: form.until };
    const standing = standingOf(known)!;
    await updateEmployee(trx, row, {
      ...{ role: standing.role, valid_to: standing.until, claimed_role: claimedRole, invited },
      ...{ given_role: form.role, given_until: form.until, limited: form.houses === 'some' },
    });
    const details = { employeeId, before: { role: row.role, until: row.to, limited: row.limited }, after: form };
    await audit(trx, {
      actor: by.personId,
      action: 'employee.changed',
      at,
      organisationId,
      subject: row.personId,
      details,
    });
    const card = await readOrganisation(trx, organisationId);
    await sendNotice(context, trx, {
      kind: 'organisation',
      personId: row.personId,
      object: `changed ${newId()}`,
      subject: 'Изменились ваши права в организации',
      content: {
        title: `Ваши права в организации ${card!.short_name} изменились`,
        paragraphs: ['Их изменил руководитель. Они действуют уже сейчас.'],
        facts: [
          { name: 'Роль', value: ROLE_NAMES[standing.role] },
          { name: 'Последний день работы', value: standing.until ? formatDate(standing.until) : 'без срока' },
          { name: 'Дома', value: form.houses === 'some' ? 'только выбранные руководителем' : 'все дома организации' },
        ],
        action: { label: 'Открыть рабочий стол', url: `${context.config.PUBLIC_URL}/work` },
      },
    });
  });
}

/**
 * Ends somebody's work for the organisation: at their next request, in every open session. A claim of the provider that they belong
 * to the organisation does not bring them back; only its claim that they head it does.
 * @throws Forbidden for oneself; NotFound for another's employee
 */
export async function dismissEmployee(
  context: Context,
  actor: Actor,
  employeeId: EmployeeId,
  reason: string,
): Promise<void> {
  const by = authorityOf(actor, null);
  const { organisationId } = by;
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const row = await lockWorking(trx, by, employeeId, at);
    await updateEmployee(trx, row, {
      ...{ dismissed_at: at, dismissed_by: by.personId, dismissal: reason },
      ...{ valid_to: todayAt(at), claimed_role: null, invited: false },
    });
    const details = { employeeId, role: row.role, reason };
    await audit(trx, {
      actor: by.personId,
      action: 'employee.dismissed',
      at,
      organisationId,
      subject: row.personId,
      details,
    });
    const card = await readOrganisation(trx, organisationId);
    await sendNotice(context, trx, {
      kind: 'organisation',
      personId: row.personId,
      object: `dismissed ${newId()}`,
      subject: 'Ваша работа в организации закончена',
      content: {
        title: `${card!.short_name}: ваш доступ закрыт`,
        paragraphs: [
          'Руководитель закончил вашу работу от имени организации в личном кабинете. Ваш личный кабинет жителя остался прежним.',
          `Причина: ${reason}`,
        ],
        action: { label: 'Личный кабинет', url: context.config.PUBLIC_URL },
        after: [`Если это ошибка, свяжитесь с организацией${card!.phone ? `: ${card!.phone}` : ''}.`],
      },
    });
  });
}

/** Where houses are chosen: of an employee or of an invitation that is still open. */
export type HolderKey = { employeeId: EmployeeId } | { invitationId: InvitationId };

/**
 * Of the houses that a page showed, those picked are open from now on and the others are not.
 * @throws Invalid when they become too many
 */
export async function changeHouses(
  context: Context,
  actor: Actor,
  key: HolderKey,
  page: { shown: readonly HouseId[]; picked: readonly HouseId[] },
): Promise<void> {
  const by = authorityOf(actor, null);
  const { organisationId } = by;
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const subject = await lockHolder(trx, by, key, at);
    const holder: HouseHolder = { organisationId, ...key };
    await setHousesOf(trx, holder, page);
    if ((await countHousesOf(trx, holder)) > MOST_HOUSES)
      throw new Invalid([
        { field: 'houses', message: `Можно выбрать не больше ${MOST_HOUSES} домов. Откройте сотруднику все дома` },
      ]);
    const details = { ...key, opened: page.picked, shown: page.shown.length };
    await audit(trx, {
      actor: by.personId,
      action: 'employee.houses_changed',
      at,
      organisationId,
      ...subject,
      details,
    });
  });
}

async function lockHolder(
  trx: Transaction,
  by: { organisationId: OrganisationId; personId: PersonId },
  key: HolderKey,
  at: Date,
) {
  if ('employeeId' in key) {
    const row = await lockWorking(trx, by, key.employeeId, at);
    return row.role === 'head' ? Promise.reject(new NotFound()) : { subject: row.personId };
  }
  const invitation = await lockInvitation(trx, by.organisationId, key.invitationId);
  if (!invitation || invitation.acceptedAt || invitation.revokedAt || !invitation.limited) throw new NotFound();
  return {};
}
