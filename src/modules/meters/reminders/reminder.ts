import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Config, deriveKey } from '../../../platform/config.ts';
import { isUuid, type PersonId } from '../../../platform/ids.ts';
import type { ReminderChoiceTable } from '../tables.ts';

export type ReminderKind = ReminderChoiceTable['kind'];

export const REMINDER_KINDS = [
  'readings_before',
  'readings_last_day',
  'verification',
  'organisation',
] as const satisfies readonly ReminderKind[];

/** Calm by default: one letter a month at the most, and only to those who have not sent anything. */
export const WANTED_BY_DEFAULT: Readonly<Record<ReminderKind, boolean>> = {
  readings_before: false,
  readings_last_day: true,
  verification: true,
  organisation: true,
};

export const REMINDER_NAMES: Readonly<Record<ReminderKind, string>> = {
  readings_before: 'Накануне приёма показаний',
  readings_last_day: 'В последний день приёма, если показания не переданы',
  verification: 'Перед окончанием поверки прибора',
  organisation: 'Когда организация просит передать показания',
};

/** The signed name of a person's kind of letters: whoever has it may end them, and nothing else. */
export function unsubscribeToken(config: Config, personId: PersonId, kind: ReminderKind): string {
  const mark = createHmac('sha256', deriveKey(config, 'reminders')).update(`${personId} ${kind}`).digest('base64url');
  return `${personId}.${kind}.${mark}`;
}

/** Null for a token that we did not sign. */
export function readUnsubscribeToken(config: Config, token: string): { personId: PersonId; kind: ReminderKind } | null {
  const [personId = '', name = ''] = token.split('.');
  const kind = REMINDER_KINDS.find((one) => one === name);
  if (!isUuid(personId) || !kind) return null;
  const expected = Buffer.from(unsubscribeToken(config, personId as PersonId, kind));
  const given = Buffer.from(token);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return { personId: personId as PersonId, kind };
}

export const unsubscribeUrl = (config: Config, personId: PersonId, kind: ReminderKind): string =>
  `${config.PUBLIC_URL}/reminders/off?token=${unsubscribeToken(config, personId, kind)}`;
