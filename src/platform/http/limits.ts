import { normalizeIP } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { humanOf } from '../access.ts';
import type { Config } from '../config.ts';

/** An address; of IPv6 the whole /64, which one home or one machine has. */
export const addressKey = ({ ip }: Pick<FastifyRequest, 'ip'>): string => normalizeIP(ip);

/** Each person, each key, and each address of those who are neither. */
export function callerKey(request: FastifyRequest): string {
  const { actor } = request;
  if (actor?.kind === 'system') return actor.keyId;
  return (actor && humanOf(actor)?.personId) ?? addressKey(request);
}

/** What costs more than a page, in a minute: parts of what one caller may ask at all. */
export const limitsOf = ({ RATE_LIMIT_PER_MINUTE: all }: Pick<Config, 'RATE_LIMIT_PER_MINUTE'>) => {
  const part = (of: number) => ({ max: Math.ceil(all / of), timeWindow: '1 minute' });
  return {
    /** Beginnings and ends of signing in leave rows; a whole office may sign in from one address. */
    signIn: { ...part(6), keyGenerator: addressKey },
    /** Hints for an address come while it is typed. */
    search: part(5),
    /** Workbooks that come, and files that are made for one request. */
    heavy: part(10),
  };
};
