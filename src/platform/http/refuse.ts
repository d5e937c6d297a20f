import type { FastifyReply } from 'fastify';
import { humanOf } from '../access.ts';
import { type DomovoyError, TooMany } from '../errors.ts';
import { networkOf } from './network.ts';

/**
 * The status of a refusal; of a limit also when to try again (RFC 9110, 10.2.3). Who had no right, showed no token of ours or a wrong key
 * stands in the log, for whoever looks into an attack. What was mistyped or is not there does not.
 */
export function refuseWith(reply: FastifyReply, error: DomovoyError): FastifyReply {
  const { request } = reply;
  const { status, code } = error;
  if (error instanceof TooMany && error.wait !== null) reply.header('retry-after', error.wait);
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
