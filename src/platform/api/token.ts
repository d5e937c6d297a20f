import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256 } from '../config.ts';
import { type ApiKeyId, isUuid, type OrganisationId } from '../ids.ts';

/** What a system shows: whose it is, which key, and the secret that proves it. */
export interface ApiToken {
  organisationId: OrganisationId;
  keyId: ApiKeyId;
  secret: string;
}

/** 256 bits. Only their hash is kept: a random secret needs no slow hash. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
export const hashOfSecret = (secret: string): Buffer => sha256(secret);
export const isSecret = (secret: string, hash: Buffer): boolean => {
  const own = hashOfSecret(secret);
  return own.length === hash.length && timingSafeEqual(own, hash);
};

/** 16 bytes of a UUID in 22 letters. */
const shorten = (uuid: string): string => Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url');
const lengthen = (text: string): string =>
  Buffer.from(text, 'base64url')
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** The prefix lets scanners of repositories find a token that was committed by mistake. */
export const formatToken = ({ organisationId, keyId, secret }: ApiToken): string =>
  `dm_${shorten(organisationId)}_${shorten(keyId)}_${secret}`;

/** Parts are of fixed length, since base64url has underscores of its own. */
const PATTERN = /^Bearer +dm_([\w-]{22})_([\w-]{22})_([\w-]{43})$/i;

/** Reads `Authorization: Bearer dm_…`. Null when it is no token of ours. */
export function readToken(authorization: string | undefined): ApiToken | null {
  const [, organisation = '', key = '', secret = ''] = PATTERN.exec(authorization ?? '') ?? [];
  const [organisationId, keyId] = [lengthen(organisation), lengthen(key)];
  if (!isUuid(organisationId) || !isUuid(keyId)) return null;
  return { organisationId: organisationId as OrganisationId, keyId: keyId as ApiKeyId, secret };
}
