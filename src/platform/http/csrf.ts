import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { humanOf } from '../access.ts';
import { deriveKey } from '../config.ts';
import type { Context } from '../context.ts';
import { Forbidden } from '../errors.ts';
import { keepCookie, readCookie } from './cookies.ts';

export const TOKEN_FIELD = '_token';
const COOKIE = 'domovoy_form';
const STALE = 'Форма устарела или открыта с другого адреса. Обновите страницу и отправьте её ещё раз.';

/**
 * A form's token is bound to the session and to the organisation acted for, or to a cookie of its own before sign-in. So a form
 * that was opened for one organisation is refused once the person acts for another: it may hold no word of whose it is.
 */
export function formGuard(context: Context) {
  const key = deriveKey(context.config, 'form tokens');
  const origin = new URL(context.config.PUBLIC_URL).origin;
  const sign = (subject: string) => createHmac('sha256', key).update(subject).digest('base64url');
  const subjectOf = (request: FastifyRequest, reply: FastifyReply): string => {
    const { actor } = request;
    if (actor.kind === 'person' && actor.acting) {
      const { organisationId, through } = actor.acting;
      return `${actor.sessionId} ${organisationId}${through ? ` ${through.organisationId}` : ''}`;
    }
    const human = humanOf(actor);
    if (human) return human.sessionId;
    const known = readCookie(request, COOKIE);
    if (known && /^[\w-]{22}$/.test(known)) return known;
    const fresh = randomBytes(16).toString('base64url');
    keepCookie(reply, COOKIE, fresh);
    return fresh;
  };
  return {
    tokenFor: (request: FastifyRequest, reply: FastifyReply) => sign(subjectOf(request, reply)),
    /** @throws Forbidden unless the request comes from our own page and carries its token */
    check(request: FastifyRequest, reply: FastifyReply, token: unknown): void {
      const sent = request.headers.origin;
      if (sent !== undefined && sent !== origin && sent !== 'null') throw new Forbidden(STALE);
      if (request.headers['sec-fetch-site'] === 'cross-site') throw new Forbidden(STALE);
      const expected = Buffer.from(sign(subjectOf(request, reply)));
      const given = Buffer.from(typeof token === 'string' ? token : '');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Forbidden(STALE);
    },
  };
}

export type FormGuard = ReturnType<typeof formGuard>;
