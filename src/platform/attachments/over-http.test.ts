import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { MOST_FILES, Sender, startFilesServer } from '../../../tests/support/files-server.ts';
import { contentDisposition } from '../http/content-disposition.ts';
import { newId } from '../ids.ts';
import { ATTACHMENT_LIMIT, type ReceivedAttachment } from './attachment.ts';
import { judgeFile } from './judge-file.ts';
import * as made from './test-files.ts';

let context: TestContext;
let server: Awaited<ReturnType<typeof startFilesServer>>;
/** One that soon loses patience. */
let hasty: Awaited<ReturnType<typeof startFilesServer>>;
let sender: Sender;
beforeAll(async () => {
  context = await createTestContext();
  server = await startFilesServer(context);
  hasty = await startFilesServer(context, { pace: { windowMs: 250, leastBytes: 1024 } });
  sender = await Sender.open(server.url, newId());
});
afterAll(async () => {
  await Promise.all([server?.app.close(), hasty?.app.close()]);
  await rm(context.config.FILES_DIR, { recursive: true });
});

interface Answer {
  fields: Record<string, string>;
  received: (Omit<ReceivedAttachment, 'sha256'> & { fileId: string })[];
  errors: { field: string; message: string }[];
}
const answerOf = async (response: Response) => {
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
};
/** All that lies in the store, with or without a row. */
const stored = () =>
  readdirSync(context.config.FILES_DIR, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
const addedTo = (before: readonly string[]) => stored().filter((name) => !before.includes(name));
const large = (bytes: number) => Buffer.concat([made.PDF.subarray(0, 9), Buffer.alloc(bytes - 9, 0x20)]);

describe('a form with files', () => {
  test('that is not ours, or of nobody, stores nothing', async () => {
    const before = stored();
    expect((await sender.send([['акт.pdf', made.PDF]], {}, 'forged')).status).toBe(403);
    const nobody = await fetch(`${server.url}/form`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new FormData(),
    });
    expect(nobody.status).toBe(401);
    expect(addedTo(before)).toEqual([]);
  });

  test('says what is wrong with each file, and keeps the good ones and what was typed', async () => {
    const answer = await answerOf(
      await sender.send(
        [
          ['Акт «осмотра» №5.pdf', made.PDF],
          ['вирус.pdf', Buffer.from('MZ\x90\0')],
          ['большой.pdf', large(ATTACHMENT_LIMIT + 5)],
          ['', Buffer.alloc(0)],
          ['../../фото.jpg', await made.jpeg()],
        ],
        { text: 'Течёт крыша' },
      ),
    );
    expect(answer.received.map(({ name }) => name)).toEqual(['Акт «осмотра» №5.pdf', 'фото.jpg']);
    expect(answer.errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^вирус\.pdf: Это программа/),
      expect.stringMatching(/^большой\.pdf: Файл больше 50 МБ/),
    ]);
    expect(answer.fields.text).toBe('Течёт крыша');
  });

  test('takes so many files and no more', async () => {
    const files = Array.from({ length: MOST_FILES + 2 }, (_, index): [string, Buffer] => [`${index}.pdf`, made.PDF]);
    const answer = await answerOf(await sender.send(files));
    expect(answer.received).toHaveLength(MOST_FILES);
    expect(answer.errors).toHaveLength(2);
  });

  test('longer than all its files may be is not read at all', async () => {
    const raw = await talk(`content-length: ${MOST_FILES * ATTACHMENT_LIMIT * 2}`, []);
    expect(raw).toMatch(/^HTTP\/1\.1 413 /);
  });
});

const BOUNDARY = 'x-boundary-x';
const part = (name: string, content: string) =>
  `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${name === 'files' ? '; filename="a.pdf"' : ''}\r\n\r\n${content}`;

/** Talks to the server as no browser does. @returns what it answered before either side hung up */
function talk(
  length: string,
  pieces: readonly (string | Buffer)[],
  { hangUp = false, slowMs = 0, to = server.url } = {},
): Promise<string> {
  return new Promise((done) => {
    const { hostname, port } = new URL(to);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (piece) => {
      answer += piece.toString();
      if (/\r\n\r\n\{.*\}/s.test(answer) || /^HTTP\/1\.1 4/.test(answer)) socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => done(answer));
    const headers = Object.entries(sender.headers).map(([name, value]) => `${name}: ${value}`);
    socket.write(
      [
        `POST /form HTTP/1.1`,
        `host: ${hostname}`,
        ...headers,
        `content-type: multipart/form-data; boundary=${BOUNDARY}`,
        length,
        '',
        '',
      ].join('\r\n'),
    );
    const [first, ...rest] = pieces;
    if (first !== undefined) socket.write(first);
    if (slowMs > 0) {
      const timer = setInterval(() => socket.write(' '), slowMs);
      socket.on('close', () => clearInterval(timer));
    }
    for (const piece of rest) socket.write(piece);
    if (hangUp) socket.end();
  });
}

