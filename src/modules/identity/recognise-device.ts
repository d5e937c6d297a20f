import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sha256 } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { keepCookie, readCookie } from '../../platform/http/cookies.ts';
import { networkOf } from '../../platform/http/network.ts';
import { isUuid, newId, type PersonId } from '../../platform/ids.ts';
import { deviceName, formatDateTime } from '../../ui/index.ts';
import { sendNotice } from '../notices/index.ts';
import type { DeviceId } from './identity.ts';
import { hasDevices, insertDevice, touchDevice } from './queries/devices.ts';

const DEVICE_COOKIE = 'domovoy_device';
/** Browsers keep a cookie no longer, and a device not seen for so long is forgotten here too. */
export const DEVICE_DAYS = 400;
/** A letter may be read after a holiday. */
const ALARM_DAYS = 30;
const ZONE = 'Europe/Moscow';
const SECRET = /^[\w-]{43}$/;
const LONGEST_AGENT = 300;

/** What a request shows of the browser that sends it. */
export interface Browser {
  /** Of the long-lived cookie; null where there is none. Several people may have signed in there. */
  deviceSecret: string | null;
  userAgent: string;
  network: string;
}

export function browserOf(request: FastifyRequest): Browser {
  const secret = readCookie(request, DEVICE_COOKIE) ?? '';
  return {
    deviceSecret: SECRET.test(secret) ? secret : null,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, LONGEST_AGENT),
    network: networkOf(request.ip),
  };
}

export const setDeviceCookie = (reply: FastifyReply, secret: string): void =>
  keepCookie(reply, DEVICE_COOKIE, secret, DEVICE_DAYS * 24 * 3600);

/**
 * Finds the person's device at sign-in, or remembers a new one and tells the person of it by a letter, once. Of the very first device
 * there is nobody to warn.
 */
export async function recogniseDevice(
  context: Context,
  trx: Transaction,
  personId: PersonId,
  browser: Browser,
): Promise<{ deviceId: DeviceId; secret: string }> {
  const at = context.clock();
  const seen = { userAgent: browser.userAgent, network: browser.network, at };
  const secret = browser.deviceSecret ?? randomBytes(32).toString('base64url');
  const secretHash = sha256(secret);
  const known = browser.deviceSecret ? await touchDevice(trx, personId, secretHash, seen) : null;
  if (known) return { deviceId: known, secret };
  const deviceId = newId<DeviceId>();
  const isFirst = !(await hasDevices(trx, personId));
  const alarm = randomBytes(32).toString('base64url');
  await insertDevice(
    trx,
    {
      personId,
      deviceId,
      secretHash,
      alarm: isFirst ? null : { hash: sha256(alarm), until: new Date(at.getTime() + ALARM_DAYS * 24 * 3_600_000) },
    },
    seen,
  );
  if (!isFirst) await tell(context, trx, { personId, deviceId, alarm }, browser);
  return { deviceId, secret };
}

async function tell(context: Context, trx: Transaction, key: Alarm, { userAgent, network }: Browser): Promise<void> {
  await sendNotice(context, trx, {
    kind: 'new_device',
    personId: key.personId,
    object: key.deviceId,
    subject: 'Вход в кабинет с нового устройства',
    content: {
      title: 'Вход с нового устройства',
      paragraphs: ['В ваш личный кабинет вошли с устройства, с которого вы раньше не входили.'],
      facts: [
        { name: 'Когда', value: `${formatDateTime(context.clock(), ZONE)} (мск)` },
        { name: 'Устройство', value: deviceName(userAgent) },
        ...(network ? [{ name: 'Сеть', value: network }] : []),
      ],
      action: {
        label: 'Это не я',
        url: `${context.config.PUBLIC_URL}/not-me/${formatAlarm(key)}`,
        isSecret: true,
      },
      after: [
        'Если это были вы, ничего делать не нужно.',
        'По кнопке откроется страница, где можно завершить все входы сразу. Входить для этого не нужно.',
      ],
    },
  });
}

/** What the link of the letter holds. */
export interface Alarm {
  personId: PersonId;
  deviceId: DeviceId;
  alarm: string;
}

const formatAlarm = ({ personId, deviceId, alarm }: Alarm): string => `${personId}.${deviceId}.${alarm}`;

export function parseAlarm(token: string): Alarm | null {
  const [personId = '', deviceId = '', alarm = '', more] = token.split('.');
  if (!isUuid(personId) || !isUuid(deviceId) || !SECRET.test(alarm) || more !== undefined) return null;
  return { personId: personId as PersonId, deviceId: deviceId as DeviceId, alarm };
}
