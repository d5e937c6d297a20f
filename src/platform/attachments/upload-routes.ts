import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { personOf, type Role } from '../access.ts';
import type { Context } from '../context.ts';
import { Conflict, Invalid, NotFound } from '../errors.ts';
import { parse } from '../http/forms.ts';
import { ATTACHMENT_LIMIT } from './attachment.ts';
import { receiveAttachment, Stalled } from './receive-attachment.ts';
import { type BegunUpload, sealedWords } from './sealed-words.ts';
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
      const { fileId: partId } = await context.files.put(Buffer.alloc(0), { limitBytes: 0, field: FIELD });
      return reply.send({ word: wordsFor(context, request).sealBegun({ partId, name, sizeBytes: size }) });
    });

    scope.get('/attachments/pieces', { config }, async (request, reply) =>
      reply.send({ offset: await lengthOf(context, begunOf(context, request)) }),
    );

    scope.post('/attachments/pieces', { config, bodyLimit: ATTACHMENT_LIMIT }, async (request, reply) => {
      guard(request, reply);
      const upload = begunOf(context, request);
      const { personId } = personOf(request.actor);
      const sending = { personId, socket: request.raw.socket, now: context.clock() };
      return inUploadPlace(sending, () => addPiece(context, request, reply, upload));
    });
  });
}

const wordsFor = (context: Context, { actor }: FastifyRequest) =>
  sealedWords(context.config, personOf(actor).personId, context.clock());

function begunOf(context: Context, request: FastifyRequest): BegunUpload {
  const upload = wordsFor(context, request).openBegun(String(request.headers['upload-word'] ?? ''));
  if (!upload) throw new NotFound('Этот файл уже не ждут. Приложите его снова.');
  return upload;
}

async function lengthOf({ files }: Context, { partId }: BegunUpload): Promise<number> {
  const about = await stat(files.path(partId)).catch(() => null);
  if (!about) throw new NotFound('Этот файл уже не ждут. Приложите его снова.');
  return about.size;
}

async function addPiece(context: Context, request: FastifyRequest, reply: FastifyReply, upload: BegunUpload) {
  const offset = await lengthOf(context, upload);
  const said = String(request.headers['upload-offset'] ?? '');
  if (!WHOLE_NUMBER.test(said) || Number(said) !== offset)
    throw new Conflict('Файл продолжается с другого места.', 'other_offset');
  if (!isStream(request.body)) throw new Invalid([{ field: FIELD, message: 'Нет содержимого файла.' }]);
  try {
    await append(context.files.path(upload.partId), offset, request.body, upload.sizeBytes - offset);
  } catch (error) {
    if (error instanceof Stalled) reply.header('connection', 'close');
    throw error;
  }
  const length = await lengthOf(context, upload);
  return length < upload.sizeBytes ? reply.send({ offset: length }) : finish(context, request, reply, upload);
}

const isStream = (body: unknown): body is Readable =>
  typeof body === 'object' && body !== null && 'pipe' in body && typeof body.pipe === 'function';

async function append(path: string, offset: number, content: Readable, most: number): Promise<void> {
  let bytes = 0;
  const stalled = () => new Stalled([{ field: FIELD, message: 'Связь слишком медленная, попробуйте позже.' }]);
  await pipeline(
    steady(content, UPLOAD_PACE, stalled),
    async function* measured(pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        bytes += piece.length;
        if (bytes > most) throw new Invalid([{ field: FIELD, message: 'Файл длиннее, чем было объявлено.' }]);
        yield piece;
      }
    },
    createWriteStream(path, { flags: 'r+', start: offset }),
  );
}

/** What is judged is a copy that no late piece can change. */
async function finish(context: Context, request: FastifyRequest, reply: FastifyReply, upload: BegunUpload) {
  const { files } = context;
  try {
    const received = await receiveAttachment(context, files.open(upload.partId), { name: upload.name, field: FIELD });
    const { name, sizeBytes, mediaType } = received;
    return reply.send({ ready: wordsFor(context, request).sealReceived(received), name, sizeBytes, mediaType });
  } finally {
    await files.remove(upload.partId);
  }
}
