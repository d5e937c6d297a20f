import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { seal, unseal } from './sealing.ts';

const key = randomBytes(32);

test('what was changed, cut or sealed by another key is refused', () => {
  const sealed = seal(key, 'тайна');
  expect(() => unseal(randomBytes(32), sealed)).toThrow();
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at]! ^= 1;
    expect(() => unseal(key, changed), `byte ${at}`).toThrow();
    expect(() => unseal(key, sealed.subarray(0, at)), `${at} bytes`).toThrow();
  }
});

test('what is sealed bears the version of its cipher; what was sealed before versions is read too', () => {
  // One in 256 of the old ones begins with the number of a version.
  for (let times = 0; times < 1000; times += 1) {
    const sealed = seal(key, 'тайна');
    expect(sealed[0]).toBe(1);
    expect(unseal(key, sealed)).toBe('тайна');
    expect(unseal(key, sealed.subarray(1))).toBe('тайна');
  }
});
