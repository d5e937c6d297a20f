import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../pages/page.tsx';
import { actingFor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import { parse, type Typed, typed } from '../../platform/http/forms.ts';
import type { FieldError } from '../../ui/index.ts';
import { access } from './access.ts';
import { addRequisite, editOwnCard } from './edit-organisation.ts';
import { ownCardForm, requisiteForm, typedOf } from './organisation-form.ts';
import { OwnCardPage } from './own-card-page.tsx';
import { selectOrganisation } from './queries/cards.ts';
import { selectRequisitesOf } from './queries/requisites.ts';

interface Shown {
  form?: 'card' | 'account';
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
      return refused(context, request, reply, error, 'card');
    }
    return reply.redirect('/work/organisation?saved=card', 303);
  });

  app.post('/work/organisation/requisites', { config: { access: access.addRequisite } }, async (request, reply) => {
    try {
      await addRequisite(context, request.actor, parse(requisiteForm, request.body));
    } catch (error) {
      return refused(context, request, reply, error, 'account');
    }
    return reply.redirect('/work/organisation?saved=account', 303);
  });
}

function refused(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
  form: 'card' | 'account',
) {
  if (!(error instanceof Invalid)) throw error;
  return show(context, request, reply.code(error.status), { form, values: typed(request.body), errors: error.fields });
}

async function show(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { form, values, errors = [] }: Shown,
) {
  const { acting } = actingFor(request.actor);
  const [card, requisites] = await Promise.all([
    selectOrganisation(context.db, acting.organisationId),
    selectRequisitesOf(context.db, acting.organisationId),
  ]);
  if (!card) throw new NotFound();
  const { saved } = request.query as { saved?: string };
  const isOf = (name: string) => form === name;
  return sendPage(
    request,
    reply,
    { title: 'Карточка организации', active: '/work/organisation' },
    <OwnCardPage
      {...{ card, requisites }}
      values={isOf('card') && values ? values : typedOf(card)}
      errors={isOf('card') ? errors : []}
      account={{ values: isOf('account') && values ? values : {}, errors: isOf('account') ? errors : [] }}
      isHead={acting.role === 'head'}
      saved={!form && (saved === 'card' || saved === 'account') ? saved : null}
      token={formToken(request, reply)}
    />,
  );
}
