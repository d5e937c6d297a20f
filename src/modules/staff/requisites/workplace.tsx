import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor, requireAllHouses } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import { idParam, parse, requiredText, type Typed, typed } from '../../../platform/http/forms.ts';
import type { PersonId, RequisiteChangeId } from '../../../platform/ids.ts';
import type { FieldError } from '../../../ui/index.ts';
import { readNames } from '../../identity/index.ts';
import { listMoneyKeepers, listRequisites, readOrganisation, requisiteForm } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { type RequisiteChange, selectChanges } from '../queries/requisites.ts';
import { todayAt } from '../staff.ts';
import { decideRequisite, withdrawRequisite } from './decide-requisite.ts';
import { askRequisite } from './offer-requisite.ts';
import { REQUISITES } from './paths.ts';
import { RequisitesPage } from './requisites-page.tsx';

export const refusal = z.object({
  reason: requiredText('Напишите, почему отказано: это прочтёт тот, кто попросил', 500),
});

interface Shown {
  values?: Typed;
  errors?: readonly FieldError[];
  wrong?: { changeId: string; errors: readonly FieldError[] };
}

/** «Банковские счета», for heads and accountants. */
export function registerRequisites(app: FastifyInstance, context: Context): void {
  const asking = { config: { access: access.askRequisite, sensitive: true } };
  const deciding = { config: { access: access.decideRequisite, sensitive: true } };
  const idOf = (request: FastifyRequest) => idParam<RequisiteChangeId>(request.params, 'changeId');

  app.get(REQUISITES, asking, (request, reply) => show(context, request, reply, {}));

  app.post(REQUISITES, asking, async (request, reply) => {
    try {
      const state = await askRequisite(context, request.actor, parse(requisiteForm, request.body));
      return reply.redirect(`${REQUISITES}?done=${state}`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(context, request, reply.code(error.status), { values: typed(request.body), errors: error.fields });
    }
  });

  app.post(`${REQUISITES}/:changeId/confirm`, deciding, async (request, reply) => {
    await decideRequisite(context, request.actor, idOf(request), { confirm: true });
    return reply.redirect(`${REQUISITES}?done=confirmed`, 303);
  });

  app.post(`${REQUISITES}/:changeId/refuse`, deciding, async (request, reply) => {
    const changeId = idOf(request);
    try {
      const { reason } = parse(refusal, request.body);
      await decideRequisite(context, request.actor, changeId, { confirm: false, reason });
      return reply.redirect(`${REQUISITES}?done=refused`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(context, request, reply.code(error.status), { wrong: { changeId, errors: error.fields } });
    }
  });

  app.post(`${REQUISITES}/:changeId/withdraw`, asking, async (request, reply) => {
    await withdrawRequisite(context, request.actor, idOf(request));
    return reply.redirect(`${REQUISITES}?done=withdrawn`, 303);
  });
}

export const peopleOf = (changes: readonly RequisiteChange[]): PersonId[] => [
  ...new Set(changes.flatMap(({ askedBy, decidedBy }) => [askedBy, ...(decidedBy ? [decidedBy] : [])])),
];

async function show(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { values = {}, errors = [], wrong }: Shown,
) {
  const { personId, acting } = actingFor(request.actor);
  requireAllHouses(acting);
  const { organisationId } = acting;
  const { db } = context;
  const [card, requisites, changes, confirmers] = await Promise.all([
    readOrganisation(db, organisationId),
    listRequisites(db, organisationId),
    selectChanges(db, organisationId),
    listMoneyKeepers(db, organisationId, todayAt(context.clock())),
  ]);
  if (!card) throw new NotFound();
  return sendPage(
    request,
    reply,
    {
      title: 'Банковские счета',
      active: '/work/organisation',
      breadcrumbs: [{ href: '/work/organisation', label: 'Карточка организации' }, { label: 'Банковские счета' }],
    },
    <RequisitesPage
      {...{ requisites, changes, values, errors }}
      changedAt={card.requisites_changed_at}
      people={await readNames(db, peopleOf(changes))}
      self={personId}
      hasSecond={confirmers.some((one) => one !== personId)}
      done={errors.length > 0 || wrong ? null : ((request.query as { done?: string }).done ?? null)}
      wrong={wrong ?? null}
      token={formToken(request, reply)}
    />,
  );
}
