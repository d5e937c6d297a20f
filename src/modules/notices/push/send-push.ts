import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import webpush from 'web-push';
import type { Config } from '../../../platform/config.ts';
import type { PushKeys } from './keys.ts';
import { isPublicEndpoint, lookupPublic } from './public-host.ts';

export interface Subscription {
  endpoint: string;
  p256dh: string;
  auth: string;
}

export type PushOutcome =
  | { kind: 'sent' }
  /** The browser has ended the subscription (RFC 8030, 7.3). */
  | { kind: 'gone' }
  /** A repeat will not help. */
  | { kind: 'refused'; words: string }
  | { kind: 'later'; words: string };

/** What is not delivered within a day is no news; the page says it. */
const TTL_SECONDS = 24 * 3600;
const PATIENCE_MS = 10_000;

type Settings = Pick<Config, 'PUSH_ALLOW_PRIVATE' | 'SUPPORT_EMAIL'>;

/** Sends one encrypted message (RFC 8030, 8188, 8291) signed by our key (RFC 8292). @param topic a repeat takes the place of one that waits */
export async function sendPush(
  config: Settings,
  keys: PushKeys,
  { endpoint, p256dh, auth }: Subscription,
  payload: object,
  topic: string,
): Promise<PushOutcome> {
  if (!config.PUSH_ALLOW_PRIVATE && !isPublicEndpoint(endpoint))
    return { kind: 'refused', words: 'not an address of a push service' };
  let details: webpush.RequestDetails;
  try {
    details = webpush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, JSON.stringify(payload), {
      vapidDetails: { subject: `mailto:${config.SUPPORT_EMAIL}`, ...keys },
      TTL: TTL_SECONDS,
      urgency: 'normal',
      topic,
      contentEncoding: 'aes128gcm',
    });
  } catch (error) {
    return { kind: 'refused', words: `keys of the browser: ${(error as Error).message}` };
  }
  const { status, words } = await post(config, details);
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status === 404 || status === 410) return { kind: 'gone' };
  if (status === 0 || status === 429 || status >= 500) return { kind: 'later', words };
  // A redirect is not followed: it could lead inside.
  return { kind: 'refused', words };
}

/** Status 0 when there was no answer. */
function post(config: Settings, { endpoint, method, headers, body }: webpush.RequestDetails) {
  const url = new URL(endpoint);
  return new Promise<{ status: number; words: string }>((done) => {
    const open = config.PUSH_ALLOW_PRIVATE;
    const send = open && url.protocol === 'http:' ? httpRequest : httpsRequest;
    const request = send(url, {
      method,
      headers: headers as Record<string, string | number>,
      agent: false,
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(open ? {} : { lookup: lookupPublic as never }),
    });
    request.on('error', (error) => done({ status: 0, words: (error as NodeJS.ErrnoException).code ?? error.message }));
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      // Nobody needs what it says, and there may be no end of it.
      response.destroy();
      done({ status, words: `HTTP ${status}` });
    });
    request.end(body);
  });
}
