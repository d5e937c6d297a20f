import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import { type ReceivedAttachment, readFilesForm } from '../../../platform/attachments/index.ts';
import type { Context } from '../../../platform/context.ts';
import { type FieldError, Invalid } from '../../../platform/errors.ts';
import { dayField, emptyAsAbsent, parse, type Typed, typed } from '../../../platform/http/forms.ts';
import { isUuid, newId, type PersonId } from '../../../platform/ids.ts';
import { dayIn } from '../../../platform/month.ts';
import { access } from '../access.ts';
import { assignAppeals } from '../assign-appeals.ts';
import { extendTerm, readExtensionLimit } from '../extend-term.ts';
import { markExecuted } from '../mark-executed.ts';
import type { AppealAtDesk } from '../open-at-desk.ts';
import { redirectAppeal } from '../redirect-appeal.ts';
import { registerAppeal } from '../register-appeal.ts';
import { type WaiverCause, waiveAnswer } from '../waive-answer.ts';
import { readEmployees } from './employees.ts';
import { findNext } from './next-appeal.ts';
import { appealHref, DESK, type QueueQuery, queuePath } from './queue-query.ts';
import { readChosen, readRedirection } from './redirection.ts';
import { openPlace, readPlace } from './show-appeal.tsx';
import { STEPS, type StepName, StepPage } from './step-page.tsx';

const ZONE = 'Europe/Moscow';
const MOST_FILES = 10;

interface Step {
  at: AppealAtDesk;
  queue: QueueQuery;
  body: Typed;
  received: readonly ReceivedAttachment[];
}

/** What each step does with its form. */
const RUN: Readonly<Record<StepName, (context: Context, request: FastifyRequest, step: Step) => Promise<unknown>>> = {
  register: (context, { actor }, { at, body }) => {
    const { registrationNumber = '', registeredOn } = parse(
      z.object({ registrationNumber: z.string().optional(), registeredOn: emptyAsAbsent(dayField()) }),
      body,
    );
    return registerAppeal(context, actor, { ...keyOf(at), registrationNumber, ...(registeredOn && { registeredOn }) });
  },
  assign: async (context, { actor }, { at, body }) => {
    const { plannedOn } = parse(z.object({ plannedOn: emptyAsAbsent(dayField()) }), body);
    const { assignee = '' } = body;
    if (!isUuid(assignee)) throw new Invalid([{ field: 'assignee', message: 'Выберите исполнителя' }]);
    const [result] = await assignAppeals(context, actor, {
      items: [keyOf(at)],
      performerId: assignee as PersonId,
      ...(plannedOn && { plannedOn }),
    });
    if (result && !result.done) throw new Invalid([{ field: 'assignee', message: result.sentence }]);
  },
  redirect: (context, { actor }, { at, body, received }) =>
    redirectAppeal(context, actor, {
      ...keyOf(at),
      to: readChosen(body.to),
      outside: body.outside ?? '',
      comment: body.comment ?? '',
      files: received.map((file) => ({ received: file })),
      key: body._key ?? '',
    }),
  extend: (context, { actor }, { at, body, received }) => {
    const { until } = parse(z.object({ until: dayField() }), body);
    const files = received.map((file) => ({ received: file }));
    return extendTerm(context, actor, { ...keyOf(at), until, reason: body.reason ?? '', files });
  },
  waive: (context, { actor }, { at, body }) =>
    waiveAnswer(context, actor, {
      ...keyOf(at),
      cause: (body.cause ?? '') as WaiverCause,
      comment: body.comment ?? '',
      key: body._key ?? '',
    }),
  execute: (context, { actor }, { at, body }) =>
    markExecuted(context, actor, { ...keyOf(at), comment: body.comment ?? '' }),
};

const keyOf = ({ whole, part }: AppealAtDesk) => ({
  houseId: whole.appeal.houseId,
  appealId: whole.appeal.appealId,
  partId: part.partId,
});

