import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { JWK } from 'oidc-provider';
import { writeWhole } from './store.ts';

export interface Keys {
  jwks: { keys: JWK[] };
  cookieKeys: string[];
}

/** Keys made once and kept: tokens and cookies given out before a restart stay good after it. */
export function openKeys(path: string): Keys {
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Keys;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys: Keys = {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'sandbox-1' } as JWK] },
    cookieKeys: [randomBytes(32).toString('base64url')],
  };
  writeWhole(path, JSON.stringify(keys));
  return keys;
}
