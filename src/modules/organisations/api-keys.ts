import type { FastifyRequest } from 'fastify';
import { type Actor, actingFor, authorise } from '../../platform/access.ts';
import { formatToken, hashOfSecret, isSecret, newSecret, readToken } from '../../platform/api/token.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import { once } from '../../platform/idempotency/idempotency.ts';
import { type ApiKeyId, newId } from '../../platform/ids.ts';
import { dayIn } from '../../platform/month.ts';
import { access } from './access.ts';
import {
  type ApiKeyRow,
  insertApiKey,
  revokeApiKey,
  selectApiKey,
  selectApiKeys,
  touchApiKey,
} from './queries/api-keys.ts';

/** Terms that a head may choose, in days. A key without an end is forgotten in somebody's program. */
export const TERMS = ['30', '90', '365'] as const;
export type Term = (typeof TERMS)[number];

export type KeyState = 'works' | 'expired' | 'revoked' | 'unanswered';
export type ApiKey = ApiKeyRow & { state: KeyState };

const MOST_KEYS = 20;
const DAY = 24 * 3_600_000;
const TOUCH_AFTER = 60_000;
/** Employment is counted by the operator's day, as for sessions. */
const today = (context: Context) => dayIn('Europe/Moscow', context.clock());

function stateOf(key: ApiKeyRow, now: Date): KeyState {
  if (key.revokedAt) return 'revoked';
  if (key.expiresAt && key.expiresAt <= now) return 'expired';
  return key.answered ? 'works' : 'unanswered';
}

export async function listKeys(context: Context, actor: Actor): Promise<ApiKey[]> {
  authorise(actor, access.manageKeys);
  const keys = await selectApiKeys(context.db, actingFor(actor).acting.organisationId, today(context));
  return keys.map((key) => ({ ...key, state: stateOf(key, context.clock()) }));
}

/**
 * Makes a key. Its token is known now and never again: what is kept is the hash of the secret.
 * @returns null when the form was sent twice: the token went with the first answer
 */
export async function makeKey(
  context: Context,
  actor: Actor,
  form: { name: string; term: Term; formKey: string },
): Promise<string | null> {
  authorise(actor, access.manageKeys);
  const { personId, acting } = actingFor(actor);
  const { organisationId } = acting;
  const { name, term, formKey } = form;
  const at = context.clock();
  const expiresAt = new Date(at.getTime() + Number(term) * DAY);
  let token: string | null = null;
  await transaction(context.db, (trx) =>
    once(trx, { key: `api-key:${personId}:${formKey}`, request: { organisationId, name, term }, at }, async () => {
      const keys = await selectApiKeys(trx, organisationId, today(context));
      if (keys.filter((key) => stateOf(key, at) === 'works').length >= MOST_KEYS)
        throw new Conflict(`Действует уже ${MOST_KEYS} ключей. Отзовите те, которыми не пользуетесь.`);
      const keyId = newId<ApiKeyId>();
      const secret = newSecret();
      token = formatToken({ organisationId, keyId, secret });
      await insertApiKey(trx, {
        ...{ organisationId, keyId, name, at, expiresAt },
        secretHash: hashOfSecret(secret),
        madeBy: personId,
      });
      await audit(trx, { actor: personId, action: 'api_key.made', at, organisationId, details: { keyId, name, term } });
      return { keyId };
    }),
  );
  return token;
}

/** From the next call on the key is refused. @throws NotFound for a key of another, or one that is revoked already */
export async function revokeKey(context: Context, actor: Actor, keyId: ApiKeyId): Promise<void> {
  authorise(actor, access.manageKeys);
  const { personId, acting } = actingFor(actor);
  const { organisationId } = acting;
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const name = await revokeApiKey(trx, organisationId, keyId, at);
    if (name === null) throw new NotFound('Такого ключа нет, или он уже отозван.');
    await audit(trx, { actor: personId, action: 'api_key.revoked', at, organisationId, details: { keyId, name } });
  });
}

const REFUSALS: Readonly<Record<Exclude<KeyState, 'works'>, string>> = {
  revoked: 'Этот ключ отозван. Новый выпустит руководитель организации.',
  expired: 'Срок этого ключа кончился. Новый выпустит руководитель организации.',
  unanswered:
    'Руководитель, который выпустил этот ключ, больше не руководит организацией. Новый ключ выпустит нынешний.',
};

/**
 * Whose key it is. A key works while whoever made it heads the organisation: a dismissed head may have kept the token. Why a key is
 * refused is left in the request for who knows its secret.
 */
export async function identifySystem(context: Context, request: FastifyRequest): Promise<Actor> {
  const token = readToken(request.headers.authorization);
  if (!token) return { kind: 'anonymous' };
  const { organisationId, keyId } = token;
  const key = await selectApiKey(context.db, organisationId, keyId, today(context));
  if (!key || !isSecret(token.secret, key.secretHash)) return { kind: 'anonymous' };
  const now = context.clock();
  const state = stateOf(key, now);
  if (state !== 'works') {
    request.refusal = REFUSALS[state];
    return { kind: 'anonymous' };
  }
  const recently = new Date(now.getTime() - TOUCH_AFTER);
  if (!key.lastUsedAt || key.lastUsedAt <= recently)
    await touchApiKey(context.db, organisationId, keyId, now, recently);
  return { kind: 'system', organisationId, keyId, madeBy: key.madeBy };
}
