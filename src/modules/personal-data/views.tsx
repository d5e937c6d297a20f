import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../pages/page.tsx';
import { personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { typed } from '../../platform/http/forms.ts';
import { isUuid, type OrganisationId } from '../../platform/ids.ts';
import { day, dayIn, firstDay, lastDay, monthOf, parseMonth } from '../../platform/month.ts';
import { access } from './access.ts';
import { readLooks } from './read-looks.ts';
import { ViewsPage } from './views-page.tsx';

const PAGE = 50;
const ZONE = 'Europe/Moscow';
const BEGINNING = day('2000-01-01');

/** «Кто смотрел мои данные» */
export function registerViews(app: FastifyInstance, context: Context): void {
  app.get('/settings/views', { config: { access: access.viewLooks, sensitive: true } }, async (request, reply) => {
    const query = typed(request.query);
    const today = dayIn(ZONE, context.clock());
    const month = parseMonth(query.month ?? '');
    const organisationId = isUuid(query.organisation ?? '') ? (query.organisation as OrganisationId) : null;
    const page = await readLooks(context.db, personOf(request.actor).personId, {
      organisationId,
      from: month ? firstDay(month) : BEGINNING,
      to: month ? lastDay(month) : today,
      after: isUuid(query.after ?? '') ? query.after! : null,
      limit: PAGE,
    });
    return sendPage(
      request,
      reply,
      {
        title: 'Кто смотрел мои данные',
        breadcrumbs: [{ href: '/settings', label: 'Настройки' }, { label: 'Кто смотрел мои данные' }],
      },
      <ViewsPage {...page} {...{ month, organisationId }} thisMonth={monthOf(today)} zone={ZONE} />,
    );
  });
}
