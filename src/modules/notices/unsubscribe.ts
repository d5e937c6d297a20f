import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Config, deriveKey } from '../../platform/config.ts';
import { isUuid, type PersonId } from '../../platform/ids.ts';
import { isNoticeKind, kindOf, type NoticeKindName } from './kinds.ts';

type Keys = Pick<Config, 'SECRET_KEY'>;

/** Letters that were sent when reminders of meters stood alone name this kind so. */
const FORMER: Readonly<Record<string, NoticeKindName>> = { organisation: 'readings_asked' };

/** The signed name of a person's kind of letters: whoever has it may end them, and nothing else. It does not run out: letters are kept for long. */
export const unsubscribeToken = (config: Keys, personId: PersonId, kind: string): string =>
  `${personId}.${kind}.${createHmac('sha256', deriveKey(config, 'reminders')).update(`${personId} ${kind}`).digest('base64url')}`;

/** Null for a token that we did not sign, and for a kind that cannot be ended. */
export function readUnsubscribeToken(config: Keys, token: string): { personId: PersonId; kind: NoticeKindName } | null {
  const [personId = '', name = ''] = token.split('.');
  const kind = FORMER[name] ?? name;
  if (!isUuid(personId) || !isNoticeKind(kind) || !kindOf(kind).optional) return null;
  const expected = Buffer.from(unsubscribeToken(config, personId as PersonId, name));
  const given = Buffer.from(token);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return { personId: personId as PersonId, kind };
}

export const unsubscribeUrl = (
  config: Keys & Pick<Config, 'PUBLIC_URL'>,
  personId: PersonId,
  kind: NoticeKindName,
): string => `${config.PUBLIC_URL}/notices/off?token=${unsubscribeToken(config, personId, kind)}`;
