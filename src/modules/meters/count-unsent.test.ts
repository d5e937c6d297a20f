import { expect, test } from 'vitest';
import type { HouseId, MeterId, OrganisationId } from '../../platform/ids.ts';
import { newId } from '../../platform/ids.ts';
import { type Day, day, month } from '../../platform/month.ts';
import { type DatedRule, rulesOf } from '../../platform/rules/rules.ts';
import { countUnsent, type DeviceTaken } from './count-unsent.ts';

const WINDOW: DatedRule = {
  ruleId: newId(),
  unit: '',
  source: 'Правила 354, п. 31',
  key: 'reading.window',
  scope: 'federal',
  scopeId: '',
  validFrom: day('2020-01-01'),
  validTo: null,
  value: '15..25',
  mark: 'checked',
  mandatory: false,
};
const house = { houseId: newId<HouseId>(), regionCode: '77', oktmo: '45354000' };
const providerId = newId<OrganisationId>();
const device = (given: Partial<DeviceTaken> = {}): DeviceTaken => ({
  meterId: newId<MeterId>(),
  providerId,
  takenFor: null,
  verifyBy: null,
  ...given,
});
const count = (devices: DeviceTaken[], today = '2026-11-20') =>
  countUnsent(rulesOf([WINDOW]), house, devices, today as Day);

test('devices that have a value, and those whose value would not count, are not asked for', () => {
  expect(count([device({ takenFor: month('2026-11') })]).wanted).toBe(0);
  expect(count([device({ verifyBy: '2026-11-19' as Day })])).toEqual({ wanted: 0, devices: 1, until: null });
});

test('the last day of a verification still counts', () => {
  expect(count([device({ verifyBy: '2026-11-20' as Day })])).toEqual({ wanted: 1, devices: 1, until: '2026-11-25' });
});

test('a device of two accounts counts once', () => {
  const one = device();
  expect(count([one, { ...one, providerId: newId<OrganisationId>() }]).wanted).toBe(1);
});

test('nothing is wanted while no window is open', () => {
  expect(count([device()], '2026-11-03')).toEqual({ wanted: 0, devices: 1, until: null });
});
