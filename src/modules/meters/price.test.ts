import { describe, expect, test } from 'vitest';
import type { AccountId } from '../../platform/ids.ts';
import { month } from '../../platform/month.ts';
import type { LastCharges } from '../billing/index.ts';
import { priceOf, priceOfTotal, tariffOf } from './price.ts';

const line = (
  service: string,
  serviceCode: string | null,
  unit: string | null,
  tariff: string,
  volume: string | null = null,
) => ({
  service,
  serviceCode,
  unit,
  tariff,
  volume,
});
const bill = (lines: LastCharges['lines'], period = '2026-10'): LastCharges => ({
  accountId: 'a' as AccountId,
  period: month(period),
  lines,
  reference: [],
});

describe('the tariff of a service', () => {
  test('none without a bill, without its line, or where lines say several things', () => {
    expect(tariffOf('1', 1, [])).toBeNull();
    expect(tariffOf('1', 1, [bill([line('Водоотведение', '3', 'м³', '40')])])).toBeNull();
    expect(tariffOf('1', 1, [bill([line('ХВС', null, 'м³', '40')])])).toBeNull();
    const two = [line('ХВС', '1', 'м³', '40'), line('ХВС, полив', '1', 'м³', '55')];
    expect(tariffOf('1', 1, [bill(two)])).toBeNull();
  });

  test.each(['м³', 'куб. м', 'куб.м.', 'м3'])('in %s, of the newest bill', (unit) => {
    const bills = [
      bill([line('ХВС', '1', unit, '50.93')], '2026-09'),
      bill([line('ХВС', '1', unit, '54.1')], '2026-10'),
    ];
    expect(tariffOf('1', 1, bills)).toEqual({ period: '2026-10', each: ['54.1'] });
  });

  test('in a unit of another kind there is none', () => {
    expect(tariffOf('1', 1, [bill([line('ХВС', '1', 'чел', '300')])])).toBeNull();
  });

  test('of zones of the day, by what the lines call themselves', () => {
    const lines = [
      line('Электроэнергия (ночь)', '4', 'кВт*ч', '3.02'),
      line('Электроэнергия (день)', '4', 'кВт*ч', '8.1'),
    ];
    expect(tariffOf('3', 2, [bill(lines)])?.each).toEqual(['8.1', '3.02']);
    expect(tariffOf('3', 1, [bill(lines)])).toBeNull();
    const three = [line('Полупик', '4', 'кВт·ч', '5'), line('Пик', '4', 'кВт·ч', '9'), line('Ночь', '4', 'кВт·ч', '2')];
    expect(tariffOf('3', 3, [bill(three)])?.each).toEqual(['9', '2', '5']);
    expect(tariffOf('3', 2, [bill([line('Электроэнергия', '4', 'кВт·ч', '6')])])?.each).toEqual(['6', '6']);
  });

  test('of water that is heated: the heat of a m³ as the bill took it', () => {
    const lines = [line('ГВС: вода', '2', 'м³', '50', '2'), line('ГВС: подогрев', '2', 'Гкал', '3000', '0.12')];
    expect(tariffOf('2', 1, [bill(lines)])?.each).toEqual(['230']);
    const unused = [line('ГВС: вода', '2', 'м³', '50', '0'), line('ГВС: подогрев', '2', 'Гкал', '3000', '0')];
    expect(tariffOf('2', 1, [bill(unused)])).toBeNull();
  });
});

describe('the price of a volume', () => {
  const tariff = (...each: string[]) => ({ period: month('2026-10'), each });
  test('is rounded half up once, over all tariffs', () => {
    expect(priceOf(tariff('50.93'), { t1: '4.2', t2: null, t3: null })).toBe(21391n);
    expect(priceOf(tariff('0.015', '0.015'), { t1: '1', t2: '1', t3: null })).toBe(3n);
    expect(priceOf(tariff('0.005'), { t1: '1', t2: null, t3: null })).toBe(1n);
  });
  test('is none below zero, and none of a total of several tariffs', () => {
    expect(priceOf(tariff('10'), { t1: '-1', t2: null, t3: null })).toBeNull();
    expect(priceOfTotal(tariff('10', '5'), '3')).toBeNull();
    expect(priceOfTotal(tariff('10', '10'), '3')).toBe(3000n);
    expect(priceOfTotal(null, '3')).toBeNull();
  });
});