describe('senders that are no browsers', () => {
  const begun = () => part('_token', `${sender.token}\r\n`) + part('files', '%PDF-1.4\n');

  test('chunked, without a length', async () => {
    const body = `${begun()}%%EOF\r\n--${BOUNDARY}--\r\n`;
    const answer = await talk('transfer-encoding: chunked', [`${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`]);
    expect(answer).toContain('"name":"a.pdf"');
  });

  test('a length that is longer than what comes, and a line that breaks', async () => {
    const before = stored();
    await talk('content-length: 5000000', [begun()], { hangUp: true });
    await expect.poll(() => addedTo(before)).toEqual([]);
  });

  test('a length that is shorter than what comes', async () => {
    const before = stored();
    const answer = await talk(`content-length: ${begun().length}`, [`${begun()}%%EOF\r\n--${BOUNDARY}--\r\n`]);
    expect(answer).not.toContain('"name"');
    await expect.poll(() => addedTo(before)).toEqual([]);
  });

  test('a byte now and then: cut off with a word', async () => {
    const before = stored();
    const answer = await talk('content-length: 5000000', [begun()], { slowMs: 40, to: hasty.url });
    expect(answer).toContain('слишком медленно');
    expect(answer).toMatch(/connection: close/i);
    await expect.poll(() => addedTo(before)).toEqual([]);
  });

  test('a field that never ends: the line is cut', async () => {
    const answer = await talk('content-length: 5000000', [part('text', 'Тек')], { to: hasty.url });
    expect(answer).not.toContain('200 OK');
  });

  test('a person sends a few forms at once, not many; others are not hindered', async () => {
    const crowd = await Sender.open(server.url, newId());
    const hold = () => {
      const stream = new ReadableStream({
        start: (control) => control.enqueue(Buffer.from(`--${BOUNDARY}\r\n`)),
      });
      const abort = new AbortController();
      const answer = fetch(`${server.url}/form`, {
        method: 'POST',
        headers: { ...crowd.headers, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
        body: stream,
        duplex: 'half',
        signal: abort.signal,
      } as RequestInit).catch(() => null);
      return { abort, answer };
    };
    const held = [hold(), hold(), hold()];
    await expect.poll(async () => (await crowd.send([['a.pdf', made.PDF]])).status).toBe(429);
    await answerOf(await sender.send([['a.pdf', made.PDF]]));
    for (const { abort } of held) abort.abort();
    await expect.poll(async () => (await crowd.send([['a.pdf', made.PDF]])).status).toBe(200);
  });
});

describe('a file in pieces', () => {
  const begin = async (name: string, size: number) =>
    ((await (await sender.announce(name, size)).json()) as { word: string }).word;

  test('is refused when it is announced too large or empty, by others, from another place, or longer than announced', async () => {
    expect((await sender.announce('a.pdf', ATTACHMENT_LIMIT + 1)).status).toBe(422);
    expect((await sender.announce('a.pdf', 0)).status).toBe(422);
    const word = await begin('a.pdf', made.PDF.length);
    const other = await Sender.open(server.url, newId());
    expect((await other.piece(word, 0, new Uint8Array(made.PDF))).status).toBe(404);
    expect((await sender.piece('forged', 0, new Uint8Array(made.PDF))).status).toBe(404);
    expect((await sender.piece(word, 7, new Uint8Array(made.PDF))).status).toBe(409);
    expect((await sender.piece(word, 0, new Uint8Array(made.PDF.length + 1))).status).toBe(422);
  });

  test('goes on where the line broke, and comes with its form', async () => {
    const content = await made.jpeg(900, 700);
    const word = await begin('снимок.jpg', content.length);
    const half = Math.floor(content.length / 2);
    expect(await (await sender.piece(word, 0, new Uint8Array(content.subarray(0, half)))).json()).toEqual({
      offset: half,
    });
    const asked = await sender.get('/attachments/pieces', { 'upload-word': word });
    expect(await asked.json()).toEqual({ offset: half });
    const last = await sender.piece(word, half, new Uint8Array(content.subarray(half)));
    const { ready, ...about } = (await last.json()) as { ready: string };
    expect(about).toEqual({ name: 'снимок.jpg', sizeBytes: content.length, mediaType: 'image/jpeg' });

    const answer = await answerOf(await sender.send([['акт.pdf', made.PDF]], { 'files.ready': ready }));
    expect(answer.received.map(({ name }) => name)).toEqual(['акт.pdf', 'снимок.jpg']);
    const other = await Sender.open(server.url, newId());
    expect((await answerOf(await other.send([], { 'files.ready': ready }))).errors).toHaveLength(1);
  });

  test('keeps what came of a piece before the line broke', async () => {
    const content = Buffer.concat([large(4 * 1_048_576), Buffer.from('\n%%EOF\n')]);
    const part = 3 * 1_048_576;
    const word = await begin('акт.pdf', content.length);
    const headers = {
      ...sender.headers,
      'content-type': 'application/octet-stream',
      'form-token': sender.token,
      'upload-word': word,
      'upload-offset': '0',
      'content-length': content.length,
    };
    const broken = request(`${server.url}/attachments/pieces`, { method: 'POST', headers }).on(
      'error',
      () => undefined,
    );
    broken.write(content.subarray(0, part), () => broken.destroy());
    const offset = async () =>
      ((await (await sender.get('/attachments/pieces', { 'upload-word': word })).json()) as { offset: number }).offset;
    await expect.poll(offset).toBeGreaterThan(0);
    const kept = await offset();
    expect(kept).toBeLessThanOrEqual(part);
    const rest = await sender.piece(word, kept, new Uint8Array(content.subarray(kept)));
    expect([rest.status, await rest.json()]).toEqual([200, expect.objectContaining({ sizeBytes: content.length })]);
  });

  test('is judged by its content at the end, and nothing of a refused one stays', async () => {
    const before = stored();
    const word = await begin('акт.pdf', 4);
    const answer = await sender.piece(word, 0, 'MZ\0\0');
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('программа');
    expect(addedTo(before)).toEqual([]);
    expect((await sender.piece(word, 0, 'MZ\0\0')).status).toBe(404);
  });
});

describe('sending', () => {
  const attach = async (name: string, content: Buffer, judge = true) => {
    const [file] = (await answerOf(await sender.send([[name, content]]))).received;
    if (judge) await judgeFile.run(context, { fileId: file!.fileId }, context.log);
    return `/files/${file!.fileId}`;
  };

  test('nobody gets what waits or is infected, in words', async () => {
    const path = await attach('акт.pdf', made.PDF, false);
    for (const query of ['', '?as=preview', '?whose=own']) {
      const answer = await sender.get(path + query);
      expect(answer.status).toBe(409);
      expect(await answer.text()).toContain('ещё проверяется');
    }
    await context.db
      .updateTable('stored_file')
      .set({ verdict: 'infected', judged_at: context.now, threat: 'Own' })
      .where('file_id', '=', path.slice(7) as never)
      .execute();
    const answer = await sender.get(`${path}?whose=own`);
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('вирус')]);
  });

  test('a document is downloaded under its name and runs nothing', async () => {
    const path = await attach('Жалоба на «шум» (2).docx', await made.docx());
    const answer = await sender.get(`${path}?as=preview`);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-disposition': `attachment; filename="______ __ _____ (2).docx"; filename*=UTF-8''${encodeURIComponent('Жалоба на «шум» (2).docx').replaceAll('(', '%28').replaceAll(')', '%29')}`,
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  test('others see a picture without where it was taken; its sender may have it back byte by byte', async () => {
    const original = await made.jpeg(120, 80);
    const path = await attach('фото.jpg', original);
    const shown = await sender.get(`${path}?as=preview`);
    expect(shown.headers.get('content-disposition')).toMatch(/^inline; /);
    const picture = Buffer.from(await shown.arrayBuffer());
    expect((await sharp(picture).metadata()).exif).toBeUndefined();
    expect(Number(shown.headers.get('content-length'))).toBe(picture.length);
    const own = await sender.get(`${path}?whose=own`);
    expect(Buffer.from(await own.arrayBuffer())).toEqual(original);
    const ownPreview = await sender.get(`${path}?whose=own&as=preview`);
    expect(Buffer.from(await ownPreview.arrayBuffer())).toEqual(picture);
  });

  test('a small picture for a list; a document has none', async () => {
    const answer = await sender.get(`${await attach('фото.jpg', await made.jpeg(1200, 800))}?as=thumbnail`);
    const about = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    expect([about.format, about.width, about.height, about.exif]).toEqual(['jpeg', 176, 176, undefined]);
    expect((await sender.get(`${await attach('акт.pdf', made.PDF)}?as=thumbnail`)).status).toBe(404);
  });

  test('in ranges', async () => {
    const path = await attach('акт.pdf', made.PDF);
    const range = async (value: string) => {
      const answer = await sender.get(`${path}?as=preview`, { range: value });
      return [answer.status, answer.headers.get('content-range'), (await answer.text()).slice(0, 20)];
    };
    const size = made.PDF.length;
    expect(await range('bytes=0-3')).toEqual([206, `bytes 0-3/${size}`, '%PDF']);
    expect(await range('bytes=-6')).toEqual([206, `bytes ${size - 6}-${size - 1}/${size}`, '%%EOF\n']);
    expect(await range(`bytes=${size}-`)).toEqual([416, `bytes */${size}`, '']);
    expect(await range('bytes=0-1,5-6')).toEqual([200, null, made.PDF.toString('latin1', 0, 20)]);
  });
});

test('names of downloads cannot break out of their header', () => {
  const header = contentDisposition('attachment', 'a"b\\c%d\u{1f600}\'(x)*.pdf');
  expect(header).toBe(
    "attachment; filename=\"a_b_c_d_'(x)*.pdf\"; filename*=UTF-8''a%22b%5Cc%25d%F0%9F%98%80%27%28x%29%2A.pdf",
  );
});
