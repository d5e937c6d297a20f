import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { formToken, sendPage } from '../../../../pages/page.tsx';
import { personOf } from '../../../../platform/access.ts';
import type { Context } from '../../../../platform/context.ts';
import { Conflict, type FieldError, Invalid, NotFound, TooMany } from '../../../../platform/errors.ts';
import { idParam, typed } from '../../../../platform/http/forms.ts';
import { refuseWith } from '../../../../platform/http/refuse.ts';
import { type AppealId, type DraftId, type HouseId, isUuid } from '../../../../platform/ids.ts';
import { IDEMPOTENCY_FIELD } from '../../../../ui/index.ts';
import { readOrganisations } from '../../../organisations/index.ts';
import { access } from '../../access.ts';
import { missingOf, StaleDraft } from '../../draft.ts';
import { joinAppeal } from '../../join-appeal.ts';
import { findTopic } from '../../list-topics.ts';
import { appealPath } from '../../paths.ts';
import { termShown } from '../../project-appeal.ts';
import { selectOwnLine } from '../../queries/drafts.ts';
import { selectAppealWhole } from '../../queries/read-appeals.ts';
import { deleteDraft, readDraft } from '../../save-draft.ts';
import { refusedFiles, sendAppeal } from '../../send-appeal.ts';
import { ConfirmPage } from './confirm-page.tsx';
import { DeletePage } from './delete-page.tsx';
import { draftPath } from './draft-paths.ts';
import { CRUMBS, showForm, WRITE_ACCESS } from './form.tsx';
import { readForm } from './read-form.ts';
import { SentPage } from './sent-page.tsx';

const idOf = (request: FastifyRequest) => idParam<DraftId>(request.params, 'draftId');

/** «Подтверждение», «Да», what comes after; joining a neighbour's appeal instead; deleting the draft. */
export function registerSending(app: FastifyInstance, context: Context): void {
  app.get('/appeals/drafts/:draftId/confirm', { config: WRITE_ACCESS }, (request, reply) =>
    showConfirm(context, request, reply),
  );

  app.post('/appeals/drafts/:draftId/send', { config: WRITE_ACCESS }, async (request, reply) => {
    const { version = '', [IDEMPOTENCY_FIELD]: key = '' } = typed(request.body);
    if (!/^\d{1,9}$/.test(version) || key.length < 10 || key.length > 100) throw new NotFound();
    try {
      const sent = await sendAppeal(context, request.actor, { draftId: idOf(request), version: Number(version), key });
      return reply.redirect(`${appealPath(sent)}/sent`, 303);
    } catch (error) {
      if (error instanceof StaleDraft)
        return showConfirm(context, request, reply.code(409), [
          { field: '', message: 'Черновик изменили в другом окне. Проверьте его ещё раз и отправьте.' },
        ]);
      if (error instanceof TooMany)
        return showConfirm(context, request, refuseWith(reply, error), [{ field: '', message: error.sentence }]);
      if (!(error instanceof Invalid)) throw error;
      const view = await readForm(context, request.actor, idOf(request));
      return showForm(request, reply.code(422), view, { errors: error.fields });
    }
  });

  app.post('/appeals/drafts/:draftId/join', { config: WRITE_ACCESS }, async (request, reply) => {
    const [houseId = '', appealId = ''] = (typed(request.body).appeal ?? '').split('.');
    if (!isUuid(houseId) || !isUuid(appealId)) throw new NotFound();
    try {
      const joined = await joinAppeal(context, request.actor, {
        houseId: houseId as HouseId,
        appealId: appealId as AppealId,
        draftId: idOf(request),
      });
      return reply.redirect(`${appealPath(joined)}/sent`, 303);
    } catch (error) {
      if (error instanceof Conflict)
        return showConfirm(context, request, reply.code(409), [{ field: '', message: error.sentence }]);
      throw error;
    }
  });

  registerSent(app, context);
  registerDelete(app, context);
}

/** A draft that cannot be sent goes back to its form with all that is missing. */
async function showConfirm(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  errors: readonly FieldError[] = [],
): Promise<FastifyReply> {
  const view = await readForm(context, request.actor, idOf(request));
  const wrong = [
    ...missingOf(view.draft),
    ...(await refusedFiles(context.db, view.draft, view.files, context.clock())),
  ];
  if (wrong.length > 0) return showForm(request, reply.code(422), view, { errors: wrong });
  return sendPage(
    request,
    reply,
    {
      title: 'Подтверждение',
      active: '/appeals',
      breadcrumbs: [
        ...CRUMBS,
        { href: draftPath(view.draft.draftId), label: 'Добавление обращения' },
        { label: 'Подтверждение' },
      ],
    },
    <ConfirmPage view={view} errors={errors} formKey={v7()} token={formToken(request, reply)} />,
  );
}

function registerSent(app: FastifyInstance, context: Context): void {
  const config = { access: access.viewOwn, sensitive: true };
  app.get('/appeals/:houseId/:appealId/sent', { config }, async (request, reply) => {
    const { personId } = personOf(request.actor);
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const appealId = idParam<AppealId>(request.params, 'appealId');
    const line = await selectOwnLine(context.db, personId, appealId);
    const whole = line?.houseId === houseId ? await selectAppealWhole(context.db, { houseId, appealId }) : null;
    const part = whole && termShown(whole.parts);
    if (!line || !whole || !part) throw new NotFound();
    const [addressee] = await readOrganisations(context.db, [part.organisationId]);
    const hasJoined = line.role === 'joined';
    const joiner = whole.joiners.find((one) => one.personId === personId);
    return sendPage(
      request,
      reply,
      {
        title: hasJoined ? 'Вы присоединились к обращению' : 'Обращение отправлено',
        active: '/appeals',
        breadcrumbs: [...CRUMBS, { label: hasJoined ? 'Вы присоединились' : 'Отправлено' }],
      },
      <SentPage
        appeal={whole.appeal}
        part={part}
        addressee={addressee?.shortName ?? ''}
        answerEmail={hasJoined ? (joiner?.answerEmail ?? '') : whole.appeal.answerEmail}
        hasJoined={hasJoined}
      />,
    );
  });
}

function registerDelete(app: FastifyInstance, context: Context): void {
  app.get('/appeals/drafts/:draftId/delete', { config: WRITE_ACCESS }, async (request, reply) => {
    const { draft } = await readDraft(context, personOf(request.actor).personId, idOf(request));
    const topic = draft.topicCode ? await findTopic(context.db, draft.topicCode) : null;
    const title = draft.ownTopic || topic?.name || 'Обращение без темы';
    return sendPage(
      request,
      reply,
      { title: 'Удалить черновик', active: '/appeals', breadcrumbs: [...CRUMBS, { label: 'Удалить черновик' }] },
      <DeletePage {...{ draft, title }} token={formToken(request, reply)} />,
    );
  });
  app.post('/appeals/drafts/:draftId/delete', { config: WRITE_ACCESS }, async (request, reply) => {
    await deleteDraft(context, request.actor, idOf(request));
    return reply.redirect('/appeals', 303);
  });
}
