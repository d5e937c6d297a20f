import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { actingFor } from '../../../platform/access.ts';
import { type ReceivedAttachment, readFilesForm } from '../../../platform/attachments/index.ts';
import type { Context } from '../../../platform/context.ts';
import { Conflict, type FieldError, Invalid, NotFound } from '../../../platform/errors.ts';
import { type Typed, typed } from '../../../platform/http/forms.ts';
import { type AnswerId, type FileId, isUuid } from '../../../platform/ids.ts';
import { findPost } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { isOpen } from '../appeal.ts';
import type { AppealAtDesk } from '../open-at-desk.ts';
import { receiveSignature, SIGNATURE_LIMIT } from '../receive-signature.ts';
import { attachToAnswer, detachFromAnswer, saveAnswer } from '../save-answer.ts';
import { saveForm } from './answer.tsx';
import { MOST_FILES } from './answer-files.tsx';
import { appealHref, DESK } from './queue-query.ts';
import { draftOf, openPlace, readPlace, showAppeal } from './show-appeal.tsx';

/** Files of the answer that is written, and detached signatures of them. */
export function registerAnswerFiles(app: FastifyInstance, context: Context): void {
  const path = `${DESK}/:houseId/:appealId/answer`;
  const staff = { access: access.workDesk, sensitive: true };
  const own = { config: { ...staff, token: 'own' as const } };

  app.post(`${path}/files`, own, async (request, reply) => {
    const check = (token: unknown) => app.guard.check(request, reply, token);
    // Before a byte is taken: the appeal is the organisation's own.
    const found = await openPlace(context, request, readPlace(request, {}));
    const sent = await readFilesForm(request, reply, context, { field: 'files', check, mostFiles: MOST_FILES });
    const errors = [...sent.errors];
    if (errors.length === 0 && sent.received.length === 0) errors.push({ field: 'files', message: 'Выберите файл' });
    const brought = { found, fields: sent.fields, errors, files: sent.received };
    // Without script the form of the answer brings its files itself.
    if (sent.fields.text === undefined) return put(context, request, reply, brought);
    return putWithAnswer(context, request, reply, brought);
  });

  app.post(`${path}/signature`, own, async (request, reply) => {
    const found = await openPlace(context, request, readPlace(request, {}));
    const check = (token: unknown) => app.guard.check(request, reply, token);
    const { fields, received, errors } = await readFilesForm(request, reply, context, {
      field: 'signature',
      check,
      mostFiles: 1,
      receive: receiveSignature,
      mostOfFile: SIGNATURE_LIMIT,
    });
    if (errors.length === 0 && received.length === 0)
      errors.push({ field: 'signature', message: 'Выберите файл подписи' });
    const { signsFileId = '' } = fields;
    const signs = isUuid(signsFileId) ? { signsFileId: signsFileId as FileId } : {};
    return put(context, request, reply, { found, fields, errors, files: received, ...signs });
  });

  app.post(`${path}/files/remove`, { config: staff }, async (request, reply) => {
    const body = typed(request.body);
    const place = readPlace(request, body);
    const { answer = '', file = '', part = '' } = body;
    if (![answer, file, part].every(isUuid)) throw new NotFound();
    await detachFromAnswer(context, request.actor, {
      ...place.key,
      partId: place.partId!,
      answerId: answer as AnswerId,
      fileId: file as FileId,
    });
    return reply.redirect(`${appealHref({ ...place.key, deskId: part }, place.queue)}#files`, 303);
  });
}

interface Brought {
  found: AppealAtDesk;
  fields: Typed;
  files: readonly ReceivedAttachment[];
  errors: FieldError[];
  signsFileId?: FileId;
}

/** First the words: a file that is refused must not take them with it. */
async function putWithAnswer(context: Context, request: FastifyRequest, reply: FastifyReply, brought: Brought) {
  const { fields, errors } = brought;
  const place = readPlace(request, fields);
  const at = await openPlace(context, request, place);
  try {
    const { answerId } = await saveForm(context, request, at, fields);
    return await put(context, request, reply, { ...brought, found: at, fields: { ...fields, answer: answerId } });
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    const page = { at, queue: place.queue, errors: [...error.fields, ...errors], sent: fields };
    return showAppeal(context, request, reply.code(error.status), page);
  }
}

/** What came goes to the draft, even when another file of the form was refused. */
async function put(context: Context, request: FastifyRequest, reply: FastifyReply, brought: Brought) {
  const { fields, files, errors, signsFileId } = brought;
  const place = readPlace(request, fields);
  const { part } = brought.found;
  const key = { ...place.key, partId: place.partId ?? part.partId };
  try {
    if (files.length > 0) {
      const answerId = await draftFor(context, request, brought.found, fields.answer ?? '');
      for (const file of files)
        await attachToAnswer(context, request.actor, { ...key, answerId, file, ...(signsFileId && { signsFileId }) });
    }
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    errors.push(...error.fields);
  }
  if (errors.length === 0)
    return reply.redirect(`${appealHref({ ...place.key, deskId: key.partId }, place.queue)}#files`, 303);
  const at = await openPlace(context, request, place);
  return showAppeal(context, request, reply.code(422), { at, queue: place.queue, errors });
}

/** Files need a draft to belong to: it is begun with the first of them. */
async function draftFor(
  context: Context,
  { actor }: FastifyRequest,
  at: AppealAtDesk,
  given: string,
): Promise<AnswerId> {
  if (!isOpen(at.part.state)) throw new Conflict('Обращение уже закрыто: приложить к ответу ничего нельзя.');
  const begun = isUuid(given) ? (given as AnswerId) : draftOf(at)?.answerId;
  if (begun) return begun;
  const { personId, acting } = actingFor(actor);
  const { houseId, appealId } = at.whole.appeal;
  const { answerId } = await saveAnswer(context, actor, {
    houseId,
    appealId,
    partId: at.part.partId,
    number: '',
    outcome: null,
    performerPost: await findPost(context.db, acting.organisationId, personId),
    text: '',
    interim: false,
  });
  return answerId;
}
