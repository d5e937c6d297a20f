import type { FastifyInstance } from 'fastify';
import { formToken, sendPage } from '../../pages/page.tsx';
import type { Context } from '../../platform/context.ts';
import { idParam } from '../../platform/http/forms.ts';
import type { PersonId } from '../../platform/ids.ts';
import { access } from './access.ts';
import { MailPage } from './administration-page.tsx';
import { retryMail, watchMail } from './watch-mail.ts';

const PAGE = '/administration/mail';

/** «Письма и уведомления» of the operator. */
export function registerMailAdministration(app: FastifyInstance, context: Context): void {
  app.get(PAGE, { config: { access: access.watchMail, sensitive: true } }, async (request, reply) => {
    const view = await watchMail(context, request.actor);
    const isRetried = (request.query as { said?: string }).said === 'retried';
    return sendPage(
      request,
      reply,
      { title: 'Письма и уведомления', active: PAGE },
      <MailPage view={view} said={isRetried} token={formToken(request, reply)} />,
    );
  });

  app.post(`${PAGE}/:personId/:mailId/retry`, { config: { access: access.retryMail } }, async (request, reply) => {
    const personId = idParam<PersonId>(request.params, 'personId');
    await retryMail(context, request.actor, { personId, mailId: idParam(request.params, 'mailId') });
    return reply.redirect(`${PAGE}?said=retried`, 303);
  });
}
