import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../pages/page.tsx';
import { personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { type FieldError, Invalid } from '../../platform/errors.ts';
import { typed } from '../../platform/http/forms.ts';
import { dayIn } from '../../platform/month.ts';
import type { PersonPart } from '../../platform/person-part.ts';
import { findRule } from '../../platform/rules/rules.ts';
import { ButtonLink, Card, PageTitle, Stack } from '../../ui/index.ts';
import { forgetSession } from '../identity/index.ts';
import { access } from './access.ts';
import { DeletePage, type Kept } from './delete-page.tsx';
import { askErasure, findObstacles } from './erase-person.ts';

const PAGE = '/settings/delete';
const ZONE = 'Europe/Moscow';

/** «Удалить мои данные»: exactly what goes and what stays, why and until when; then a word to be typed. */
export function registerDeletion(app: FastifyInstance, context: Context, parts: readonly PersonPart[]): void {
  const own = { config: { access: access.eraseData, sensitive: true } };

  const show = async (request: FastifyRequest, reply: FastifyReply, errors: readonly FieldError[], word = '') => {
    const [obstacles, kept] = await Promise.all([
      findObstacles(context, parts, personOf(request.actor).personId),
      readKept(context, parts),
    ]);
    return sendPage(
      request,
      reply,
      {
        title: 'Удалить мои данные',
        breadcrumbs: [{ href: '/settings', label: 'Настройки' }, { label: 'Удалить мои данные' }],
      },
      <DeletePage
        {...{ obstacles, kept, errors, word }}
        goes={parts.flatMap((part) => part.goes)}
        token={formToken(request, reply)}
      />,
    );
  };

  app.get(PAGE, own, (request, reply) => show(request, reply, []));

  app.post(PAGE, own, async (request, reply) => {
    const { word = '' } = typed(request.body);
    try {
      await askErasure(context, request.actor, parts, word);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(request, reply.code(error.status), error.fields, word);
    }
    forgetSession(reply);
    return reply.redirect('/goodbye', 303);
  });

  app.get('/goodbye', { config: { access: access.sayGoodbye } }, (request, reply) =>
    sendPage(
      request,
      reply,
      { title: 'Данные удаляются' },
      <Stack>
        <PageTitle lead="Все входы завершены. Остальное удалится в течение нескольких минут; письмо об этом уже отправлено.">
          Данные удаляются
        </PageTitle>
        <Card title="Если понадобимся снова">
          <p>Войдите, и кабинет откроется пустым, как в первый раз. Оплатить счёт по номеру можно и без входа.</p>
          <ButtonLink kind="secondary" href="/">
            На главную
          </ButtonLink>
        </Card>
      </Stack>,
    ),
  );
}

/** What stays, with the rule that says for how long. */
async function readKept({ db, clock }: Context, parts: readonly PersonPart[]): Promise<Kept[]> {
  const today = dayIn(ZONE, clock());
  return Promise.all(
    parts
      .flatMap(({ stays }) => stays)
      .map(async ({ what, rule, why = '', release }) => ({
        what,
        why,
        goesItself: release !== undefined,
        rule: rule ? await findRule(db, rule, today) : null,
      })),
  );
}
