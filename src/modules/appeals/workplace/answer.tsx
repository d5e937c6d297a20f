import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { wantsJson } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Conflict, Invalid } from '../../../platform/errors.ts';
import { emptyAsAbsent, parse, type Typed, typed } from '../../../platform/http/forms.ts';
import { type AnswerId, isUuid, type TemplateId } from '../../../platform/ids.ts';
import { formatTime } from '../../../ui/index.ts';
import { findPost, keepPost } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { OUTCOMES, type Outcome } from '../appeal.ts';
import { cleanText } from '../clean-text.ts';
import { fillTemplate } from '../fill-template.ts';
import type { AppealAtDesk } from '../open-at-desk.ts';
import { selectTemplate } from '../queries/templates.ts';
import { deleteAnswer, saveAnswer } from '../save-answer.ts';
import { sendAnswer } from '../send-answer.ts';
import { findNext } from './next-appeal.ts';
import { appealHref, DESK, type QueueQuery, queuePath } from './queue-query.ts';
import { draftOf, openPlace, readPlace, showAppeal } from './show-appeal.tsx';

const form = z.object({
  outcome: emptyAsAbsent(z.enum(Object.keys(OUTCOMES) as [Outcome], { error: 'Выберите, чем закончилось обращение' })),
  text: z.string().default('').transform(cleanText),
  performerPost: z.string().default(''),
  number: z.string().default(''),
  interim: z.string().optional(),
});

/** The draft of an answer: saved while one types, filled from a template, sent. */
export function registerAnswering(app: FastifyInstance, context: Context): void {
  const staff = { config: { access: access.workDesk, sensitive: true } };

  app.post(`${DESK}/:houseId/:appealId/answer`, staff, async (request, reply) => {
    const body = typed(request.body);
    const place = readPlace(request, body);
    const at = await openPlace(context, request, place);
    try {
      return await act(context, request, reply, { at, queue: place.queue, body });
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      if (wantsJson(request)) return reply.code(error.status).send({ message: error.fields[0]?.message });
      const page = { at, queue: place.queue, errors: error.fields, sent: body };
      return showAppeal(context, request, reply.code(error.status), page);
    }
  });
}

interface Asked {
  at: AppealAtDesk;
  queue: QueueQuery;
  body: Typed;
}

async function act(context: Context, request: FastifyRequest, reply: FastifyReply, asked: Asked) {
  const { at, queue, body } = asked;
  const back = (done: string, place = '#answer') =>
    reply.redirect(`${appealHref(at.line, queue)}&done=${done}${place}`, 303);
  if (body.do === 'send') return send(context, request, reply, asked);
  if (body.do === 'delete') {
    const { answerId } = readVersion(body);
    if (answerId) await deleteAnswer(context, request.actor, { ...keyOf(at), answerId });
    return back('deleted');
  }
  if (body.do === 'insert') {
    await saveForm(context, request, at, { ...body, ...(await filled(context, request, asked)) });
    return reply.redirect(`${appealHref(at.line, queue)}#answer`, 303);
  }
  const { answerId, changedAt } = await saveForm(context, request, at, body);
  if (!wantsJson(request)) return back('saved');
  return reply.send({
    version: `${answerId}.${changedAt.getTime()}`,
    saved: formatTime(changedAt, at.whole.appeal.zone),
  });
}

const keyOf = ({ whole, part }: AppealAtDesk) => ({
  houseId: whole.appeal.houseId,
  appealId: whole.appeal.appealId,
  partId: part.partId,
});

/** «<answerId>.<milliseconds>»: see `versionOf`. */
function readVersion({ version = '' }: Typed): { answerId: AnswerId | null; seenAt: Date | null } {
  const [answerId = '', time = ''] = version.split('.');
  const known = isUuid(answerId) && /^\d{12,14}$/.test(time);
  return known ? { answerId: answerId as AnswerId, seenAt: new Date(Number(time)) } : { answerId: null, seenAt: null };
}

/** Saves what the form of the answer carries. @throws Invalid, and Conflict when a colleague has saved since */
export async function saveForm(context: Context, request: FastifyRequest, at: AppealAtDesk, body: Typed) {
  const { outcome = null, text, performerPost, number, interim } = parse(form, body);
  const read = readVersion(body);
  // Two begin at once, or the word that it was saved got lost: there is one draft, and who has not seen it must.
  const begun = read.answerId ? null : draftOf(at);
  if (begun && begun.writtenBy !== actingFor(request.actor).personId)
    throw new Conflict('Ответ уже начал писать другой сотрудник. Скопируйте свой текст и откройте обращение заново.');
  const answerId = read.answerId ?? begun?.answerId;
  return saveAnswer(context, request.actor, {
    ...keyOf(at),
    ...(answerId && { answerId }),
    ...(read.seenAt && { seenAt: read.seenAt }),
    number,
    outcome,
    performerPost,
    text,
    interim: interim === '1',
  });
}

/** What was typed with the chosen template after it. */
async function filled(context: Context, request: FastifyRequest, { at, body }: Asked): Promise<Typed> {
  const { name, acting } = actingFor(request.actor);
  const { template: id = '', text = '' } = body;
  const template = isUuid(id) && (await selectTemplate(context.db, acting.organisationId, id as TemplateId));
  if (!template) throw new Invalid([{ field: 'template', message: 'Выберите шаблон' }]);
  const facts = {
    appeal: at.whole.appeal,
    part: at.part,
    organisation: acting.name,
    performer: name,
    at: context.clock(),
  };
  const words = fillTemplate(template.text, facts);
  return {
    text: text.trim() ? `${text.trimEnd()}\n\n${words}` : words,
    ...(template.outcome && { outcome: template.outcome }),
  };
}

async function send(context: Context, request: FastifyRequest, reply: FastifyReply, { at, queue, body }: Asked) {
  const { personId, acting } = actingFor(request.actor);
  const { db } = context;
  const { organisationId } = acting;
  const number = repeatOf(at, personId, body) ?? (await sendNew(context, request, at, body));
  const post = body.performerPost?.trim() ?? '';
  if (post && post !== (await findPost(db, organisationId, personId)))
    await keepPost(db, organisationId, personId, post);
  if (body.interim === '1') return reply.redirect(`${appealHref(at.line, queue)}&done=interim`, 303);
  const next = await findNext(db, {
    organisationId,
    houses: acting.houses,
    personId,
    queue,
    now: context.clock(),
    after: at.line,
  });
  if (!next) return reply.redirect(queuePath(queue, { sent: number }), 303);
  const { houseId, appealId } = at.whole.appeal;
  const said = new URLSearchParams({ sent: number, before: `${houseId}.${appealId}` });
  return reply.redirect(`${appealHref(next, queue)}&${said}`, 303);
}

async function sendNew(context: Context, request: FastifyRequest, at: AppealAtDesk, body: Typed): Promise<string> {
  const { answerId } = await saveForm(context, request, at, body);
  const { number } = await sendAnswer(context, request.actor, { ...keyOf(at), answerId, key: body._key ?? '' });
  return number;
}

/** The same form sent twice without script: its answer went out, and the clerk goes on as after the first time. */
function repeatOf({ whole, part }: AppealAtDesk, personId: string, body: Typed): string | null {
  const text = cleanText(body.text ?? '');
  const sent = whole.answers.findLast(({ state, partId }) => state === 'sent' && partId === part.partId);
  const isRepeat = part.state === 'executed' && sent?.writtenBy === personId && sent.text === text;
  return isRepeat ? sent.number : null;
}
