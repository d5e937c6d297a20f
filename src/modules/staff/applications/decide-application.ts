import { type Actor, authorise, personOf } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction, violatedConstraint } from '../../../platform/database/database.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import type { ApplicationId, OrganisationId } from '../../../platform/ids.ts';
import { sendNotice } from '../../notices/index.ts';
import { insertEmployee, insertOrganisation, insertPower, listUnregistered } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { type Application, decideApplicationRow, lockApplication } from '../queries/applications.ts';
import { todayAt } from '../staff.ts';
import { APPLICATIONS } from './paths.ts';

/**
 * The administrator makes the organisation of an application, with its powers and its head, or refuses; the applicant is told why
 * either way.
 * @throws Conflict when it is decided already, somebody else registered the organisation, or the applicant heads it no more
 */
export async function decideApplication(
  context: Context,
  actor: Actor,
  applicationId: ApplicationId,
  { approve, reason }: { approve: boolean; reason: string },
): Promise<void> {
  authorise(actor, access.decideApplications);
  const { personId: by } = personOf(actor);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const application = await lockApplication(trx, applicationId);
    if (!application) throw new NotFound();
    if (application.state !== 'open') throw new Conflict('По этой заявке решение уже принято.', 'application_decided');
    const organisationId = approve ? await register(trx, application, at) : null;
    const state = approve ? 'approved' : 'refused';
    await decideApplicationRow(trx, applicationId, { state, by, reason, organisationId, at });
    const { ogrn, personId } = application;
    const details = { applicationId, ogrn, reason };
    await audit(trx, { actor: by, action: `application.${state}`, at, organisationId, subject: personId, details });
    await tellApplicant(context, trx, application, { organisationId, reason });
  });
}

async function register(
  trx: Transaction,
  { personId, ogrn, card, powers }: Application,
  at: Date,
): Promise<OrganisationId> {
  const claims = await listUnregistered(trx, personId);
  if (!claims.some((claim) => claim.ogrn === ogrn && claim.role === 'head'))
    throw new Conflict(
      'Сервис входа больше не называет заявителя руководителем, или организация уже зарегистрирована. Откажите, указав это.',
    );
  const organisationId = await insertOrganisation(trx, card, at).catch((error: unknown) => {
    if (violatedConstraint(error) !== 'organisation_ogrn_kpp') throw error;
    throw new Conflict('Организация с этими ОГРН и КПП уже есть. Откажите, указав это.');
  });
  for (const { powerCode, regionCode, oktmo } of powers)
    await insertPower(trx, organisationId, powerCode, regionCode, oktmo);
  await insertEmployee(trx, {
    ...{ organisationId, personId, role: 'head', claimedRole: 'head', from: todayAt(at), to: null },
    ...{ givenRole: null, givenUntil: null, invited: false, limited: false },
  });
  return organisationId;
}

async function tellApplicant(
  context: Context,
  trx: Transaction,
  { applicationId, personId, card }: Application,
  { organisationId, reason }: { organisationId: OrganisationId | null; reason: string },
): Promise<void> {
  const { PUBLIC_URL } = context.config;
  await sendNotice(context, trx, {
    kind: 'organisation',
    personId,
    object: `application ${applicationId} decided`,
    subject: organisationId ? 'Организация зарегистрирована' : 'Заявка на регистрацию организации отклонена',
    content: organisationId
      ? {
          title: `${card.short_name} зарегистрирована`,
          paragraphs: [
            `Администратор написал: ${reason}`,
            'Теперь вы можете действовать от её имени и пригласить сотрудников.',
          ],
          action: { label: 'Начать работу', url: `${PUBLIC_URL}/acting?capacity=${organisationId}` },
        }
      : {
          title: `${card.short_name}: заявка отклонена`,
          paragraphs: [`Причина: ${reason}`, 'Исправьте заявку и отправьте её снова: всё, что вы ввели, сохранилось.'],
          action: { label: 'Исправить заявку', url: `${PUBLIC_URL}${APPLICATIONS}/${applicationId}` },
        },
  });
}
