import type { FastifyInstance } from 'fastify';
import { formToken, sendPage } from '../../pages/page.tsx';
import { personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { access } from './access.ts';
import { endOtherSessions, selectAcceptances, selectOpenSessions, selectPerson } from './queries.ts';
import { SettingsPage } from './settings-page.tsx';

/** «Настройки»: who I am here, where I am signed in, what I accepted. */
export function registerProfile(app: FastifyInstance, context: Context): void {
  app.get('/settings', { config: { access: access.viewProfile, sensitive: true } }, async (request, reply) => {
    const actor = personOf(request.actor);
    const [person, sessions, acceptances] = await Promise.all([
      selectPerson(context.db, actor.personId),
      selectOpenSessions(context.db, actor.personId, context.clock()),
      selectAcceptances(context.db, actor.personId),
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
        acceptances={acceptances}
      />,
    );
  });

  app.post('/settings/end-sessions', { config: { access: access.endSessions } }, async (request, reply) => {
    const actor = personOf(request.actor);
    await endOtherSessions(context.db, actor.personId, actor.sessionId, context.clock());
    return reply.redirect('/settings', 303);
  });
}
