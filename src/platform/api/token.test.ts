import { expect, test } from 'vitest';
import { type ApiKeyId, newId, type OrganisationId } from '../ids.ts';
import { formatToken, hashOfSecret, isSecret, newSecret, readToken } from './token.ts';

const token = () => ({ organisationId: newId<OrganisationId>(), keyId: newId<ApiKeyId>(), secret: newSecret() });

test.each([
  undefined,
  '',
  'Bearer',
  'Bearer dm_',
  'Basic ZG06ZG0=',
  `Bearer dm_${'я'.repeat(22)}_${'a'.repeat(22)}_${'a'.repeat(43)}`,
  `Bearer dm_${'a'.repeat(22)}_${'a'.repeat(22)}_${'a'.repeat(42)}`,
])('%s is no token', (header) => expect(readToken(header)).toBeNull());

test('a token is read as it was written, whatever letters it has', () => {
  for (let round = 0; round < 200; round += 1) {
    const made = token();
    const text = formatToken(made);
    expect(text).toMatch(/^dm_[\w-]{89}$/);
    expect(readToken(`Bearer ${text}`)).toEqual(made);
    expect(readToken(`bearer  ${text}`)).toEqual(made);
    expect(readToken(text)).toBeNull();
    expect(readToken(`Bearer ${text}x`)).toBeNull();
  }
});

test('only the secret itself matches its hash', () => {
  const { secret } = token();
  expect(isSecret(secret, hashOfSecret(secret))).toBe(true);
  expect(isSecret(newSecret(), hashOfSecret(secret))).toBe(false);
  expect(isSecret(secret, Buffer.alloc(0))).toBe(false);
});
