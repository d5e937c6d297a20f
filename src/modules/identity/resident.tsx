import type { FastifyInstance } from 'fastify';
import { formToken, sendPage } from '../../pages/page.tsx';
import { personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { NotFound } from '../../platform/errors.ts';
import { idParam } from '../../platform/http/forms.ts';
import type { SessionId } from '../../platform/ids.ts';
import { access } from './access.ts';
import { registerConsents } from './consents.tsx';
import { selectPerson } from './queries/people.ts';
import { endOtherSessions, endOwnSession, selectOpenSessions } from './queries/sessions.ts';
import { SettingsPage } from './settings-page.tsx';

const SAID: Readonly<Record<string, string>> = {
  one: 'Вход на этом устройстве завершён',
  others: 'Входы на остальных устройствах завершены',
};

/** «Настройки»: who I am here, where I am signed in, and the ways to what else is mine to settle. */
export function registerProfile(app: FastifyInstance, context: Context): void {
  registerConsents(app, context);

  app.get('/settings', { config: { access: access.viewProfile, sensitive: true } }, async (request, reply) => {
    const actor = personOf(request.actor);
    const { ended = '' } = request.query as { ended?: string };
    const [person, sessions] = await Promise.all([
      selectPerson(context.db, actor.personId),
      selectOpenSessions(context.db, actor.personId, context.clock()),
    ]);
    return sendPage(
      request,
      reply,
      { title: 'Настройки' },
      <SettingsPage
        token={formToken(request, reply)}
        person={person!}
        current={actor.sessionId}
        sessions={sessions}
        said={(Object.hasOwn(SAID, ended) && SAID[ended]) || null}
      />,
    );
  });

  app.post('/settings/sessions/:sessionId/end', { config: { access: access.endSessions } }, async (request, reply) => {
    const { personId } = personOf(request.actor);
    const sessionId = idParam<SessionId>(request.params, 'sessionId');
    if (!(await endOwnSession(context.db, personId, sessionId, context.clock())))
      throw new NotFound('Этот вход уже завершён.');
    return reply.redirect('/settings?ended=one', 303);
  });

  app.post('/settings/end-sessions', { config: { access: access.endSessions } }, async (request, reply) => {
    const actor = personOf(request.actor);
    await endOtherSessions(context.db, actor.personId, actor.sessionId, context.clock());
    return reply.redirect('/settings?ended=others', 303);
  });
}
