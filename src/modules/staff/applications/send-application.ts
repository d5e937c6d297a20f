import { type Actor, authorise, personOf } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction, violatedConstraint } from '../../../platform/database/database.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import { type ApplicationId, newId } from '../../../platform/ids.ts';
import { listPeople } from '../../identity/index.ts';
import { sendNotice } from '../../notices/index.ts';
import { listUnregistered, type OrganisationForm } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { type AskedPower, insertApplication } from '../queries/applications.ts';
import { APPLICATIONS_DESK } from './paths.ts';

/**
 * The head of an organisation that has no card here asks for one. The administrator decides.
 * @throws NotFound unless the identity provider names the person its head, and it has no card
 * @throws Conflict while another application about it waits
 */
export async function sendApplication(
  context: Context,
  actor: Actor,
  application: { card: OrganisationForm; powers: AskedPower[] },
): Promise<ApplicationId> {
  authorise(actor, access.sendApplication);
  const { personId } = personOf(actor);
  const { ogrn } = application.card;
  const at = context.clock();
  const applicationId = newId<ApplicationId>();
  await transaction(context.db, async (trx) => {
    const claims = await listUnregistered(trx, personId);
    if (!claims.some((claim) => claim.ogrn === ogrn && claim.role === 'head'))
      throw new NotFound('Сервис входа не называет вас руководителем такой организации, или она уже зарегистрирована.');
    await insertApplication(trx, { applicationId, personId, ...application }, at).catch((error: unknown) => {
      if (violatedConstraint(error) !== 'organisation_application_once') throw error;
      throw new Conflict('Заявка на эту организацию уже рассматривается. Дождитесь решения.', 'application_open');
    });
    await audit(trx, { actor: personId, action: 'application.sent', at, details: { applicationId, ogrn } });
    await tellAdministrators(context, trx, applicationId, application.card);
  });
  return applicationId;
}

async function tellAdministrators(
  context: Context,
  trx: Transaction,
  applicationId: ApplicationId,
  card: OrganisationForm,
): Promise<void> {
  const { OIDC_ISSUER, ADMINISTRATORS, PUBLIC_URL } = context.config;
  for (const { personId } of await listPeople(trx, OIDC_ISSUER, ADMINISTRATORS))
    await sendNotice(context, trx, {
      kind: 'organisation',
      personId,
      object: `application ${applicationId}`,
      subject: 'Новая заявка на регистрацию организации',
      content: {
        title: 'Организация просит зарегистрировать её',
        paragraphs: ['Пока вы не решите, её нигде не видно и никто не может от неё действовать.'],
        facts: [
          { name: 'Организация', value: card.short_name },
          { name: 'ОГРН', value: card.ogrn },
        ],
        action: { label: 'Рассмотреть', url: `${PUBLIC_URL}${APPLICATIONS_DESK}/${applicationId}` },
      },
    });
}
