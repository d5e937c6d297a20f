import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { personOf } from '../access.ts';
import type { Context } from '../context.ts';
import { type FieldError, Invalid, TooLarge } from '../errors.ts';
import { TOKEN_FIELD } from '../http/csrf.ts';
import { type Typed, typed } from '../http/forms.ts';
import { ATTACHMENT_LIMIT, type ReceivedAttachment } from './attachment.ts';
import { type Receive, receiveAttachment, Stalled } from './receive-attachment.ts';
import { sealedFiles } from './sealed-files.ts';
import { UPLOAD_PACE } from './steady.ts';
import { inUploadPlace } from './upload-places.ts';

/** What the fields of a form take beside its files. */
const MOST_OF_FIELDS = 2 * 1_048_576;

export interface FilesForm {
  fields: Typed;
  /** In the order in which they came: those of this request, and those that a script had sent before. They have no rows yet. */
  received: ReceivedAttachment[];
  /** Files that were not taken, at the field of files. The rest of the form was read all the same. */
  errors: FieldError[];
}

interface Reading {
  /** The name of the file field; words of files that came before stand in `<field>.ready`. */
  field: string;
  /** Throws when the token is not ours. It stands before the files: nothing of a foreign page is stored. */
  check: (token: unknown) => void;
  mostFiles: number;
  /** Letters of the longest text field. */
  mostOfText?: number;
  pace?: typeof UPLOAD_PACE;
  /** In place of `receiveAttachment`, for a file that is no document, and how many bytes it may have. */
  receive?: Receive;
  mostOfFile?: number;
}

/**
 * Reads a form with files, as `<Form files>` sends it with or without script: each file goes to the store while it comes.
 * For routes with `token: 'own'`.
 * @throws TooLarge, TooMany, and what `check` throws
 */
export async function readFilesForm(
  request: FastifyRequest,
  reply: FastifyReply,
  context: Context,
  reading: Reading,
): Promise<FilesForm> {
  const form: FilesForm = { fields: {}, received: [], errors: [] };
  const { field, check, mostFiles, mostOfText = 40_000, mostOfFile = ATTACHMENT_LIMIT } = reading;
  if (!request.isMultipart()) {
    form.fields = typed(request.body);
    check(form.fields[TOKEN_FIELD]);
    return form;
  }
  const mostBytes = mostFiles * (ATTACHMENT_LIMIT + 1024) + MOST_OF_FIELDS;
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge(mostFiles);
  const { personId } = personOf(request.actor);
  const words = sealedFiles(context.config, personId, context.clock());
  const watch = watchSender(request, mostBytes, (reading.pace ?? UPLOAD_PACE).windowMs);
  const parts = request.parts(limitsOf(mostFiles, mostOfText, mostOfFile));
  let checked = false;
  const checkOnce = () => {
    if (!checked) check(form.fields[TOKEN_FIELD]);
    checked = true;
  };
  try {
    await inUploadPlace({ personId, socket: request.raw.socket, now: context.clock() }, async () => {
      for await (const part of parts) {
        if (part.type === 'field') readField(form, part, field, words.openReceived);
        else {
          checkOnce();
          await readFile(context, form, part, reading);
        }
      }
    });
  } catch (error) {
    if (!(error instanceof Stalled)) throw error;
    // The rest of the form will not come either.
    form.errors.push(...error.fields);
    reply.header('connection', 'close');
  } finally {
    clearInterval(watch);
  }
  checkOnce();
  return form;
}

/** A file that is too large, or one too many, is said at its field, beside the other errors. */
const limitsOf = (mostFiles: number, mostOfText: number, mostOfFile: number) => ({
  limits: {
    files: mostFiles + 50,
    fields: 500,
    parts: 600,
    fieldSize: mostOfText * 4,
    fileSize: mostOfFile + 1,
  },
  throwFileSizeLimit: false,
});

function readField(
  form: FilesForm,
  part: Extract<Multipart, { type: 'field' }>,
  field: string,
  open: (word: string) => ReceivedAttachment | null,
): void {
  const { fieldname: name, value } = part;
  if (typeof value !== 'string') return;
  if (name === `${field}.ready`) {
    const file = open(value);
    if (!file) form.errors.push({ field, message: 'Один из файлов не дошёл. Приложите его ещё раз.' });
    else if (!form.received.some(({ fileId }) => fileId === file.fileId)) form.received.push(file);
  } else if (!(name in form.fields)) form.fields[name] = value.replaceAll('\0', '');
}

async function readFile(
  context: Context,
  form: FilesForm,
  part: MultipartFile,
  { field, mostFiles, pace, receive = receiveAttachment }: Reading,
): Promise<void> {
  const isEmptyField = !part.filename;
  if (part.fieldname !== field || isEmptyField || form.received.length >= mostFiles) {
    part.file.resume();
    if (part.fieldname === field && !isEmptyField)
      form.errors.push({ field, message: `Можно приложить не больше ${mostFiles} файлов сразу.` });
    return;
  }
  try {
    const name = part.filename;
    form.received.push(await receive(context, part.file, { name, field, ...(pace && { pace }) }));
  } catch (error) {
    if (!(error instanceof Invalid) || error instanceof Stalled) throw error;
    form.errors.push(
      ...error.fields.map((one) => ({ ...one, message: `${part.filename.slice(-60)}: ${one.message}` })),
    );
  }
}

const tooLarge = (mostFiles: number) =>
  new TooLarge(`За один раз можно приложить не больше ${mostFiles} файлов по 50 МБ. Приложите остальные потом.`);

/** Breaks the line with a sender who never ends, or who sends a byte now and then where no file is read. */
function watchSender({ raw }: FastifyRequest, mostBytes: number, windowMs: number): NodeJS.Timeout {
  const { socket } = raw;
  const begun = socket.bytesRead;
  let before = -1;
  return setInterval(() => {
    if (socket.bytesRead - begun > mostBytes || socket.bytesRead === before) raw.destroy();
    before = socket.bytesRead;
  }, windowMs * 2);
}
