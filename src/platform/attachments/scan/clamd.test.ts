import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newId } from '../../ids.ts';
import { isClamdUrl, parseClamdUrl, scanStream } from './clamd.ts';

const TIMES = { connectMs: 2000, silenceMs: 300 };

/** A server at a socket that answers as the test says, once the whole stream has come. */
async function serve(answer: (socket: Socket, received: Buffer) => void, whole = true): Promise<{ path: string }> {
  const path = join(tmpdir(), `${newId()}.sock`);
  const server = createServer((socket) => {
    let received = Buffer.alloc(0);
    let isDone = false;
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      received = Buffer.concat([received, piece]);
      const isEnd = received.length > 14 && received.subarray(-4).equals(Buffer.alloc(4));
      if (isDone || (whole && !isEnd)) return;
      isDone = true;
      answer(socket, received);
    });
  });
  await new Promise<void>((done) => server.listen(path, done));
  onTestFinished(() => void server.close());
  return { path };
}
const scan = (address: { path: string }, content: Iterable<Buffer> = [Buffer.from('abc')]) =>
  scanStream(address, content, TIMES);
const says = async (text: string) => scan(await serve((socket) => socket.end(text)));

describe('nothing but its plain OK is clean', () => {
  test.each([
    ['an error', 'INSTREAM size limit exceeded. ERROR\0', 'size limit exceeded'],
    [
      'limits that were exceeded',
      'stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0',
      'did not look at everything',
    ],
    ['an OK of something else', '/tmp/a: OK\0', '/tmp/a: OK'],
    ['an OK with more behind it', 'stream: OK\0stream: OK\0', 'nothing that can be understood'],
    ['an OK that breaks off', 'stream: OK', 'broke off'],
    ['an OK of another protocol', 'stream: OK\n\0', 'clamd answered'],
    ['a page', 'HTTP/1.1 400 Bad Request\r\n\r\n\0', 'HTTP/1.1'],
    ['nothing', '\0', 'nothing that can be understood'],
    ['silence and an end', '', 'broke off'],
    ['a find without a name', 'stream:  FOUND\0', 'clamd answered'],
    ['an answer without an end', 'x'.repeat(10_000), 'without an end'],
  ])('%s', async (_, answer, problem) => {
    expect(await says(answer)).toEqual({ state: 'unknown', problem: expect.stringContaining(problem) });
  });

  test('nobody listens', async () => {
    const result = await scan({ path: join(tmpdir(), `${newId()}.sock`) });
    expect(result).toEqual({ state: 'unknown', problem: expect.stringContaining('ENOENT') });
  });

  test('silence', async () => {
    expect(await scan(await serve(() => undefined))).toMatchObject({ problem: expect.stringContaining('no answer') });
  });

  test('the line breaks in the middle', async () => {
    const address = await serve((socket) => socket.destroy(), false);
    const pieces = Array.from({ length: 200 }, () => Buffer.alloc(65_536));
    expect(await scan(address, pieces)).toMatchObject({ state: 'unknown' });
  });

  test('the file cannot be read to its end', async () => {
    const address = await serve((socket) => socket.end('stream: OK\0'));
    const broken = (async function* () {
      yield Buffer.from('abc');
      throw new Error('bad disk');
    })();
    expect(await scanStream(address, broken, TIMES)).toEqual({ state: 'unknown', problem: 'clamd: bad disk' });
  });
});

test('clean, and found, also in pieces', async () => {
  expect(await says('stream: OK\0')).toEqual({ state: 'clean' });
  expect(await says('stream: Win.Test.EICAR_HDB-1 FOUND\0')).toEqual({
    state: 'infected',
    threat: 'Win.Test.EICAR_HDB-1',
  });
  const inPieces = await serve((socket) => {
    const letters = [...'stream: Own.Threat(0a:1) FOUND\0'];
    const next = () => {
      const letter = letters.shift();
      if (letter === undefined) socket.end();
      else socket.write(letter, () => setImmediate(next));
    };
    next();
  });
  expect(await scan(inPieces)).toEqual({ state: 'infected', threat: 'Own.Threat(0a:1)' });
});

test('the stream is what the protocol wants', async () => {
  let seen: Buffer = Buffer.alloc(0);
  const address = await serve((socket, received) => {
    seen = received;
    socket.end('stream: OK\0');
  });
  await scan(address, [Buffer.from('abc'), Buffer.alloc(0), Buffer.from('de')]);
  expect(seen.toString('latin1')).toBe('zINSTREAM\0\0\0\0\x03abc\0\0\0\x02de\0\0\0\0');
});

test('an answer before the end of the stream is heard', async () => {
  const address = await serve((socket) => socket.end('INSTREAM size limit exceeded. ERROR\0'), false);
  const pieces = Array.from({ length: 50 }, () => Buffer.alloc(65_536));
  expect(await scan(address, pieces)).toMatchObject({ state: 'unknown' });
});

test('addresses', () => {
  expect(parseClamdUrl('unix:/run/clamav/clamd.ctl')).toEqual({ path: '/run/clamav/clamd.ctl' });
  expect(parseClamdUrl('unix:///run/clamav/clamd.ctl')).toEqual({ path: '/run/clamav/clamd.ctl' });
  expect(parseClamdUrl('tcp://scanner.local:3310')).toEqual({ host: 'scanner.local', port: 3310 });
  expect(parseClamdUrl('tcp://[::1]:3310')).toEqual({ host: '::1', port: 3310 });
  for (const wrong of ['', '/run/clamd.ctl', 'tcp://host', 'tcp://host:99999', 'http://host:80', 'unix:clamd'])
    expect(isClamdUrl(wrong)).toBe(false);
});
