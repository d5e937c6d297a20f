import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** AES-256-GCM. Another way of sealing gets the next number, and what this one sealed stays readable. */
const VERSION = 1;

/** Seals a secret for the database: version (1), nonce (12), tag (16), text. */
export function seal(key: Buffer, secret: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), text]);
}

/** @throws Error when the sealed bytes were changed or another key made them */
export function unseal(key: Buffer, sealed: Buffer): string {
  if (sealed[0] === VERSION)
    try {
      return open(key, sealed.subarray(1));
    } catch {
      // Up to 0.3 nothing bore a version, and a random byte stood here.
    }
  return open(key, sealed);
}

function open(key: Buffer, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8');
}
