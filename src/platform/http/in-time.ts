import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { TooSlow } from '../errors.ts';

/**
 * Whoever reads the body gets `TooSlow` when it has not come within the time. The sender is answered before the line is closed: a line that
 * breaks without an answer would count against the process at a proxy, and a few slow senders would take it out of the proxy's list.
 */
export function inTime(reply: FastifyReply, body: Readable, milliseconds: number): void {
  const timer = setTimeout(() => {
    // A request that was answered, or waits for something else than its body, is not slow.
    if (reply.sent || body.listenerCount('error') === 0) return;
    reply.header('connection', 'close');
    // Not destroyed: that would close the line before the answer.
    body.emit('error', new TooSlow('Форма шла слишком медленно. Отправьте её снова, когда связь станет лучше.'));
  }, milliseconds);
  const done = () => clearTimeout(timer);
  body.once('end', done).once('close', done);
  reply.raw.once('close', done);
}
