import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Config, deriveKey } from '../../../platform/config.ts';
import { isUuid, type SupportRequestId } from '../../../platform/ids.ts';

/** A link of a letter opens the request for so long; each letter brings a fresh one. */
const LINK_DAYS = 90;
const DAY = 86_400_000;

const sign = (config: Config, text: string): Buffer =>
  createHmac('sha256', deriveKey(config, 'links of support requests')).update(text).digest();

/** The address by which whoever asked without signing in comes back. Whoever has it reads the request: it goes to their e-mail alone. */
export function linkOf(config: Config, requestId: SupportRequestId, at: Date): string {
  const until = (Math.ceil(at.getTime() / DAY) + LINK_DAYS).toString(36);
  const text = `${requestId}.${until}`;
  return `/support/by-link/${text}.${sign(config, text).toString('base64url')}`;
}

/** Null for what we did not sign and for what has run out. */
export function readLink(config: Config, token: string, at: Date): SupportRequestId | null {
  const [requestId = '', until = '', signature = '', ...more] = token.split('.');
  if (more.length > 0 || !isUuid(requestId)) return null;
  const expected = sign(config, `${requestId}.${until}`);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return Number.parseInt(until, 36) * DAY > at.getTime() ? (requestId as SupportRequestId) : null;
}
