import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { personOf, type Role } from '../access.ts';
import type { Context } from '../context.ts';
import { Conflict, Invalid, NotFound } from '../errors.ts';
import { parse } from '../http/forms.ts';
import { addPiece, beginArriving, endArriving, openArriving, readArriving } from './arriving.ts';
import { ATTACHMENT_LIMIT } from './attachment.ts';
import { receiveAttachment, Stalled } from './receive-attachment.ts';
import { type BegunUpload, sealedFiles } from './sealed-files.ts';
import { steady, UPLOAD_PACE } from './steady.ts';
import { inUploadPlace } from './upload-places.ts';

/** Whoever has a form with files. */
const ACCESS: readonly Role[] = ['resident', 'clerk', 'head', 'dispatcher', 'inspector', 'administrator'];
/** Errors of a file stand at no field here: the script shows them beside the file. */
const FIELD = 'file';
const WHOLE_NUMBER = /^\d{1,12}$/;

const Announced = z.object({
  name: z.string().max(1024),
  size: z
    .int()
    .min(1, 'Файл пустой. Проверьте, тот ли он, и приложите снова.')
    .max(ATTACHMENT_LIMIT, 'Файл больше 50 МБ. Уменьшите его или разделите на части.'),
});

/**
 * Files that a script sends before their form, in pieces: a broken line costs one piece. `POST /attachments` announces a file and answers
 * with its sealed word; `POST /attachments/pieces` (headers `upload-word`, `upload-offset`) adds bytes and answers with the next offset,
 * at the end with the word that the form carries; `GET /attachments/pieces` asks how far it came.
 */
export async function registerAttachmentUploads(app: FastifyInstance, context: Context): Promise<void> {
  await app.register(async (scope) => {
    // The bytes are read by the route, as they come.
    scope.addContentTypeParser('application/octet-stream', (_request, content, done) => done(null, content));
    const guard = (request: FastifyRequest, reply: FastifyReply) =>
      app.guard.check(request, reply, request.headers['form-token']);
    const config = { access: ACCESS, token: 'own' as const, sensitive: true };

    // A file announced holds room on the disk for two days, recorded or not.
    const begin = { config: { ...config, rateLimit: { max: 100, timeWindow: '1 hour' } } };
    scope.post('/attachments', begin, async (request, reply) => {
      guard(request, reply);
      const { name, size } = parse(Announced, request.body);
      const partId = await beginArriving(context);
      return reply.send({ word: wordsFor(context, request).sealBegun({ partId, name, sizeBytes: size }) });
    });

    scope.get('/attachments/pieces', { config }, async (request, reply) =>
      reply.send({ offset: (await readArriving(context, begunOf(context, request).partId)).sizeBytes }),
    );

    scope.post('/attachments/pieces', { config, bodyLimit: ATTACHMENT_LIMIT }, async (request, reply) => {
      guard(request, reply);
      const upload = begunOf(context, request);
      const { personId } = personOf(request.actor);
      const sending = { personId, socket: request.raw.socket, now: context.clock() };
      return inUploadPlace(sending, () => receivePiece(context, request, reply, upload));
    });
  });
}

const wordsFor = (context: Context, { actor }: FastifyRequest) =>
  sealedFiles(context.config, personOf(actor).personId, context.clock());

function begunOf(context: Context, request: FastifyRequest): BegunUpload {
  const upload = wordsFor(context, request).openBegun(String(request.headers['upload-word'] ?? ''));
  if (!upload) throw new NotFound('Этот файл уже не ждут. Приложите его снова.');
  return upload;
}

async function receivePiece(context: Context, request: FastifyRequest, reply: FastifyReply, upload: BegunUpload) {
  const file = await readArriving(context, upload.partId);
  const said = String(request.headers['upload-offset'] ?? '');
  if (!WHOLE_NUMBER.test(said) || Number(said) !== file.sizeBytes)
    throw new Conflict('Файл продолжается с другого места.', 'other_offset');
  if (!isStream(request.body)) throw new Invalid([{ field: FIELD, message: 'Нет содержимого файла.' }]);
  const stalled = () => new Stalled([{ field: FIELD, message: 'Связь слишком медленная, попробуйте позже.' }]);
  const content = steady(request.body, UPLOAD_PACE, stalled);
  const mostBytes = upload.sizeBytes - file.sizeBytes;
  const length = await addPiece(context, file, content, { mostBytes, field: FIELD }).catch((error: unknown) => {
    if (error instanceof Stalled) reply.header('connection', 'close');
    throw error;
  });
  return length < upload.sizeBytes ? reply.send({ offset: length }) : finish(context, request, reply, upload);
}

const isStream = (body: unknown): body is Readable =>
  typeof body === 'object' && body !== null && 'pipe' in body && typeof body.pipe === 'function';

/** What is judged is the whole, joined into a file of its own. */
async function finish(context: Context, request: FastifyRequest, reply: FastifyReply, upload: BegunUpload) {
  const whole = openArriving(context, await readArriving(context, upload.partId));
  const about = { name: upload.name, field: FIELD };
  const received = await receiveAttachment(context, whole, about).finally(() => endArriving(context, upload.partId));
  const { name, sizeBytes, mediaType } = received;
  return reply.send({ ready: wordsFor(context, request).sealReceived(received), name, sizeBytes, mediaType });
}
