import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import { idParam, parse, type Typed, typed } from '../../../platform/http/forms.ts';
import type { DelegationId } from '../../../platform/ids.ts';
import type { FieldError } from '../../../ui/index.ts';
import { listDelegationsGiven, listDelegationsTaken } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { DELEGATIONS, todayAt } from '../staff.ts';
import { delegationForm, revocationForm } from './delegation-form.ts';
import { DelegationsPage, RevokeDelegationPage, stateOf } from './delegations-page.tsx';
import { giveDelegation, revokeDelegation } from './give-delegation.ts';

/** «Поручения», for heads: of the organisation that gives them and of the settlement centre. */
export function registerDelegations(app: FastifyInstance, context: Context): void {
  const head = { config: { access: access.manageDelegations, sensitive: true } };
  const idOf = (request: FastifyRequest) => idParam<DelegationId>(request.params, 'delegationId');

  app.get(DELEGATIONS, head, (request, reply) => show(context, request, reply, {}, []));

  app.post(DELEGATIONS, head, async (request, reply) => {
    try {
      await giveDelegation(context, request.actor, parse(delegationForm, request.body));
      return reply.redirect(`${DELEGATIONS}?done=given`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(context, request, reply.code(error.status), typed(request.body), error.fields);
    }
  });

  app.get(`${DELEGATIONS}/:delegationId`, head, (request, reply) => ask(context, request, reply, '', []));

  app.post(`${DELEGATIONS}/:delegationId`, head, async (request, reply) => {
    try {
      const { reason } = parse(revocationForm, request.body);
      await revokeDelegation(context, request.actor, idOf(request), reason);
      return reply.redirect(`${DELEGATIONS}?done=revoked`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return ask(context, request, reply.code(error.status), typed(request.body).reason, error.fields);
    }
  });
}

async function show(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  values: Typed,
  errors: readonly FieldError[],
) {
  const { organisationId } = actingFor(request.actor).acting;
  const today = todayAt(context.clock());
  const [given, taken] = await Promise.all([
    listDelegationsGiven(context.db, organisationId),
    listDelegationsTaken(context.db, organisationId, today),
  ]);
  return sendPage(
    request,
    reply,
    {
      title: 'Поручения',
      active: '/work/organisation',
      breadcrumbs: [{ href: '/work/organisation', label: 'Карточка организации' }, { label: 'Поручения' }],
    },
    <DelegationsPage
      {...{ given, taken, today, values, errors }}
      done={errors.length > 0 ? null : ((request.query as { done?: string }).done ?? null)}
      token={formToken(request, reply)}
    />,
  );
}

async function ask(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  reason: string | undefined,
  errors: readonly FieldError[],
) {
  const { organisationId } = actingFor(request.actor).acting;
  const delegationId = idParam<DelegationId>(request.params, 'delegationId');
  const delegation = (await listDelegationsGiven(context.db, organisationId)).find(
    (one) => one.delegationId === delegationId,
  );
  const state = delegation && stateOf(delegation, todayAt(context.clock()));
  if (!delegation || state === 'revoked' || state === 'over') throw new NotFound();
  return sendPage(
    request,
    reply,
    {
      title: 'Отозвать поручение',
      active: '/work/organisation',
      breadcrumbs: [{ href: DELEGATIONS, label: 'Поручения' }, { label: delegation.centre }],
    },
    <RevokeDelegationPage {...{ delegation, reason, errors }} token={formToken(request, reply)} />,
  );
}
