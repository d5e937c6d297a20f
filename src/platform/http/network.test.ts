import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networkOf } from './network.ts';

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:0db8:0001:0002::5', '2001:db8:1::/48'],
  ['2001:db8::5', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['unix', ''],
  ['', ''],
])('%s is of %s', (address, network) => expect(networkOf(address)).toBe(network));

test('the last part of an address is never in its network', () =>
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV6(), (four, six) => {
      expect(networkOf(four)).toMatch(/^\d+\.\d+\.\d+\.0\/24$/);
      if (!six.includes('.')) expect(networkOf(six)).toMatch(/^([0-9a-f]{1,4}:){3}:\/48$/);
    }),
  ));
