import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { missingForConfirmed, readClaims, safeReturnTo } from './identity.ts';
import { formatToken, parseToken } from './session.ts';

describe('claims of the identity provider', () => {
  test('odd and missing claims are empty, never an error; СНИЛС keeps its digits alone', () => {
    const claims = readClaims(
      'https://issuer',
      'sub',
      { snils: '112-233-445 95', family_name: 5, organizations: 'x', trusted: 'true' },
      'trusted',
    );
    expect(claims).toMatchObject({ snils: '11223344595', familyName: '', organisations: null, confirmed: true });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (raw) => void readClaims('i', 's', raw, 'trusted')),
    );
  });

  test('an unconfirmed account is told what is missing', () => {
    const person = readClaims('i', 's', {}, 'trusted');
    expect(missingForConfirmed({ ...person, personId: '' as never }).length).toBe(3);
    expect(missingForConfirmed({ ...person, personId: '' as never, confirmed: true })).toEqual([]);
  });
});

test.each(['//evil.test', 'https://evil.test', '/\\evil.test', 'javascript:alert(1)', '', undefined, '/a b'])(
  'after sign-in nobody is sent to %s',
  (path) => expect(safeReturnTo(path)).toBe('/'),
);
test('after sign-in one comes back to the page', () =>
  expect(safeReturnTo('/bills?month=2026-10')).toBe('/bills?month=2026-10'));

test('a session token comes back as it was; other cookies are none', () => {
  const token = {
    personId: '0190a1b2-0000-7000-8000-000000000001',
    sessionId: '0190a1b2-0000-7000-8000-000000000002',
    secret: 'a'.repeat(43),
  };
  expect(parseToken(formatToken(token as never))).toEqual(token);
  for (const cookie of [undefined, '', 'x.y.z', `${token.personId}.${token.sessionId}.short`])
    expect(parseToken(cookie)).toBeNull();
});
