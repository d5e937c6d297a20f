import type { FastifyInstance } from 'fastify';
import { sendAttachment } from '../../../platform/attachments/index.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid } from '../../../platform/errors.ts';
import { idParam, type Typed, typed } from '../../../platform/http/forms.ts';
import { type FileId, isUuid } from '../../../platform/ids.ts';
import { access } from '../access.ts';
import { openFileAtDesk } from '../open-at-desk.ts';
import { writeNote } from '../write-note.ts';
import { appealHref, DESK, pathOf } from './queue-query.ts';
import { openPlace, readPlace, showAppeal } from './show-appeal.tsx';

/** One appeal at the desk: its page, its files, notes of the staff. */
export function registerAppealAtDesk(app: FastifyInstance, context: Context): void {
  const staff = { config: { access: access.workDesk, sensitive: true } };

  app.get(`${DESK}/:houseId/:appealId`, staff, async (request, reply) => {
    const query = request.query as Typed;
    const place = readPlace(request, query);
    const at = await openPlace(context, request, place);
    return showAppeal(context, request, reply, { at, queue: place.queue, said: readSaid(query) });
  });

  app.get(`${DESK}/:houseId/:appealId/files/:fileId`, staff, async (request, reply) => {
    const { key } = readPlace(request, {});
    const fileId = idParam<FileId>(request.params, 'fileId');
    const { preview, thumbnail } = request.query as Typed;
    const as = thumbnail ? 'thumbnail' : preview ? 'preview' : 'download';
    const { attachment, isOwn } = await openFileAtDesk(context, request.actor, { ...key, fileId, as });
    return sendAttachment(request, reply, context, attachment, {
      as,
      whose: isOwn ? 'own' : 'others',
    });
  });

  app.post(`${DESK}/:houseId/:appealId/notes`, staff, async (request, reply) => {
    const body = typed(request.body);
    const place = readPlace(request, body);
    try {
      await writeNote(context, request.actor, { ...place.key, text: body.note ?? '' });
      const deskId = place.partId ?? '';
      return await reply.redirect(`${appealHref({ ...place.key, deskId }, place.queue)}#notes`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const at = await openPlace(context, request, place);
      const page = { at, queue: place.queue, errors: error.fields, sent: { note: body.note ?? '' } };
      return showAppeal(context, request, reply.code(error.status), page);
    }
  });
}

const DONE: Readonly<Record<string, string>> = {
  registered: 'Обращение зарегистрировано',
  assigned: 'Исполнитель назначен',
  extended: 'Срок продлён, автору отправлено письмо',
  saved: 'Черновик сохранён',
  deleted: 'Черновик удалён',
  redirected: 'Обращение перенаправлено, автору отправлено письмо',
  waived: 'Обращение закрыто без ответа, автору отправлено письмо',
  executed: 'Обращение отмечено исполненным',
  interim: 'Промежуточный ответ отправлен, обращение остаётся в работе',
};

/** What the step before has done: words in the address name it, nothing of the address is shown but a number. */
function readSaid({ sent, before, done }: Typed) {
  const [houseId = '', appealId = ''] = (before ?? '').split('.');
  const href =
    isUuid(houseId) && isUuid(appealId)
      ? pathOf({ houseId: houseId as never, appealId: appealId as never })
      : undefined;
  if (sent) return { title: `Ответ № ${sent.slice(0, 40)} отправлен. Это следующее обращение`, href };
  return done && Object.hasOwn(DONE, done) ? { title: DONE[done]!, href } : null;
}