/** Steps of an organisation on an appeal beside answering it, each a page with one form. */
export function registerSteps(app: FastifyInstance, context: Context): void {
  const config = { access: access.workDesk, sensitive: true };
  for (const name of Object.keys(STEPS) as StepName[]) {
    const path = `${DESK}/:houseId/:appealId/${name}`;
    const { withFiles } = STEPS[name];

    app.get(path, { config }, async (request, reply) => {
      const query = request.query as Typed;
      const { queue, ...place } = readPlace(request, query);
      const at = await openPlace(context, request, { ...place, queue });
      return showStep(context, request, reply, { name, at, queue, sent: query, errors: [] });
    });

    app.post(path, { config: withFiles ? { ...config, token: 'own' } : config }, async (request, reply) => {
      const found = withFiles ? await openPlace(context, request, readPlace(request, {})) : null;
      const form = found
        ? await readFilesForm(request, reply, context, {
            field: 'files',
            check: (token) => app.guard.check(request, reply, token),
            mostFiles: MOST_FILES,
          })
        : { fields: typed(request.body), received: [], errors: [] };
      const place = readPlace(request, form.fields);
      const at = await openPlace(context, request, place);
      const { queue } = place;
      const step = { at, queue, body: form.fields, received: form.received };
      try {
        if (form.errors.length > 0) throw new Invalid(form.errors);
        await RUN[name](context, request, step);
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        const page = { name, at, queue, sent: form.fields, errors: error.fields };
        return showStep(context, request, reply.code(error.status), page);
      }
      return reply.redirect(await afterStep(context, request, name, step), 303);
    });
  }
}

/** Back to the appeal; what closes it leads to the next one. */
async function afterStep(context: Context, request: FastifyRequest, name: StepName, { at, queue }: Step) {
  const { done, closes } = STEPS[name];
  if (!closes) return `${appealHref(at.line, queue)}&done=${done}`;
  const { personId, acting } = actingFor(request.actor);
  const { organisationId } = acting;
  const next = await findNext(context.db, {
    organisationId,
    houses: acting.houses,
    personId,
    queue,
    now: context.clock(),
    after: at.line,
  });
  const { houseId, appealId } = at.whole.appeal;
  return next
    ? `${appealHref(next, queue)}&${new URLSearchParams({ done, before: `${houseId}.${appealId}` })}`
    : queuePath(queue);
}

interface ShownStep {
  name: StepName;
  at: AppealAtDesk;
  queue: QueueQuery;
  sent: Typed;
  errors: readonly FieldError[];
}

async function showStep(context: Context, request: FastifyRequest, reply: FastifyReply, shown: ShownStep) {
  const { name, at, queue, sent, errors } = shown;
  const { personId, acting } = actingFor(request.actor);
  const { number } = at.whole.appeal;
  const now = context.clock();
  // As the step itself counts: by the clock of the house.
  const today = dayIn(at.whole.appeal.zone, now);
  return sendPage(
    request,
    reply,
    {
      title: `${STEPS[name].title}, обращение № ${number}`,
      active: DESK,
      breadcrumbs: [
        { href: DESK, label: 'Обращения' },
        { href: appealHref(at.line, queue), label: `№ ${number}` },
        { label: STEPS[name].title },
      ],
    },
    <StepPage
      {...{ name, at, queue, sent, errors, personId, today }}
      token={formToken(request, reply)}
      formKey={newId<never>()}
      employees={name === 'assign' ? await readEmployees(context.db, acting.organisationId, dayIn(ZONE, now)) : []}
      limit={name === 'extend' ? await readLimit(context, request, at) : null}
      redirection={name === 'redirect' ? await readRedirection(context.db, at, sent) : null}
    />,
  );
}

const readLimit = (context: Context, { actor }: FastifyRequest, at: AppealAtDesk) =>
  readExtensionLimit(context, actor, keyOf(at));
