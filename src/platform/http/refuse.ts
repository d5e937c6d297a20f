import type { FastifyReply } from 'fastify';
import { humanOf } from '../access.ts';
import { isDatabaseAway } from '../database/watch.ts';
import { type DomovoyError, TooMany, Unavailable } from '../errors.ts';
import { networkOf } from './network.ts';

const RETRY_SECONDS = 5;

export const databaseAway = (cause?: unknown): Unavailable =>
  new Unavailable(
    'Кабинет ненадолго недоступен, всё сохранённое цело. Подождите минуту и обновите страницу. Если вы отправляли форму, отправьте её ещё раз: дважды она не сохранится.',
    { cause },
  );

/** What was thrown, by its name: that the database is away is no failure of the page that asked it. */
export const named = (error: unknown): unknown => (isDatabaseAway(error) ? databaseAway(error) : error);

/**
 * The status of a refusal; of a limit, and of what is away, also when to try again (RFC 9110, 10.2.3). Who had no right, showed no token of ours or a wrong key
 * stands in the log, for whoever looks into an attack. What was mistyped or is not there does not.
 */
export function refuseWith(reply: FastifyReply, error: DomovoyError): FastifyReply {
  const { request } = reply;
  const { status, code } = error;
  if (error instanceof TooMany && error.wait !== null) reply.header('retry-after', error.wait);
  if (error instanceof Unavailable) reply.header('retry-after', RETRY_SECONDS);
  if (status === 403 || (status === 401 && request.headers.authorization)) {
    const { actor, method, routeOptions, ip } = request;
    const by = actor.kind === 'system' ? actor.keyId : humanOf(actor)?.personId;
    request.log.warn(
      { code, method, route: routeOptions.url, kind: actor.kind, by, network: networkOf(ip) },
      'refused',
    );
  }
  return reply.code(status);
}
