import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../pages/page.tsx';
import { actingFor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import { parse, type Typed, typed } from '../../platform/http/forms.ts';
import type { FieldError } from '../../ui/index.ts';
import { access } from './access.ts';
import { editOwnCard } from './edit-organisation.ts';
import { ownCardForm, typedOf } from './organisation-form.ts';
import { OwnCardPage } from './own-card-page.tsx';
import { selectOrganisation } from './queries/cards.ts';
import { selectRequisitesOf } from './queries/requisites.ts';

interface Shown {
  values?: Typed;
  errors?: readonly FieldError[];
}

/** The organisation's own card, for its head. */
export function registerOwnCard(app: FastifyInstance, context: Context): void {
  const editing = { config: { access: access.editOwnCard, sensitive: true } };

  app.get('/work/organisation', { config: { access: access.viewOwnCard, sensitive: true } }, (request, reply) =>
    show(context, request, reply, {}),
  );

  app.post('/work/organisation', editing, async (request, reply) => {
    try {
      await editOwnCard(context, request.actor, parse(ownCardForm, request.body));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(context, request, reply.code(error.status), { values: typed(request.body), errors: error.fields });
    }
    return reply.redirect('/work/organisation?saved=card', 303);
  });
}

async function show(context: Context, request: FastifyRequest, reply: FastifyReply, { values, errors = [] }: Shown) {
  const { acting } = actingFor(request.actor);
  const [card, requisites] = await Promise.all([
    selectOrganisation(context.db, acting.organisationId),
    selectRequisitesOf(context.db, acting.organisationId),
  ]);
  if (!card) throw new NotFound();
  const { saved } = request.query as { saved?: string };
  return sendPage(
    request,
    reply,
    { title: 'Карточка организации', active: '/work/organisation' },
    <OwnCardPage
      {...{ card, requisites }}
      values={values ?? typedOf(card)}
      errors={errors}
      mayAsk={(acting.role === 'head' || acting.role === 'accountant') && acting.houses === null}
      isHead={acting.role === 'head'}
      saved={errors.length === 0 && saved === 'card'}
      token={formToken(request, reply)}
    />,
  );
}
