import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../../../pages/page.tsx';
import { personOf } from '../../../../platform/access.ts';
import type { Context } from '../../../../platform/context.ts';
import { access } from '../../access.ts';
import { ListPage } from './list-page.tsx';
import { LIST, readListQuery } from './list-query.ts';
import { readOwnList } from './read-list.ts';

/** «Обращения и ответы на них» → «Собственные обращения». */
export function registerList(app: FastifyInstance, context: Context): void {
  app.get(LIST, { config: { access: access.viewOwn, sensitive: true } }, async (request, reply) => {
    const person = personOf(request.actor);
    const query = readListQuery(request.query as Record<string, string | undefined>);
    const list = await readOwnList(context, person.personId, query);
    return sendPage(
      request,
      reply,
      {
        title: 'Обращения',
        active: LIST,
        breadcrumbs: [{ href: '/', label: 'Личный кабинет' }, { label: 'Обращения' }],
      },
      <ListPage {...{ query, list }} mayWrite={person.confirmed} now={context.clock()} />,
    );
  });
}
