import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken } from '../../../../pages/page.tsx';
import type { Context } from '../../../../platform/context.ts';
import type { FieldError } from '../../../../platform/errors.ts';
import { typed } from '../../../../platform/http/forms.ts';
import { findTopic, listTopics, searchTopics } from '../../list-topics.ts';
import { changeDraft } from '../../save-draft.ts';
import { WRITE_ACCESS } from './form.tsx';
import { TopicPage } from './topic-page.tsx';
import { backTo, draftIdOf, draftOf, line, showWindow } from './windows.tsx';

const topicQuery = z.object({ number: line, name: line });

/** «Выбор темы обращения». */
export function registerTopic(app: FastifyInstance, context: Context): void {
  const page = async (request: FastifyRequest, reply: FastifyReply, errors: readonly FieldError[] = []) => {
    const search = topicQuery.parse(request.query);
    const [draft, groups] = await Promise.all([draftOf(context, request), listTopics(context.db)]);
    const token = formToken(request, reply);
    return showWindow(
      request,
      reply,
      'Выбор темы обращения',
      <TopicPage {...{ draft, search, errors, token }} groups={searchTopics(groups, search)} />,
    );
  };
  app.get('/appeals/drafts/:draftId/topic', { config: WRITE_ACCESS }, (request, reply) => page(request, reply));
  app.post('/appeals/drafts/:draftId/topic', { config: WRITE_ACCESS }, async (request, reply) => {
    const topic = await findTopic(context.db, typed(request.body).topic ?? '');
    if (!topic) return page(request, reply.code(422), [{ field: 'topic', message: 'Выберите тему из списка' }]);
    await changeDraft(context, request.actor, draftIdOf(request), () => ({ topicCode: topic.code }));
    return backTo(reply, draftIdOf(request), 'topic');
  });
}
