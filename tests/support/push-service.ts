import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PushReceived {
  path: string;
  headers: IncomingHttpHeaders;
  /** Decrypted. */
  payload: Record<string, string>;
}

/** A browser with a subscription at the service: what it gives to a page, and what it alone can read. */
export interface TestBrowser {
  endpoint: string;
  p256dh: string;
  auth: string;
}

/** A push service that speaks RFC 8030: takes messages of whoever is signed for (RFC 8292), and gives them to its browsers (RFC 8291). */
export class PushService {
  readonly received: PushReceived[] = [];
  /** What it answers to the next messages in place of 201. */
  status = 201;
  url = '';
  private readonly keys = new Map<string, { ecdh: ReturnType<typeof createECDH>; auth: Buffer }>();
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      try {
        checkVapid(String(headers.authorization), this.url);
        if (this.status === 201)
          this.received.push({ path, headers, payload: this.decrypt(path, Buffer.concat(chunks)) });
        response.writeHead(this.status, { location: `${this.url}/message/1` }).end();
      } catch (error) {
        response.writeHead(403).end(String(error));
      }
    });
  });

  async open(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  close = () => new Promise<void>((done) => this.server.close(() => done()));

  subscribe(): TestBrowser {
    const ecdh = createECDH('prime256v1');
    const auth = randomBytes(16);
    const path = `/push/${randomBytes(8).toString('hex')}`;
    this.keys.set(path, { ecdh, auth });
    return { endpoint: this.url + path, p256dh: ecdh.generateKeys('base64url'), auth: auth.toString('base64url') };
  }

  private decrypt(path: string, body: Buffer): Record<string, string> {
    const own = this.keys.get(path);
    if (!own) throw new Error(`no subscription ${path}`);
    const salt = body.subarray(0, 16);
    const keyLength = body[20]!;
    const sender = body.subarray(21, 21 + keyLength);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), own.ecdh.getPublicKey(), sender]);
    const material = Buffer.from(hkdfSync('sha256', own.ecdh.computeSecret(sender), own.auth, info, 32));
    const key = Buffer.from(hkdfSync('sha256', material, salt, 'Content-Encoding: aes128gcm\0', 16));
    const nonce = Buffer.from(hkdfSync('sha256', material, salt, 'Content-Encoding: nonce\0', 12));
    const cipher = createDecipheriv('aes-128-gcm', key, nonce);
    const sealed = body.subarray(21 + keyLength);
    cipher.setAuthTag(sealed.subarray(-16));
    const padded = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
    // The last byte that is not zero ends the text (RFC 8188, 2).
    return JSON.parse(padded.subarray(0, padded.lastIndexOf(2)).toString());
  }
}

/** @throws Error unless the message is signed, for this service, with the key that it names */
function checkVapid(authorization: string, audience: string): void {
  const [, token = '', key = ''] = /^vapid t=([^,]+), *k=([\w-]+)$/.exec(authorization) ?? [];
  const point = Buffer.from(key, 'base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.toString('base64url', 1, 33),
    y: point.toString('base64url', 33, 65),
  };
  const [head = '', body = '', mark = ''] = token.split('.');
  const signature = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' as const };
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  const isSigned = verify('sha256', Buffer.from(`${head}.${body}`), signature, Buffer.from(mark, 'base64url'));
  if (!isSigned || claims.aud !== audience || !String(claims.sub).startsWith('mailto:')) throw new Error('not signed');
}
