import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { handleError, handleNotFound } from '../../src/pages/errors.tsx';
import type { Actor } from '../../src/platform/access.ts';
import {
  readFilesForm,
  readVerdicts,
  recordAttachment,
  registerAttachmentUploads,
  sendAttachment,
} from '../../src/platform/attachments/index.ts';
import type { Context } from '../../src/platform/context.ts';
import { transaction } from '../../src/platform/database/database.ts';
import { NotFound } from '../../src/platform/errors.ts';
import { createServer } from '../../src/platform/http/server.ts';
import type { FileId, PersonId, SessionId } from '../../src/platform/ids.ts';

export const PERSON_HEADER = 'test-person';
export const MOST_FILES = 4;

/**
 * The real server with all its layers and one form with files; who asks is said by a header.
 * @param more adds routes of the test's own
 */
export async function startFilesServer(
  context: Context,
  {
    pace,
    port = 0,
    more,
  }: {
    pace?: { windowMs: number; leastBytes: number };
    port?: number;
    more?: (app: FastifyInstance) => void;
  } = {},
): Promise<{ app: FastifyInstance; url: string }> {
  mkdirSync('dist/assets', { recursive: true });
  const app = await createServer(context, {
    assetsFolder: resolve('dist/assets'),
    identify: async (request) => personOf(request),
    onError: handleError,
    onNotFound: handleNotFound,
  });
  await registerAttachmentUploads(app, context);
  const config = { access: ['resident'] as const, token: 'own' as const, sensitive: true };
  app.get('/token', { config }, async (request, reply) => ({ token: app.guard.tokenFor(request, reply) }));
  app.post('/form', { config }, async (request, reply) => {
    const check = (token: unknown) => app.guard.check(request, reply, token);
    const form = await readFilesForm(request, reply, context, {
      field: 'files',
      check,
      mostFiles: MOST_FILES,
      ...(pace && { pace }),
    });
    await transaction(context.db, async (trx) => {
      for (const file of form.received) await recordAttachment(trx, file, context.clock());
    });
    return form;
  });
  app.get('/files/:fileId', { config }, async (request, reply) => {
    const { fileId } = request.params as { fileId: FileId };
    const { as = 'download', whose = 'others' } = request.query as Record<string, never>;
    const file = (await readVerdicts(context.db, [fileId])).get(fileId);
    if (!file) throw new NotFound();
    return sendAttachment(request, reply, context, file, { as, whose });
  });
  more?.(app);
  await app.listen({ port, host: '127.0.0.1' });
  return { app, url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` };
}

function personOf({ headers }: FastifyRequest): Actor {
  const personId = headers[PERSON_HEADER] as PersonId | undefined;
  if (!personId) return { kind: 'anonymous' };
  return {
    kind: 'person',
    personId,
    sessionId: personId as string as SessionId,
    name: 'Домовитова Анна Ильинична',
    snils: null,
    confirmed: true,
    administrator: false,
    connected: true,
    accepted: true,
    acting: null,
  };
}

/** A person with a browser at that server. */
export class Sender {
  readonly headers: Record<string, string>;
  readonly url: string;
  token = '';

  private constructor(url: string, personId: PersonId) {
    this.url = url;
    this.headers = { [PERSON_HEADER]: personId, accept: 'application/json' };
  }

  static async open(url: string, personId: PersonId): Promise<Sender> {
    const sender = new Sender(url, personId);
    const answer = await sender.get('/token');
    sender.token = ((await answer.json()) as { token: string }).token;
    return sender;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, { headers: { ...this.headers, ...headers } });
  }

  /** Sends the form as a browser without script does. */
  send(
    files: readonly [name: string, content: Uint8Array][],
    fields: Record<string, string> = {},
    token = this.token,
  ): Promise<Response> {
    const body = new FormData();
    body.append('_token', token);
    for (const [name, content] of files) body.append('files', new Blob([new Uint8Array(content)]), name);
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    return fetch(`${this.url}/form`, { method: 'POST', headers: this.headers, body });
  }

  /** Announces a file as the page's script does. */
  announce(name: string, size: number): Promise<Response> {
    return fetch(`${this.url}/attachments`, {
      method: 'POST',
      headers: { ...this.headers, 'content-type': 'application/json', 'form-token': this.token },
      body: JSON.stringify({ name, size }),
    });
  }

  piece(word: string, offset: number, content: BodyInit): Promise<Response> {
    return fetch(`${this.url}/attachments/pieces`, {
      method: 'POST',
      headers: {
        ...this.headers,
        'content-type': 'application/octet-stream',
        'form-token': this.token,
        'upload-word': word,
        'upload-offset': String(offset),
      },
      body: content,
      duplex: 'half',
    } as RequestInit);
  }
}
