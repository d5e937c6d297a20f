import { PassThrough, type Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { TooSlow } from '../errors.ts';

/**
 * A body that comes within the time, or ends with `TooSlow`. The sender is answered before the line is closed: a line that breaks without
 * an answer would count against the process at a proxy, and a few slow senders would take it out of the proxy's list.
 */
export function inTime(reply: FastifyReply, body: Readable, milliseconds: number): Readable {
  const passed = new PassThrough();
  const timer = setTimeout(() => {
    reply.header('connection', 'close');
    body.unpipe(passed);
    passed.destroy(new TooSlow('Форма шла слишком медленно. Отправьте её снова, когда связь станет лучше.'));
  }, milliseconds);
  passed.once('close', () => clearTimeout(timer));
  // A request that breaks off closes its stream without an end.
  body.once('error', (error) => passed.destroy(error));
  body.once('close', () => {
    if (!body.readableEnded) passed.destroy(new Error('the sender went away'));
  });
  return body.pipe(passed);
}
