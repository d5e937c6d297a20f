import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Acting, Actor } from '../../platform/access.ts';
import { sha256 } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import type { Db } from '../../platform/database/database.ts';
import { dropCookie, keepCookie, readCookie } from '../../platform/http/cookies.ts';
import { networkOf } from '../../platform/http/network.ts';
import { isUuid, newId, type OrganisationId, type PersonId, type SessionId } from '../../platform/ids.ts';
import { dayIn } from '../../platform/month.ts';
import { readActing, readDelegated } from '../organisations/index.ts';
import { type DeviceId, fullName } from './identity.ts';
import { insertSession, selectSession, touchSession } from './queries/sessions.ts';

export const SESSION_COOKIE = 'domovoy_session';
const TOUCH_AFTER_MILLISECONDS = 5 * 60_000;
const OPERATOR_ZONE = 'Europe/Moscow';

export interface SessionToken {
  personId: PersonId;
  sessionId: SessionId;
  secret: string;
}

/** A token carries its person, so that a session is one row of the person's own. */
export const formatToken = (token: SessionToken): string => `${token.personId}.${token.sessionId}.${token.secret}`;

export function parseToken(cookie: string | undefined): SessionToken | null {
  const [personId = '', sessionId = '', secret = ''] = (cookie ?? '').split('.');
  if (!isUuid(personId) || !isUuid(sessionId) || !/^[\w-]{43}$/.test(secret)) return null;
  return { personId: personId as PersonId, sessionId: sessionId as SessionId, secret };
}

/** Opens a session; only the hash of its secret is kept. */
export async function openSession(
  context: Context,
  db: Db,
  session: {
    personId: PersonId;
    userAgent: string;
    network?: string;
    deviceId?: DeviceId | null;
    idToken: string | null;
  },
): Promise<SessionToken> {
  const at = context.clock();
  const token = {
    personId: session.personId,
    sessionId: newId<SessionId>(),
    secret: randomBytes(32).toString('base64url'),
  };
  const expiresAt = new Date(at.getTime() + context.config.SESSION_DAYS * 24 * 3_600_000);
  const { network = '', deviceId = null, ...rest } = session;
  await insertSession(db, {
    ...rest,
    network,
    deviceId,
    sessionId: token.sessionId,
    secretHash: sha256(token.secret),
    at,
    expiresAt,
  });
  return token;
}

export function setSessionCookie(context: Context, reply: FastifyReply, token: SessionToken): void {
  keepCookie(reply, SESSION_COOKIE, formatToken(token), context.config.SESSION_DAYS * 24 * 3600);
}

/** The browser leaves: nothing of the person stays in it. */
export const forgetSession = (reply: FastifyReply): FastifyReply =>
  dropCookie(reply, SESSION_COOKIE).header('clear-site-data', '"cache", "storage"');

/** Who sends the request. A session that has ended, expired or idled too long is nobody's; its cookie is removed. */
export async function identify(
  context: Context,
  hasConnectedAccounts: (db: Db, personId: PersonId) => Promise<boolean>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Actor> {
  const token = parseToken(readCookie(request, SESSION_COOKIE));
  if (!token) return { kind: 'anonymous' };
  const [row, connected] = await Promise.all([
    selectSession(context.db, token.personId, token.sessionId),
    hasConnectedAccounts(context.db, token.personId),
  ]);
  const now = context.clock();
  const idleSince = now.getTime() - context.config.SESSION_IDLE_MINUTES * 60_000;
  const alive =
    row &&
    row.kind !== 'erased' &&
    timingSafeEqual(row.secretHash, sha256(token.secret)) &&
    row.endedAt === null &&
    row.expiresAt > now &&
    row.seenAt.getTime() > idleSince;
  if (!alive) {
    dropCookie(reply, SESSION_COOKIE);
    return { kind: 'anonymous' };
  }
  if (now.getTime() - row.seenAt.getTime() > TOUCH_AFTER_MILLISECONDS)
    await touchSession(context.db, token.personId, token.sessionId, networkOf(request.ip), now);
  const { personId, sessionId } = token;
  if (row.kind === 'guest') return { kind: 'guest', personId, sessionId };
  const acting = row.actingOrganisationId
    ? await actingNow(context, row.actingOrganisationId, row.actingForId, personId)
    : null;
  return {
    kind: 'person',
    personId,
    sessionId,
    name: fullName(row),
    snils: row.snils,
    confirmed: row.confirmed,
    // The setting decides at each request: whoever is taken off it loses the right at once, not when the session ends.
    administrator: row.subject !== null && context.config.ADMINISTRATORS.includes(row.subject),
    connected,
    // What was accepted for an organisation is not accepted for oneself: after the employment the person is asked anew.
    accepted: Boolean(row.accepted) && (acting !== null || row.actingOrganisationId === null),
    acting,
    ...(row.actingOrganisationId && acting === null && { endedFor: row.actingOrganisationId }),
  };
}

/**
 * Null when the employment has ended meanwhile: the person then acts on their own behalf. When it is the delegation that has ended, the
 * person acts for their own organisation again.
 */
async function actingNow(
  context: Context,
  organisationId: OrganisationId,
  forId: OrganisationId | null,
  personId: PersonId,
): Promise<Acting | null> {
  const today = dayIn(OPERATOR_ZONE, context.clock());
  const delegated =
    forId && (await readDelegated(context.db, { centreId: organisationId, organisationId: forId, personId }, today));
  return delegated || readActing(context.db, organisationId, personId, today);
}
