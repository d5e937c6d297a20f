import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { formToken, sendPage } from '../../../../pages/page.tsx';
import { personOf } from '../../../../platform/access.ts';
import { sendAttachment } from '../../../../platform/attachments/index.ts';
import type { Context } from '../../../../platform/context.ts';
import { Conflict, type FieldError, Invalid, NotFound } from '../../../../platform/errors.ts';
import { idParam, typed } from '../../../../platform/http/forms.ts';
import type { FileId } from '../../../../platform/ids.ts';
import { IDEMPOTENCY_FIELD } from '../../../../ui/index.ts';
import { access } from '../../access.ts';
import type { AppealKey, Assessment } from '../../appeal.ts';
import { assessAnswer } from '../../assess-answer.ts';
import { escalateAppeal } from '../../escalate-appeal.ts';
import { appealPath } from '../../paths.ts';
import { reopenAppeal } from '../../reopen-appeal.ts';
import { isSentByAuthor } from '../../see-appeal.ts';
import { tellFixed } from '../../tell-fixed.ts';
import { withdrawAppeal } from '../../withdraw-appeal.ts';
import { ConfirmPage, STEP_TITLES, type Step } from './confirm-pages.tsx';
import { LIST } from './list-query.ts';
import { keyOf, ONE } from './one.ts';
import { openAppeal } from './read-view.ts';
import { ViewPage } from './view-page.tsx';

const crumbs = (key: AppealKey, last?: string) => [
  { href: '/', label: 'Личный кабинет' },
  { href: LIST, label: 'Обращения' },
  ...(last
    ? [{ href: appealPath(key), label: 'Просмотр обращения' }, { label: last }]
    : [{ label: 'Просмотр обращения' }]),
];

/** «Просмотр обращения» with what the author may do. */
export function registerView(app: FastifyInstance, context: Context): void {
  app.get(ONE, { config: { access: access.viewOwn, sensitive: true } }, (request, reply) =>
    show(context, request, reply, []),
  );

  app.post(`${ONE}/assess`, { config: { access: access.viewOwn } }, async (request, reply) => {
    const key = keyOf(request);
    const { assessment = '', comment = '' } = typed(request.body);
    try {
      await assessAnswer(context, request.actor, { ...key, assessment: assessment as Assessment, comment });
      return reply.redirect(`${appealPath(key)}?done=assessed`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(context, request, reply, error.fields);
    }
  });

  app.post(`${ONE}/fixed`, { config: { access: access.viewOwn } }, async (request, reply) => {
    const key = keyOf(request);
    const { fixed } = typed(request.body);
    try {
      const told = fixed === 'yes' || fixed === 'no' ? fixed === 'yes' : null;
      await tellFixed(context, request.actor, { ...key, fixed: told });
      return await reply.redirect(`${appealPath(key)}?done=fixed`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(context, request, reply, error.fields);
    }
  });

  app.get(`${ONE}/files/:fileId`, { config: { access: access.viewOwn, sensitive: true } }, (request, reply) =>
    sendFile(context, request, reply),
  );

  for (const step of ['withdraw', 'reopen', 'escalate'] as const) registerStep(app, context, step);
}

async function show(context: Context, request: FastifyRequest, reply: FastifyReply, errors: readonly FieldError[]) {
  const key = keyOf(request);
  const { tab, done } = request.query as { tab?: string; done?: string };
  const view = await openAppeal(context, personOf(request.actor), key);
  return sendPage(
    request,
    reply,
    {
      title: `Обращение № ${view.whole.appeal.number}`,
      active: LIST,
      breadcrumbs: crumbs(key),
      status: errors.length > 0 ? 422 : 200,
    },
    <ViewPage
      {...{ view, done, errors }}
      tab={tab === 'changes' ? 'changes' : 'answers'}
      token={formToken(request, reply)}
      values={errors.length > 0 ? typed(request.body) : {}}
      now={context.clock()}
    />,
  );
}

/** A step with a page that asks first: the page says why when the step is not open any more. */
function registerStep(app: FastifyInstance, context: Context, step: Step): void {
  const path = `${ONE}/${step}`;
  const rule = step === 'withdraw' ? access.viewOwn : access.writeAppeal;
  const ask = async (request: FastifyRequest, reply: FastifyReply, errors: readonly FieldError[]) => {
    const key = keyOf(request);
    const view = await openAppeal(context, personOf(request.actor), key);
    const isOpen = step === 'escalate' ? view.escalation !== null && !view.escalation.made : view.actions[step];
    if (view.role !== 'author') throw new NotFound();
    if (!isOpen) throw new Conflict('Сейчас это сделать нельзя: откройте обращение и посмотрите, что с ним.');
    return sendPage(
      request,
      reply,
      {
        title: STEP_TITLES[step],
        active: LIST,
        breadcrumbs: crumbs(key, STEP_TITLES[step]),
        status: errors.length > 0 ? 422 : 200,
      },
      <ConfirmPage
        {...{ step, view, errors }}
        token={formToken(request, reply)}
        formKey={v7()}
        comment={typed(request.body).comment ?? ''}
      />,
    );
  };
  app.get(path, { config: { access: rule, sensitive: true } }, (request, reply) => ask(request, reply, []));
  app.post(path, { config: { access: rule } }, async (request, reply) => {
    try {
      return reply.redirect(await take(context, request, step), 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return ask(request, reply, error.fields);
    }
  });
}

/** Does the step. @returns where to go then */
async function take(context: Context, request: FastifyRequest, step: Step): Promise<string> {
  const appeal = keyOf(request);
  const { comment = '', [IDEMPOTENCY_FIELD]: key = '' } = typed(request.body);
  if (step === 'withdraw') {
    await withdrawAppeal(context, request.actor, { ...appeal, comment });
    return `${appealPath(appeal)}?done=withdrawn`;
  }
  if (step === 'reopen') {
    await reopenAppeal(context, request.actor, { ...appeal, comment, key });
    return `${appealPath(appeal)}?done=reopened`;
  }
  return `${appealPath(await escalateAppeal(context, request.actor, { ...appeal, key }))}?done=escalated`;
}

/** A file of the appeal, of an answer or of a step that the person may see. The author gets back what he sent, others a copy drawn anew. */
async function sendFile(context: Context, request: FastifyRequest, reply: FastifyReply) {
  const fileId = idParam<FileId>(request.params, 'fileId');
  const { role, whole, files } = await openAppeal(context, personOf(request.actor), keyOf(request));
  const file = whole.files.find((one) => one.fileId === fileId);
  const attachment = file && files.get(fileId);
  if (!attachment) throw new NotFound();
  const isOwn = role === 'author' && isSentByAuthor(whole.appeal, file);
  const { download, thumbnail } = request.query as { download?: string; thumbnail?: string };
  return sendAttachment(request, reply, context, attachment, {
    as: thumbnail ? 'thumbnail' : download ? 'download' : 'preview',
    whose: isOwn ? 'own' : 'others',
  });
}
